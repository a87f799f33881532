"""An offline pack of 2,000 resources: built beside plain copying, opened and searched from file://.

    python -m benchmarks.pack --documents 2000 --bytes 3000000 --keep /tmp/benchmarks

A hub is filled so that every resource has a file of ``--bytes``. Measured is ``hub pack build``,
the whole command with its start: what the receiver may see is read from the database, the search
is built, the files are copied and hashed. The peer copies the same files one by one with
``shutil.copyfile`` and hashes nothing. The pack is then opened by Chromium without a network: the
start is the time from the address to the front page, a search that from the words to the list.
"""

import io
import json
import random
import shutil
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import sync_playwright
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from benchmarks.filled_hub import filled_hub
from benchmarks.material import QUERIES
from benchmarks.measuring import arguments, folder, goal, p95, tell, told
from benchmarks.verify import hub
from resource_hub.domain.visibility import PUBLIC, Audience
from resource_hub.models import Attachment, Blob, BlobText, Resource, Revision
from resource_hub.models.database import WRITING, open_database
from storage import LocalStorage
from tests.journeys.conftest import FLAGS
from tests.plugins.requirements import find_program


def filled(data: Path, count: int, size: int) -> list[Path]:
    """The files of a hub whose resources are for everybody and have one file each.

    They are without a pattern, as films and pictures are.
    """
    if not (data / "made").exists():
        settings = filled_hub(data, count)
        storage, dice = LocalStorage(data / "blobs"), random.Random(3)
        engine = open_database(settings.database_url)
        with Session(engine) as session:
            session.connection(execution_options={WRITING: True})
            session.execute(update(Revision).values(audience=Audience.PUBLIC))
            session.execute(update(Resource).values(audience_token=PUBLIC))
            session.execute(delete(Attachment).where(Attachment.position > 0))
            attachments = session.scalars(select(Attachment).order_by(Attachment.id)).all()
            for attachment in told("writing files", attachments):
                made_up = session.get_one(Blob, attachment.blob_key)
                kept = storage.put(io.BytesIO(dice.randbytes(size)))
                session.add(
                    Blob(
                        key=kept.key,
                        size=kept.size,
                        format=made_up.format,
                        media_type=made_up.media_type,
                        family=made_up.family,
                        created_at=made_up.created_at,
                        inspected_at=made_up.inspected_at,
                    )
                )
                session.flush()
                text = update(BlobText).where(BlobText.blob_key == made_up.key)
                session.execute(text.values(blob_key=kept.key))
                attachment.blob_key = kept.key
            session.commit()
        engine.dispose()
        (data / "made").touch()
    return sorted((data / "blobs").glob("??/*"))


def build(data: Path, stick: Path, count: int) -> float:
    """Seconds of the whole command."""
    begin = time.perf_counter()
    said = json.loads(hub(data, "pack", "build", "--out", str(stick), "--json"))
    spent = time.perf_counter() - begin
    if (said["resources"], said["unreadable"], said["left_out"]) != (count, [], []):
        raise SystemExit(f"not what was made: {said}")
    return spent


def copy(paths: Sequence[Path], place: Path) -> float:
    place.mkdir()
    begin = time.perf_counter()
    for path in paths:
        shutil.copyfile(path, place / path.name)
    return time.perf_counter() - begin


def in_a_browser(stick: Path) -> tuple[list[float], list[float]]:
    """Milliseconds of five starts, and of each query, the first time it is asked."""
    starts, answers = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_program("chromium"), args=FLAGS)
        for _ in range(5):
            page = browser.new_context(offline=True).new_page()
            begin = time.perf_counter()
            page.goto(f"{stick.as_uri()}/index.html")
            page.wait_for_selector("html[data-drawn]", state="attached")
            starts.append((time.perf_counter() - begin) * 1000)
        for query in filter(None, QUERIES):
            page.evaluate(
                "query => { document.documentElement.removeAttribute('data-answered');"
                " location.hash = pack.to('/search', { q: query }); }",
                query,
            )
            page.wait_for_selector("html[data-answered]", state="attached")
            answers.append(float(page.get_attribute("html", "data-answered") or 0))
        browser.close()
    return starts, answers


def main() -> None:
    parser = arguments(__doc__ or "", documents="2000")
    parser.add_argument("--bytes", type=int, default=3_000_000, help="Size of each file.")
    asked = parser.parse_args()
    count = int(asked.documents)
    with folder(asked.keep) as place:
        data = place / f"pack-{count}-{asked.bytes}"
        paths = filled(data, count, asked.bytes)
        for name in ("stick", "copied"):
            shutil.rmtree(place / name, ignore_errors=True)
        copied = copy(paths, place / "copied")
        shutil.rmtree(place / "copied")
        built = build(data, place / "stick", count)
        size = sum(path.stat().st_size for path in (place / "stick" / "data").iterdir())
        tell(f"{count} resources, {count * asked.bytes / 1e9:.1f} GB: copied in {copied:.1f} s")
        tell(f"hub pack build, the whole command: {built:.1f} s")
        tell(f"lists and index: {size / 1e6:.1f} MB")
        starts, answers = in_a_browser(place / "stick")
        print(f"search: median {statistics.median(answers):.0f} ms, longest {max(answers):.0f} ms")
        goal("built at this share of the speed of copying", copied / built, 0.5, least=True)
        goal("start", max(starts), 2_000, unit=" ms")
        goal("search, p95", p95(answers), 200, unit=" ms")
        shutil.rmtree(place / "stick")


if __name__ == "__main__":
    main()
