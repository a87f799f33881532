"""The process that opens files of strangers: first it limits itself, then it takes its orders."""

import json
import os
import resource
import signal
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from resource_hub.files.answers import Answer, End, write_message
from resource_hub.files.confinement import confine, die_first
from resource_hub.files.guard import is_our_own, trouble_of
from resource_hub.files.orders import ORDERS

READY = b"ready\n"
_GRACE = 5  # seconds


def main() -> None:
    """Answer each line of standard input (JSON: order, path, arguments, seconds), until it ends.

    Argument: the memory limit in bytes.
    """
    memory = int(sys.argv[1])
    answers = _keep_answers_to_ourselves()
    die_first()
    confined = confine(local_sockets=False, programs=False)
    if not (confined.filtered or confined.own_network):
        sys.stderr.write("This kernel cannot keep the reader of files from the network.\n")
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # nothing here writes files
    signal.signal(signal.SIGALRM, signal.SIG_DFL)  # whatever the parent did with it
    orders: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_listen, args=(orders,), daemon=True).start()
    _write(answers, READY)
    while True:
        said = json.loads(orders.get())
        _carry_out(
            answers, said["order"], Path(said["path"]), said["arguments"], seconds=said["seconds"]
        )


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


def _carry_out(
    answers: int,
    order: str,
    path: Path,
    arguments: Mapping[str, Any],  # Any: JSON has no types
    *,
    seconds: int,
) -> None:
    carry_out, end = ORDERS[order], End()
    # The parent ends us sooner; should it be gone, the kernel does so, whatever code runs.
    signal.alarm(seconds + _GRACE)
    try:
        for answer in carry_out(path, arguments):
            signal.alarm(0)  # the parent may be busy with what it got before
            _say(answers, answer)
            signal.alarm(seconds + _GRACE)
    except BrokenPipeError:
        os._exit(0)  # nobody listens any more
    except BaseException as error:
        if isinstance(error, OSError) and is_our_own(error):
            end = End(errno=error.errno or 0)
        elif trouble := trouble_of(error):
            end = End(trouble)
        else:
            raise
    signal.alarm(0)
    _say(answers, end)


def _say(answers: int, said: Answer | End) -> None:
    _write(answers, write_message(said))


def _write(answers: int, message: bytes) -> None:
    rest = memoryview(message)
    while rest:
        rest = rest[os.write(answers, rest) :]


if __name__ == "__main__":
    main()
