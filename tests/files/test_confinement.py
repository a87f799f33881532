"""What a process may not do any more once it has confined itself."""

import subprocess
import sys
from pathlib import Path

from resource_hub.files import confinement

TRY = """
import ctypes, importlib.util, os, socket, sys
found = importlib.util.spec_from_file_location("confinement", sys.argv[1])
module = importlib.util.module_from_spec(found)
sys.modules["confinement"] = module
found.loader.exec_module(module)
if "filter" not in sys.argv:
    module._CALLS.clear()
if "network" not in sys.argv:
    module._leave_network = lambda libc: False
print(module.confine(local_sockets="local" in sys.argv, programs="programs" in sys.argv))
def tried(what, do):
    try:
        do()
    except OSError as error:
        print(what, error.strerror)
    else:
        print(what, "yes")
tried("net", lambda: socket.socket().connect(("127.0.0.1", 9)))
tried("local", lambda: socket.socket(socket.AF_UNIX))
tried("pair", lambda: socket.socketpair())
tried("read", lambda: open("/proc/self/status").read())
tried("program", lambda: os.execv("/bin/echo", ["echo", "program yes"]))
"""


def said(*words: str) -> list[str]:
    ran = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-u", "-c", TRY, str(Path(confinement.__file__)), *words],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return ran.stdout.splitlines()


def test_the_reader_of_files_opens_no_socket_and_starts_no_program() -> None:
    no = "Operation not permitted"
    assert said("filter") == [
        "Confined(filtered=True, own_network=False)",
        f"net {no}",
        f"local {no}",
        "pair yes",
        "read yes",
        f"program {no}",
    ]


def test_a_long_program_may_use_local_sockets_and_other_programs() -> None:
    assert said("filter", "local", "programs") == [
        "Confined(filtered=True, own_network=False)",
        "net Operation not permitted",
        "local yes",
        "pair yes",
        "read yes",
        "program yes",
    ]


def test_where_the_kernel_filters_nothing_the_network_is_empty() -> None:
    """On other machines than x86-64 and ARM; needs a kernel that gives out networks."""
    first, *rest = said("network")
    if first == "Confined(filtered=False, own_network=True)":
        assert rest[0] == "net Network is unreachable"
