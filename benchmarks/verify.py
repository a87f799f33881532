"""How fast ``hub verify`` reads and hashes, beside ``sha256sum`` over the same files.

    python -m benchmarks.verify --gigabytes 3 --keep /tmp/benchmarks

The files are made once: 60 % of the bytes in films of 300 MB, 30 % in slides of 5 MB
and 10 % in papers of 200 kB, each attached to a draft. Both read them from memory (a warm cache),
in turns, each as a whole command with its start; the best of three. The limit is what one and two
threads of ``hashlib`` do on bytes in memory.
"""

import argparse
import hashlib
import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy.orm import Session

from benchmarks.measuring import folder, goal, tell
from resource_hub.edge.current import utc_now
from resource_hub.edge.migrating import upgrade
from resource_hub.models import Attachment, Blob
from resource_hub.models.database import WRITING, open_database
from resource_hub.services.unit_of_work import UnitOfWork
from storage import LocalStorage
from tests.conftest import SHANGHAI
from tests.given import NOON, Given

ROOT = Path(__file__).resolve().parents[1]
SIZES = ((300_000_000, 0.6), (5_000_000, 0.3), (200_000, 0.1))
"""Bytes of a file, and its share of all bytes."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gigabytes", type=float, default=3.0)
    parser.add_argument("--keep", type=Path, help="folder in which the hub stays")
    parser.add_argument("--runs", type=int, default=3)
    chosen = parser.parse_args()
    with folder(chosen.keep) as path:
        data = path / f"verify-{chosen.gigabytes:g}"
        if not (data / "made").exists():
            make(data, int(chosen.gigabytes * 1e9))
        files = sorted((data / "blobs").glob("??/*"))
        size = sum(file.stat().st_size for file in files)
        ours, theirs = [], []
        for number in range(chosen.runs + 1):
            tell(f"run {number} of {chosen.runs}")  # the first one warms the cache
            theirs.append(seconds(lambda: sha256sum(files)))
            ours.append(seconds(lambda: verify(data, len(files))))
    one, two = bare(1), bare(2)
    best, peer = size / min(ours[1:]), size / min(theirs[1:])
    print(f"{len(files)} files, {size / 1e9:.2f} GB; best of {chosen.runs}")
    for name, rate in (
        ("hub verify, two threads, whole command", best),
        ("sha256sum, whole command", peer),
        ("hashlib on bytes in memory, one thread", one),
        ("hashlib on bytes in memory, two threads", two),
    ):
        print(f"{name:42}{rate / 1e6:8.0f} MB/s")
    goal("hub verify / sha256sum", best / peer, 0.8, least=True)


def make(data: Path, total: int) -> None:
    """A hub whose drafts hold so many bytes."""
    data.mkdir(parents=True, exist_ok=True)
    hub(data, "init")
    storage = LocalStorage(data / "blobs")
    engine = open_database(f"sqlite:///{data / 'hub.db'}")
    upgrade(engine)
    with Session(engine) as session:
        session.connection(execution_options={WRITING: True})
        given = Given(session, UnitOfWork(session, utc_now, SHANGHAI), storage)
        author = given.teacher(school=given.home(), account="bench")
        draft = given.draft(by=author)
        for number, content in enumerate(contents(total)):
            blob = storage.put(io.BytesIO(content))
            session.add(
                Blob(key=blob.key, size=blob.size, format="bin", media_type="application/x-bench",
                     family="other", created_at=NOON, inspected_at=NOON)
            )  # fmt: skip
            session.flush()
            session.add(
                Attachment(revision_id=draft.id, blob_key=blob.key, filename=f"{number}.bin",
                           position=number, created_at=NOON)
            )  # fmt: skip
        session.commit()
    engine.dispose()
    (data / "made").touch()


def contents(total: int) -> Iterator[bytes]:
    for size, share in SIZES:
        for _ in range(max(1, round(total * share / size))):
            yield os.urandom(size)


def seconds(act: Callable[[], object]) -> float:
    begin = time.perf_counter()
    act()
    return time.perf_counter() - begin


def sha256sum(files: list[Path]) -> None:
    names = "\0".join(str(file) for file in files).encode()
    command = ["xargs", "-0", "sha256sum"]  # no command line is long enough for all names
    subprocess.run(command, input=names, stdout=subprocess.DEVNULL, check=True)  # noqa: S603 - as written here


def verify(data: Path, number: int) -> None:
    found = json.loads(hub(data, "verify", "--anew", "--json"))
    if (found["files"], found["faults"]) != (number, 0):
        raise SystemExit(f"not what was made: {found}")


def hub(data: Path, *words: str) -> str:
    command = [sys.executable, "-m", "resource_hub.entry", *words]
    environment = os.environ | {"HUB_DATA": str(data), "HUB_LANGUAGE": "en"}
    done = subprocess.run(  # noqa: S603 - a command of ours
        command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout


def bare(threads: int) -> float:
    """Bytes a second of so many threads, each over the same gigabyte."""
    block, times = os.urandom(1 << 20), 1_000

    def work(_number: int) -> None:
        digest = hashlib.sha256()
        for _ in range(times):
            digest.update(block)

    with ThreadPoolExecutor(threads) as pool:
        spent = seconds(lambda: list(pool.map(work, range(threads))))
    return threads * times * len(block) / spent


if __name__ == "__main__":
    main()
