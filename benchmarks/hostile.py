"""Hostile files through the whole hub: seconds, memory, and what is said of each.

    python -m benchmarks.hostile                 # 66 made files, and ../shared/samples/nasty
    python -m benchmarks.hostile --seconds 120   # with the limit that a hub has by default
    python -m benchmarks.hostile --only scans.jpg billions.xlsx

A real server and a real worker; each file is uploaded as a teacher does it, and the clock runs
until the hub has nothing more to do with it: text, pages, film. Meanwhile its page is asked for.
The limits beside it are what the hub gives to one file: its seconds, and 1.5 GiB for the process
that reads it.
"""

import argparse
import statistics
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from benchmarks.measuring import goal, tell
from benchmarks.previews import Uploader, is_busy, small_hub
from benchmarks.publication_lag import working
from benchmarks.search_http import Person, served
from resource_hub.files import MACROS, MISNAMED, SENTENCES, Trouble, is_misnamed
from resource_hub.models import (
    Attachment,
    Blob,
    BlobText,
    Job,
    JobState,
    Preview,
    Resource,
    Revision,
)
from resource_hub.models.database import open_database
from tests.files.hostile import HOSTILE
from tests.samples import SAMPLES

LOOK_EVERY = 0.02  # seconds
WORKER_GOAL, WEB_GOAL = 1.6e9, 300e6  # bytes
SECONDS_FOR_PAGES = 60.0


@dataclass(slots=True)
class Peak:
    """What the processes of the web or of the worker took at most, readers of files included.

    Attributes:
        together: All of them at one moment, in bytes; a page that several share counts once (PSS).
        largest: The largest single one, in bytes, with all that it shares (RSS).
    """

    together: int = 0
    largest: int = 0


