"""One large file by tus over loopback, beside reading, hashing and writing it on the same disk.

    python -m benchmarks.upload --gib 2

The bare run reads the file, computes its SHA-256, writes it and calls fsync once. Ours does that
behind HTTP, with an fsync, a row in the database and an answer after every 16 MiB.
"""

import hashlib
import os
import socket
import time
from pathlib import Path

from benchmarks.filled_hub import filled_hub
from benchmarks.measuring import arguments, folder, goal, tell
from benchmarks.search_http import Person, served
from benchmarks.uploading_lines import new_draft, send_file, share_of_memory

CHUNK = 16 << 20
PIECE = 1 << 20


def make_file(path: Path, size: int) -> None:
    """Bytes that no disk can make smaller, quickly."""
    block = os.urandom(16 << 20)
    with path.open("wb") as file:
        for number in range(size // len(block)):
            file.write(number.to_bytes(8, "big") + block[8:])
        file.flush()
        os.fsync(file.fileno())


def bare(source: Path, target: Path) -> tuple[str, float]:
    """SHA-256 and seconds of reading, hashing, writing and one fsync."""
    begin = time.perf_counter()
    digest = hashlib.sha256()
    with source.open("rb") as reading, target.open("wb") as writing:
        while piece := reading.read(PIECE):
            digest.update(piece)
            writing.write(piece)
        writing.flush()
        os.fsync(writing.fileno())
    seconds = time.perf_counter() - begin
    target.unlink()
    return digest.hexdigest(), seconds


def main() -> None:
    parser = arguments(__doc__.splitlines()[0], documents="100")
    parser.add_argument("--gib", type=float, default=2.0, help="size of the file")
    parser.add_argument("--runs", type=int, default=2, help="the best of so many, in turns")
    chosen = parser.parse_args()
    size = int(chosen.gib * (1 << 30)) // CHUNK * CHUNK
    with folder(chosen.keep) as path:
        settings = filled_hub(path / "hub", int(chosen.documents))
        film = path / "film.bin"
        make_file(film, size)
        theirs, ours, peak = [], [], 0
        with served(settings) as (host, port):
            person = Person(host, port)
            person.sign_in("teacher1")
            for _run in range(chosen.runs):
                key, seconds = bare(film, path / "bare.bin")
                theirs.append(seconds)
                tell(f"bare: {seconds:.2f} s")
                person.rest()  # the server has hung up meanwhile
                draft = new_draft(person)
                begin = time.perf_counter()
                upload = draft.begin("film.bin", size)
                with share_of_memory() as share, socket.create_connection((host, port)) as line:
                    send_file(draft, line, upload, film, chunk=CHUNK)
                ours.append(time.perf_counter() - begin)
                tell(f"by tus: {ours[-1]:.2f} s")
                peak = max(peak, share.peak)
                stored = settings.data / "blobs" / key[:2] / key
                assert stored.stat().st_size == size
                stored.unlink()
        film.unlink()
    print(f"{size / (1 << 30):.2f} GiB: bare {min(theirs):.2f} s, by tus {min(ours):.2f} s")
    goal("speed beside read + SHA-256 + write + fsync", min(theirs) / min(ours), 0.7, least=True)
    goal("memory of a web process", peak / 1_000_000, 150, unit=" MB")


if __name__ == "__main__":
    main()
