"""A process takes away its own right to the network, to files, and to more that it needs not.

Linux only, by system calls through ctypes; nothing here needs to be root. What the kernel does not
know is left out, and ``confine`` says what holds. Run as a program, by its path, it supervises
a long run for ``bounded``; standard library alone, so that it is there in hundredths of a second.
"""

import ctypes
import errno
import os
import platform
import resource
import signal
import stat
import struct
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
_PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 22, 38
_FILTER_MODE = 2
_LOCAL = 1  # AF_UNIX
_NICE = 10  # pages go before pictures of pages
_BY_SIGNAL, _NO_PROGRAM = 128, 127  # exit codes, as shells have them

# Commands of the kernel's packet filter, in which system calls are judged.
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM
_NUMBER, _MACHINE, _FIRST_ARGUMENT = 0, 4, 16  # offsets of what is judged
_FOREIGN = 0x40000000  # numbers from here on are a second table of system calls on x86-64

# Landlock, which locks a process into folders: system calls, the same on all machines, and rights.
_NEW_RULES, _ADD_RULE, _OBEY_RULES = 444, 445, 446
_ASK_VERSION, _BENEATH = 1, 1
_RUN, _WRITE, _READ, _LIST, _CUT = 1 << 0, 1 << 1, 1 << 2, 1 << 3, 1 << 14
_OF_FILES = _RUN | _WRITE | _READ | _CUT
_FIRST_RIGHTS = 13
_SOCKET = 1 << 5 | 1 << 9  # to make one, and to remove it
_MOVE_SINCE, _CUT_SINCE, _SIGNALS_SINCE = 2, 3, 6
_NO_SIGNALS = 1 << 1  # to processes outside

SYSTEM = (
    "/usr", "/lib", "/lib32", "/lib64", "/bin", "/sbin",
    "/etc/fonts", "/etc/ld.so.cache", "/etc/libreoffice", "/etc/localtime",
    "/var/lib/libreoffice", "/var/spool/libreoffice", "/var/cache/fontconfig",
    "/dev/null", "/dev/zero", "/dev/random", "/dev/urandom", "/sys/devices/system/cpu",
)  # fmt: skip
"""What any program reads, and where no school keeps anything of its own."""
SOCKETS = ("/tmp", "/var/tmp")  # noqa: S108 - LibreOffice wants one there, and asks nobody where
_NOWHERE = "/dev/null"


@dataclass(frozen=True, slots=True)
class _Calls:
    """The numbers that a kind of machine gives to system calls."""

    machine: int
    socket: int
    start: tuple[int, ...]
    others: tuple[int, ...]


_CALLS = {
    # socket; execve, execveat; connect (a database may listen on a local socket), setpgid and
    # setsid (who leaves the group is not killed with it), ptrace, process_vm_readv,
    # process_vm_writev, pidfd_send_signal, io_uring_setup (it opens sockets without the call
    # above), bpf, keyctl, userfaultfd
    "x86_64": _Calls(
        0xC000003E, 41, (59, 322), (42, 109, 112, 101, 310, 311, 424, 425, 321, 250, 323)
    ),
    "aarch64": _Calls(
        0xC00000B7, 198, (221, 281), (203, 154, 157, 117, 270, 271, 424, 425, 280, 219, 282)
    ),
}


@dataclass(frozen=True, slots=True)
class Confined:
    """What holds for this process from now on, and for all that it starts.

    Attributes:
        filtered: The kernel refuses to open a socket (but for local ones, where allowed).
        own_network: There is a network of its own, with nobody in it.
    """

    filtered: bool
    own_network: bool


def confine(*, local_sockets: bool, programs: bool) -> Confined:
    """Leave the network for good; call it while there is one thread only.

    Args:
        local_sockets: Whether sockets in the file system may be opened; LibreOffice needs them.
        programs: Whether other programs may be started.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    alone = _leave_network(libc)
    return Confined(_filter(libc, local_sockets=local_sockets, programs=programs), alone)


def locks_files() -> bool:
    """Whether this kernel can lock a process into folders: Linux 5.13 or newer, with Landlock."""
    return _lock_version(ctypes.CDLL(None, use_errno=True)) > 0


def lock_in(readable: Sequence[str], writable: Sequence[str] = ()) -> bool:
    """From now on this process and all that it starts open no file but these; False where they can.

    Call it while there is one thread only, and before the sockets are gone.

    Args:
        readable: Files, and folders with all that is in them, besides ``SYSTEM``. The folders that
            such folders lie in may be listed: Python looks for its modules so.
        writable: Folders in which everything may be done.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    version = _lock_version(libc)
    if version <= 0:
        return False
    rights = (1 << _FIRST_RIGHTS) - 1
    rights |= 1 << _FIRST_RIGHTS if version >= _MOVE_SINCE else 0
    rights |= _CUT if version >= _CUT_SINCE else 0
    signals = version >= _SIGNALS_SINCE
    wanted = struct.pack("=QQQ", rights, 0, _NO_SIGNALS) if signals else struct.pack("=Q", rights)
    rules = libc.syscall(_NEW_RULES, wanted, len(wanted), 0)
    if rules < 0:
        return False
    try:
        for path in (*SYSTEM, *readable):
            _allow(libc, rules, path, rights & (_RUN | _READ | _LIST))
        for path in filter(os.path.isdir, readable):
            _allow(libc, rules, str(Path(path).parent), _LIST)
        for path in (*writable, _NOWHERE):
            _allow(libc, rules, path, rights)
        for path in SOCKETS:
            _allow(libc, rules, path, _SOCKET)
        if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
            return False
        return bool(libc.syscall(_OBEY_RULES, rules, 0) == 0)
    finally:
        os.close(rules)