@dataclass
class Watch:
    """Looks at the memory of the web and of the worker all the time."""

    peaks: dict[str, Peak] = field(default_factory=lambda: {"serve": Peak(), "worker": Peak()})

    @contextmanager
    def watching(self) -> Iterator[None]:
        over = threading.Event()
        thread = threading.Thread(target=self._watch, args=(over,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def forget(self) -> None:
        self.peaks = {role: Peak() for role in self.peaks}

    def _watch(self, over: threading.Event) -> None:
        own = psutil.Process()
        while not over.wait(LOOK_EVERY):
            for child in own.children():
                with suppress(psutil.Error):
                    role = next((role for role in self.peaks if role in child.cmdline()), None)
                    if role is not None:
                        self._look_at(self.peaks[role], child)

    def _look_at(self, peak: Peak, process: psutil.Process) -> None:
        sizes = [memory_of(each.pid) for each in (process, *process.children(recursive=True))]
        peak.together = max(peak.together, sum(shared for shared, _ in sizes))
        peak.largest = max(peak.largest, *(whole for _, whole in sizes))


def memory_of(pid: int) -> tuple[int, int]:
    """A process's share of memory (PSS) and all that it has there (RSS), in bytes; 0 when gone."""
    found = {"Pss:": 0, "Rss:": 0}
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            name, *rest = line.split()
            if name in found:
                found[name] = int(rest[0]) * 1024
    return found["Pss:"], found["Rss:"]


@dataclass(frozen=True)
class Outcome:
    name: str
    seconds: float
    worker: Peak
    web: Peak
    answer: float
    """Seconds that the page of the file took, while the hub was busy with it, at worst."""
    sentence: str


def files(folder: Path | None) -> Iterator[tuple[str, bytes]]:
    """Hostile files by their names: those that others made, then ours."""
    for path in sorted(folder.iterdir()) if folder is not None and folder.is_dir() else ():
        yield path.name, path.read_bytes()
    for name, make in HOSTILE.items():
        yield f"made {name}", make()


def one(
    engine: Engine, teacher: Uploader, person: Person, watch: Watch, name: str, content: bytes
) -> Outcome:
    if not content:
        return Outcome(name, 0, Peak(), Peak(), 0, "refused at once: it is empty")
    watch.forget()
    begin = teacher.send(name, content)
    slowest = 0.0
    while is_busy(engine):
        asked = time.perf_counter()
        status, _page = person.ask("GET", viewer_of(engine, name))
        assert status == 200, f"the page of {name} answers {status}"
        slowest = max(slowest, time.perf_counter() - asked)
        time.sleep(LOOK_EVERY)
    seconds = time.perf_counter() - begin
    status, _page = person.ask("GET", viewer_of(engine, name))
    assert status == 200, f"the page of {name} answers {status}"
    peaks = watch.peaks
    said = sentence(engine, name)
    return Outcome(name, seconds, peaks["worker"], peaks["serve"], slowest, said)


def viewer_of(engine: Engine, name: str) -> str:
    with Session(engine) as session:
        public_id, attachment = session.execute(
            select(Resource.public_id, Attachment.id)
            .join(Attachment.revision)
            .join(Revision.resource)
            .where(Attachment.filename == name)
        ).one()
    return f"/r/{public_id}/view/{attachment}"


def sentence(engine: Engine, name: str) -> str:
    """What the author reads of the file, or what was found where all is well."""
    with Session(engine) as session:
        blob = session.scalars(
            select(Blob)
            .join(Attachment, Attachment.blob_key == Blob.key)
            .where(Attachment.filename == name)
        ).one()
        said = [SENTENCES[Trouble(blob.trouble)]] if blob.trouble else []
        said += [MISNAMED] if is_misnamed(name, blob.format) else []
        said += [MACROS] if blob.macros else []
        preview = session.get(Preview, blob.key)
        if not said and preview is not None and preview.trouble:
            said.append(SENTENCES[Trouble(preview.trouble)])
        letters = session.scalar(
            select(func.length(BlobText.text)).where(BlobText.blob_key == blob.key)
        )
        if said:
            return " ".join(said)
        picture = ", a picture" if blob.thumbnail_key else ""
        return f"nothing amiss: {blob.format}, {letters or 0} characters{picture}"


def set_aside(engine: Engine) -> Mapping[str, str]:
    with Session(engine) as session:
        rows = session.scalars(select(Job).where(Job.state == JobState.SET_ASIDE))
        return {f"{job.kind} {job.subject}": job.error or "" for job in rows}


def measured(data: Path, hostile: Iterable[tuple[str, bytes]], *, seconds: int) -> None:
    settings = small_hub(data)
    limits = f"HUB_FILE_SECONDS={seconds}\nHUB_MAX_FILES=1000\n"
    (data / ".env").write_text(limits, encoding="ascii")
    engine, watch, outcomes = open_database(settings.database_url), Watch(), []
    with working(settings), served(settings) as (host, port), watch.watching():
        person = Person(host, port)
        person.sign_in("teacher1")
        teacher = Uploader(person)
        processes = {child.pid for child in psutil.Process().children(recursive=True)}
        print(f"{'file':46} {'seconds':>8} {'worker':>8} {'web':>8} {'page':>7}  said")
        for name, content in hostile:
            outcome = one(engine, teacher, person, watch, name, content)
            outcomes.append(outcome)
            print(
                f"{outcome.name[:46]:46} {outcome.seconds:7.1f}s"
                f" {outcome.worker.together / 1e6:5.0f} MB"
                f" {outcome.web.together / 1e6:5.0f} MB {outcome.answer * 1000:4.0f} ms"
                f"  {outcome.sentence[:90]}",
                flush=True,
            )
        gone = processes - {child.pid for child in psutil.Process().children(recursive=True)}
        aside = set_aside(engine)
    engine.dispose()
    report(outcomes, gone=len(gone), aside=aside, seconds=seconds)


def report(outcomes: list[Outcome], *, gone: int, aside: Mapping[str, str], seconds: int) -> None:
    for what, error in aside.items():
        tell(f"set aside: {what}: {error}")
    print(f"\n{len(outcomes)} files")
    goal("processes of web or worker that died", gone, 0, unit="")
    goal("jobs that failed", len(aside), 0, unit="")
    goal("without a sentence", sum(not each.sentence for each in outcomes), 0, unit="")
    # Text and pages are two orders, the second with a limit of its own.
    patience = seconds + SECONDS_FOR_PAGES + 10
    goal("longest", max(each.seconds for each in outcomes), patience, unit=" s")
    goal("median", statistics.median(each.seconds for each in outcomes), 2.0, unit=" s")
    for role, most in (("worker", WORKER_GOAL), ("web", WEB_GOAL)):
        peaks = [each.worker if role == "worker" else each.web for each in outcomes]
        together, largest = (
            max(peak.together for peak in peaks),
            max(peak.largest for peak in peaks),
        )
        goal(f"all processes of the {role} (PSS)", together / 1e6, most / 1e6, unit=" MB")
        goal(f"largest process of the {role} (RSS)", largest / 1e6, most / 1e6, unit=" MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--seconds", type=int, default=10, help="for one file; default: %(default)s"
    )
    parser.add_argument("--folder", type=Path, default=SAMPLES / "nasty", help="more hostile files")
    parser.add_argument("--only", nargs="+", metavar="WORD", help="files with this in their names")
    chosen = parser.parse_args()
    hostile = (
        (name, content)
        for name, content in files(chosen.folder)
        if chosen.only is None or any(word in name for word in chosen.only)
    )
    with tempfile.TemporaryDirectory() as data:
        measured(Path(data), hostile, seconds=chosen.seconds)


if __name__ == "__main__":
    main()
