"""How other pages answer while a hundred uploads have stalled in the middle.

    python -m benchmarks.stalled_uploads

Half of the senders stall in a PATCH, half in a plain form. Beside it: the same pages with nobody
else there.
"""

import socket
import time
from contextlib import ExitStack

from benchmarks.filled_hub import filled_hub
from benchmarks.measuring import arguments, folder, goal, p95, tell
from benchmarks.search_http import Person, served
from benchmarks.uploading_lines import Draft, new_draft, share_of_memory
from config import MIB

PAGES = ("/", "/browse/subject", "/my", "/submit", "/help")
SENT = 100_000
"""Bytes that each sender sends before it falls silent."""


def stall(draft: Draft, address: tuple[str, int], number: int) -> socket.socket:
    """Open an upload of 10 MiB, or a form of that size, send a little, and stop."""
    line = socket.create_connection(address)
    if number % 2:
        path = draft.begin(f"{number}.mp4", 10 * MIB)
        line.sendall(draft.patch(path, 0, 10 * MIB))
    else:
        cookies = "; ".join(f"{name}={value}" for name, value in draft.person.cookies.items())
        line.sendall(
            f"POST /submit/{draft.id}/files HTTP/1.1\r\nHost: hub\r\nCookie: {cookies}\r\n"
            f"X-CSRFToken: {draft.token}\r\nContent-Length: {10 * MIB}\r\n"
            "Content-Type: multipart/form-data; boundary=x\r\n\r\n"
            '--x\r\nContent-Disposition: form-data; name="files"; filename="a.mp4"\r\n\r\n'.encode()
        )
    line.sendall(bytes(SENT))
    return line


def times_of_pages(person: Person, rounds: int) -> list[float]:
    """Milliseconds of each page, on a new connection each time."""
    times = []
    for _ in range(rounds):
        for path in PAGES:
            begin = time.perf_counter()
            status, _page = person.ask("GET", path)
            times.append((time.perf_counter() - begin) * 1_000)
            assert status == 200, path
            person.rest()
    return times


def main() -> None:
    parser = arguments(__doc__.splitlines()[0], documents="1000")
    parser.add_argument("--stalled", type=int, default=100, help="how many senders")
    parser.add_argument("--rounds", type=int, default=40, help="how often each page is asked")
    chosen = parser.parse_args()
    with folder(chosen.keep) as path:
        settings = filled_hub(path / "hub", int(chosen.documents))
        with served(settings) as address, share_of_memory() as share, ExitStack() as lines:
            reader = Person(*address)
            reader.sign_in("teacher2")
            times_of_pages(reader, 3)
            alone = times_of_pages(reader, chosen.rounds)
            sender = Person(*address)
            sender.sign_in("teacher1")
            drafts = [new_draft(sender) for _ in range(chosen.stalled // 20 + 1)]
            for number in range(chosen.stalled):
                lines.enter_context(stall(drafts[number // 20], address, number))
            tell(f"{chosen.stalled} uploads have stalled")
            beside = times_of_pages(reader, chosen.rounds)
    print(f"pages alone: p95 {p95(alone):.0f} ms; beside stalled uploads: p95 {p95(beside):.0f} ms")
    print(f"memory of a web process: {share.peak / 1_000_000:.0f} MB")
    goal(f"p95 beside {chosen.stalled} stalled uploads", p95(beside), 100, unit=" ms")


if __name__ == "__main__":
    main()