def _lock_version(libc: ctypes.CDLL) -> int:
    return int(libc.syscall(_NEW_RULES, None, 0, _ASK_VERSION))


def _allow(libc: ctypes.CDLL, rules: int, path: str, rights: int) -> None:
    """Nothing is allowed of what is not there."""
    with suppress(OSError):
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            if not stat.S_ISDIR(os.fstat(place).st_mode):
                rights &= _OF_FILES
            libc.syscall(_ADD_RULE, rules, _BENEATH, struct.pack("=Qi", rights, place), 0)
        finally:
            os.close(place)


def die_first() -> None:
    """When the machine runs out of memory, the kernel shall end this process before others."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def _leave_network(libc: ctypes.CDLL) -> bool:
    if libc.unshare(_NEW_NETWORK) == 0:
        return True
    user, group = os.getuid(), os.getgid()
    if libc.unshare(_NEW_USER | _NEW_NETWORK) != 0:
        return False  # in most containers
    with suppress(OSError):
        Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1", encoding="ascii")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1", encoding="ascii")
    return True


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))


def _filter(libc: ctypes.CDLL, *, local_sockets: bool, programs: bool) -> bool:
    calls = _CALLS.get(platform.machine())
    if calls is None:
        return False
    steps = _steps(calls, local_sockets=local_sockets, programs=programs)
    program = _Program(len(steps), b"".join(steps))
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(_PR_SET_SECCOMP, _FILTER_MODE, ctypes.byref(program)) == 0)


def _steps(calls: _Calls, *, local_sockets: bool, programs: bool) -> list[bytes]:
    refused = calls.others + (() if programs else calls.start)
    if not local_sockets:
        refused += (calls.socket,)
    # After these: [socket of which family?,] allow, refuse.
    tail = [_step(_RETURN, _ALLOW), _step(_RETURN, _REFUSE)]
    if local_sockets:
        tail = [
            _step(_EQUAL, calls.socket, no=2),
            _step(_LOAD, _FIRST_ARGUMENT),
            _step(_EQUAL, _LOCAL, no=1),
            *tail,
        ]
    judged = [_step(_LOAD, _MACHINE), _step(_EQUAL, calls.machine, yes=1), tail[-1]]
    judged += [_step(_LOAD, _NUMBER)]
    rest = len(refused)
    judged += [_step(_AT_LEAST, _FOREIGN, yes=rest + len(tail) - 1)]
    for done, number in enumerate(refused, start=1):
        judged += [_step(_EQUAL, number, yes=rest - done + len(tail) - 1)]
    return judged + tail


def _step(command: int, value: int, *, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("=HBBI", command, yes, no, value)


def supervise() -> int:
    """Limit a program, wait for it, and end with the hub; returns its exit code as a shell does.

    Arguments: seconds of work, bytes of memory, bytes of one file, how many places may be read,
    those places, then the command. It may write in the folder that it is started in. Standard input
    is a pipe that the hub holds open: when it closes, the hub is gone, and so is the whole group.
    """
    seconds, memory, file_bytes, places = (int(argument) for argument in sys.argv[1:5])
    readable, command = sys.argv[5 : 5 + places], sys.argv[5 + places :]
    die_first()
    os.nice(_NICE)
    os.umask(0o077)
    lock_in(readable, [str(Path.cwd())])
    confine(local_sockets=True, programs=True)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    child = os.fork()
    if child == 0:
        _become(command)
    threading.Thread(target=_end_with_the_hub, daemon=True).start()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return code if code >= 0 else _BY_SIGNAL - code


def _become(command: list[str]) -> None:
    """Turn into ``command``, whose standard input is empty; does not return."""
    try:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.execvp(command[0], command)  # noqa: S606 - what the hub asked for, without a shell
    except OSError as error:
        os.write(2, f"{command[0]}: {error.strerror}\n".encode())
    finally:
        os._exit(_NO_PROGRAM)


def _end_with_the_hub() -> None:
    while os.read(0, 1):
        pass
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(supervise())
