"""The process that opens files of strangers: first it limits itself, then it reads file by file."""

import json
import os
import resource
import signal
import sys
import threading
from pathlib import Path
from queue import SimpleQueue

from resource_hub.files.facts import Facts, Trouble
from resource_hub.files.inspection import inspect_in_steps
from resource_hub.files.types import TYPES
from resource_hub.files.wire import pack

READY = b"ready\n"


def main() -> None:
    """Answer each line of standard input (JSON: path, name) on standard output, until it ends.

    Arguments: the memory limit in bytes, the seconds that one file may take.
    """
    memory, seconds = int(sys.argv[1]), int(sys.argv[2])
    answers = _keep_answers_to_ourselves()
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # nothing here writes files
    signal.signal(signal.SIGALRM, signal.SIG_DFL)  # whatever the parent did with it
    orders: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_listen, args=(orders,), daemon=True).start()
    _write(answers, READY)
    while True:
        order = json.loads(orders.get())
        # The parent ends us sooner; should it be gone, the kernel does so, whatever code runs.
        signal.alarm(seconds + 5)
        _answer(answers, Path(order["path"]), order["name"])
        signal.alarm(0)


def _keep_answers_to_ourselves() -> int:
    """Move standard output away, so that no library can write into our answers."""
    answers = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    return answers


def _listen(orders: "SimpleQueue[bytes]") -> None:
    """Hand on what comes, and end the process when the parent is gone, even in mid-file."""
    for line in sys.stdin.buffer:
        orders.put(line)
    os._exit(0)


def _answer(answers: int, path: Path, name: str) -> None:
    last = Facts(TYPES["other"], trouble=Trouble.DAMAGED)
    try:
        for last in inspect_in_steps(path, name):
            _write(answers, pack(last, final=False))
    except OSError:
        pass  # removed a moment ago; the parent looked before it asked
    _write(answers, pack(last, final=True))


def _write(answers: int, message: bytes) -> None:
    rest = memoryview(message)
    while rest:
        rest = rest[os.write(answers, rest) :]


if __name__ == "__main__":
    main()
