"""The child process of ``analysts``: documents in, entries out, until there are no more."""

import os
import pickle
import sys
from queue import SimpleQueue
from threading import Thread

from search_index import analysts  # noqa: F401 - says how documents and entries travel
from search_index.base import IndexDocument
from search_index.fields import entry_of

_POLITE = 10  # a rebuild has time; whoever is searching has not


def main() -> None:
    """Read ahead in a thread: the parent must never wait to write while we wait to be read."""
    os.nice(_POLITE)
    batches: SimpleQueue[list[IndexDocument] | None] = SimpleQueue()
    Thread(target=_read, args=(batches,), daemon=True).start()
    while (batch := batches.get()) is not None:
        pickle.dump([entry_of(document) for document in batch], sys.stdout.buffer)
        sys.stdout.buffer.flush()


def _read(batches: "SimpleQueue[list[IndexDocument] | None]") -> None:
    while True:
        try:
            batches.put(pickle.load(sys.stdin.buffer))  # noqa: S301 - our parent wrote it
        except EOFError:
            batches.put(None)
            return


if __name__ == "__main__":
    main()
