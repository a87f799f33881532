"""Publishing an issue of 500 entries, with all its files in both editions and both scripts.

    python -m benchmarks.publish_issue --documents 500 --keep /tmp/benchmarks

Measured is what an editor waits for after pressing "publish": the issue is built afresh, frozen,
and the worker's job writes every file and notes it. The peer is typst alone setting the same
entries once for each PDF that is to be read on a screen; the physical limit is reading the pictures
and writing and syncing as many bytes as the files have.
"""

import os
import random
import tempfile
import time
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from benchmarks.catalogue_formats import bare, preview, timed
from benchmarks.filled_hub import filled_hub
from benchmarks.measuring import arguments, folder, goal, tell
from config import Settings
from resource_hub.app import create_app
from resource_hub.domain.catalogue import IssueEdition, Month
from resource_hub.domain.review import OPERATOR
from resource_hub.domain.visibility import PUBLIC, Audience
from resource_hub.edge.current import hub, reading, writing
from resource_hub.edge.issue_words import data_of
from resource_hub.jobs.handlers import HANDLERS
from resource_hub.jobs.tools import Tools
from resource_hub.models import Alliance, Artefact, Attachment, Blob, Issue, Resource, Revision
from resource_hub.models.database import WRITING, open_database
from resource_hub.services import catalogue
from resource_hub.services.issue_files import JOB, SCRIPTS

MONTH = Month.parse("2026-10")
IN_THE_MONTH = datetime(2026, 10, 15, 8, tzinfo=UTC)
GOAL = 30
"""Seconds."""


def filled_month(path: Path, count: int) -> Settings:
    """A hub with so many resources that came in one month, a third for everyone, with previews."""
    settings = filled_hub(path, count)
    app = create_app(settings)
    dice = random.Random(6)
    with app.app_context():
        covers = [hub().storage.put(BytesIO(preview(dice, n))) for n in range(count)]
    engine = open_database(settings.database_url)
    with Session(engine) as session:
        session.connection(execution_options={WRITING: True})
        alliance_id = session.scalars(select(func.min(Alliance.id))).one()
        session.execute(update(Revision).values(published_at=IN_THE_MONTH))
        session.execute(update(Revision).values(available_at=IN_THE_MONTH))
        session.execute(update(Revision).values(audience=Audience.ALLIANCE))
        session.execute(update(Resource).values(audience_token=f"alliance:{alliance_id}"))
        third = Revision.resource_id % 3 == 0
        session.execute(update(Revision).where(third).values(audience=Audience.PUBLIC))
        session.execute(update(Resource).where(Resource.id % 3 == 0).values(audience_token=PUBLIC))
        first_files = select(Attachment.blob_key).where(Attachment.position == 0)
        for key, cover in zip(session.scalars(first_files).all(), covers, strict=True):
            session.merge(
                Blob(
                    key=cover.key,
                    size=cover.size,
                    format="webp",
                    media_type="image/webp",
                    family="image",
                    created_at=IN_THE_MONTH,
                    inspected_at=IN_THE_MONTH,
                )
            )
            session.flush()
            session.execute(update(Blob).where(Blob.key == key).values(thumbnail_key=cover.key))
        session.commit()
    engine.dispose()
    return settings


def published() -> tuple[float, int]:
    """Seconds until the issue is frozen, and its number in the database."""
    begin = time.perf_counter()
    with writing() as uow:
        alliance_id = uow.session.scalars(select(func.min(Alliance.id))).one()
        issue = catalogue.publish(uow, OPERATOR, alliance_id, MONTH)
        issue_id = issue.id
    return time.perf_counter() - begin, issue_id


def written(issue_id: int) -> int:
    """The job, as the worker runs it; bytes of all files of the issue."""
    HANDLERS[JOB]([str(issue_id)], Tools())
    sizes = select(func.sum(Artefact.size)).where(Artefact.issue_id == issue_id)
    return int(reading().scalar(sizes) or 0)


def bare_typst(issue_id: int, count: int) -> float:
    """Seconds for one run of typst alone for each edition and script."""
    ready = select(Issue).where(Issue.id == issue_id)
    ready = ready.options(joinedload(Issue.alliance), selectinload(Issue.entries))
    issue, seconds = reading().scalars(ready).one(), 0.0
    assert len(issue.entries) == count, f"{len(issue.entries)} entries"
    for edition in IssueEdition:
        data = data_of(issue, edition)
        pictures = {}
        for each in data.entries:
            with hub().storage.open(each.thumbnail or "") as stored:
                pictures[each.thumbnail or ""] = stored.read()
        with tempfile.TemporaryDirectory() as name:
            once, _, _ = timed(bare(data, pictures, Path(name)))
        seconds += once * len(SCRIPTS)
    return seconds


def written_and_synced(length: int, where: Path) -> float:
    begin = time.perf_counter()
    with (where / "limit").open("wb") as file:
        file.write(os.urandom(length))
        file.flush()
        os.fsync(file.fileno())
    return time.perf_counter() - begin


def main() -> None:
    chosen = arguments(__doc__.splitlines()[0], documents="500").parse_args()
    count = int(chosen.documents)
    with folder(chosen.keep) as path, tempfile.TemporaryDirectory(dir=path) as name:
        tell("filling the hub and drawing previews")
        app = create_app(filled_month(Path(name), count))
        with app.app_context():
            freezing, issue_id = published()
            files, length, memory = timed(lambda: written(issue_id))
            files_there = reading().scalar(select(func.count()).select_from(Artefact)) or 0
            peer = bare_typst(issue_id, count)
            limit = written_and_synced(length, Path(name))
    print(f"an issue of {count:,} entries; {files_there} files, {length / 2**20:.0f} MiB")
    print(f"{'':40}{'seconds':>9}")
    for label, seconds in (
        ("freezing it", freezing),
        (f"its files ({memory:.0f} MiB of memory)", files),
        ("typst alone, each edition and script", peer),
        ("writing and syncing the bytes", limit),
    ):
        print(f"{label:40}{seconds:9.2f}")
    goal(f"publishing {count:,} entries, all formats", freezing + files, GOAL, unit=" s")


if __name__ == "__main__":
    main()
