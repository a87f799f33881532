"""From the end of an upload until the first page can be looked at: a PDF and a presentation.

    python -m benchmarks.previews --rounds 5

A real server and a real worker; each file is sent by tus in one piece, and the clock runs from the
answer to its last byte until the picture of its first page is in the database. Beside it, without
any hub: pypdfium2 drawing and encoding that page, typst setting those slides, and LibreOffice
converting them where it is installed. Without LibreOffice slides are set by typst.
"""

import argparse
import base64
import io
import random
import re
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import fpdf
import pptx
import pylopdf_fonts_zh_cn
import pypdfium2
from PIL import Image
from pptx.util import Inches, Pt
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from benchmarks.filled_hub import PASSWORD
from benchmarks.measuring import goal, tell
from benchmarks.publication_lag import working
from benchmarks.search_http import Person, served
from config import Settings
from resource_hub.domain.people import Role
from resource_hub.edge.current import utc_now
from resource_hub.edge.migrating import upgrade
from resource_hub.files.bounded import scratch
from resource_hub.files.office_to_pdf import find_office, to_pdf
from resource_hub.files.typesetting.compose import compose
from resource_hub.files.typesetting.pictures import Pictures
from resource_hub.files.typesetting.slides import read_slides
from resource_hub.models import (
    Appointed,
    Attachment,
    Job,
    JobState,
    Rendition,
    School,
    User,
)
from resource_hub.models.database import WRITING, open_database
from resource_hub.services import passwords
from resource_hub.services.taxonomy import load_shipped

PAGES, SLIDES = 10, 20
LOOK_EVERY = 0.005  # seconds
ABOUT_FILES = ("inspect", "preview", "pages", "film")
PATIENCE = 120.0  # seconds
PDF_GOAL, SLIDES_GOAL = 1.0, 5.0  # seconds
POEM = "春眠不觉晓，处处闻啼鸟。夜来风雨声，花落知多少。"


def small_hub(data: Path) -> Settings:
    """An empty hub with one teacher, ``teacher1``."""
    settings = Settings(data=data).with_defaults()
    engine = open_database(settings.database_url)
    upgrade(engine)
    now = utc_now()
    with Session(engine) as session:
        session.connection(execution_options={WRITING: True})
        load_shipped(session)
        session.add(School(id=1, code="S1", name="实验小学", created_at=now))
        teacher = User(
            account="teacher1",
            name="王敏",
            school_id=1,
            password_hash=passwords.hashed(PASSWORD),
            subjects=(),
            grades=(),
            created_at=now,
            appointments=[Appointed(role=Role.TEACHER, school_id=1)],
        )
        session.add(teacher)
        session.commit()
    engine.dispose()
    return settings


def photograph(seed: int) -> io.BytesIO:
    """A JPEG as a telephone of some years ago takes it, 1600 by 1200 pixels, about 300 kB."""
    dice = random.Random(seed)
    small = Image.frombytes("RGB", (160, 120), dice.randbytes(160 * 120 * 3))
    written = io.BytesIO()
    small.resize((1600, 1200), Image.Resampling.BICUBIC).save(written, "JPEG", quality=85)
    written.seek(0)
    return written


def paper(seed: int) -> bytes:
    """A PDF of ten pages, each with a page of text and a photograph."""
    made = fpdf.FPDF()
    made.add_font("sans", fname=str(pylopdf_fonts_zh_cn.sans_path()))
    made.set_font("sans", size=11)
    for number in range(PAGES):
        made.add_page()
        made.image(photograph(seed * 100 + number), w=80)
        made.multi_cell(0, 6, f"{seed}-{number} " + POEM * 40)
    return bytes(made.output())


def presentation(seed: int) -> bytes:
    """A presentation of twenty slides, each with a title, five lines and a photograph."""
    made = pptx.Presentation()
    for number in range(SLIDES):
        slide = made.slides.add_slide(made.slide_layouts[5])
        slide.shapes.title.text = f"第{seed}-{number}课 春晓"
        box = slide.shapes.add_textbox(Inches(0.5), Inches(1.6), Inches(4.5), Inches(4))
        box.text_frame.word_wrap = True
        for _ in range(5):
            line = box.text_frame.add_paragraph()
            line.text, line.font.size = POEM, Pt(20)
        picture = photograph(seed * 100 + number)
        slide.shapes.add_picture(picture, Inches(5.2), Inches(1.8), Inches(4.3))
    written = io.BytesIO()
    made.save(written)
    return written.getvalue()


class Uploader:
    """A teacher with a draft, who uploads into it."""

    def __init__(self, person: Person) -> None:
        self._person = person
        page = self._ask("GET", "/submit")
        self._token = self._token_in(page)
        form = {"kind": "courseware", "csrf_token": self._token}
        status, _page = person.ask("POST", "/submit", form=form)
        assert status == 303, "there is no draft"
        mine = self._ask("GET", "/my")
        found = re.search(r"/submit/(\d+)", mine)
        assert found is not None
        self.draft = int(found[1])
        self._token = self._token_in(self._ask("GET", f"/submit/{self.draft}"))

    def _ask(self, method: str, path: str) -> str:
        return self._person.ask(method, path)[1].decode()

    @staticmethod
    def _token_in(page: str) -> str:
        found = re.search(r'name="csrf[_-]token"[^>]*(?:value|content)="([^"]+)"', page)
        assert found is not None
        return found[1]

    def send(self, name: str, content: bytes) -> float:
        """Upload a file in one piece; returns when its last byte was answered."""
        told = {"revision": str(self.draft), "filename": name}
        metadata = ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in told.items())
        headers = {
            "Tus-Resumable": "1.0.0",
            "Upload-Length": str(len(content)),
            "Upload-Metadata": metadata,
            "Content-Type": "application/offset+octet-stream",
            "X-CSRFToken": self._token,
        }
        self._person.rest()  # the server has closed a line that was silent for a while
        status, page = self._person.ask("POST", "/uploads", body=content, headers=headers)
        assert status == 201, page[:500]
        return time.perf_counter()


def is_busy(engine: Engine) -> bool:
    with Session(engine) as session:
        left = session.scalar(
            select(func.count(Job.id)).where(
                Job.kind.in_(ABOUT_FILES), Job.state != JobState.SET_ASIDE
            )
        )
    return bool(left)


def wait_for_page(engine: Engine, name: str) -> float:
    """Seconds of the clock when the first page of the file is there."""
    wanted = (
        select(Rendition.id)
        .join(Attachment, Attachment.blob_key == Rendition.blob_key)
        .where(Attachment.filename == name, Rendition.number == 1)
        .limit(1)
    )
    limit = time.perf_counter() + PATIENCE
    while time.perf_counter() < limit:
        with Session(engine) as session:
            if session.scalar(wanted) is not None:
                return time.perf_counter()
        time.sleep(LOOK_EVERY)
    raise AssertionError(f"there is no page of {name}")


def timed(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def bare_page(content: bytes) -> None:
    """The first page in two sizes, by the libraries alone."""
    document = pypdfium2.PdfDocument(content)
    width, _ = document[0].get_size()
    large = document[0].render(scale=1200 / width).to_pil().convert("RGB")
    for picture in (large, large.resize((320, round(320 * large.height / large.width)))):
        picture.save(io.BytesIO(), "WEBP", quality=75, method=2)
    document.close()


def bare_slides(content: bytes) -> float:
    """Seconds that typst alone takes for all the slides, and drawing the first."""
    pictures = Pictures()
    slides = read_slides(io.BytesIO(content), pictures, first=1, last=SLIDES)
    return timed(lambda: bare_page(compose(slides, pictures.kept)))


def bare_office(content: bytes) -> None:
    with scratch() as folder:
        source = folder / "slides"
        source.write_bytes(content)
        inner = folder / "work"
        inner.mkdir()
        made = to_pdf(source, "pptx", inner, last_page=40)
        assert made is not None
        bare_page(made.read_bytes())


def measured(settings: Settings, rounds: int) -> None:
    engine = open_database(settings.database_url)
    waits: dict[str, list[float]] = {"pdf": [], "pptx": []}
    bare: dict[str, list[float]] = {"pypdfium2": [], "typst": [], "LibreOffice": []}
    with ExitStack() as running:
        running.enter_context(working(settings))
        host, port = running.enter_context(served(settings))
        person = Person(host, port)
        person.sign_in("teacher1")
        teacher = Uploader(person)
        # The first files warm the worker's process and both libraries; they do not count.
        for number in range(rounds + 1):
            files = {"pdf": paper(number), "pptx": presentation(number)}
            for ending, content in files.items():
                name = f"file{number}.{ending}"
                begin = teacher.send(name, content)
                waited = wait_for_page(engine, name) - begin
                tell(f"{name} ({len(content) / 1e6:.1f} MB): {waited:.2f} s")
                if number:
                    waits[ending].append(waited)
                while is_busy(engine):  # the other pages of it
                    time.sleep(LOOK_EVERY)
            bare["pypdfium2"].append(timed(lambda content=files["pdf"]: bare_page(content)))  # type: ignore[misc]  # mypy takes the default for a parameter without type
            bare["typst"].append(bare_slides(files["pptx"]))
            if find_office():
                bare["LibreOffice"].append(
                    timed(lambda content=files["pptx"]: bare_office(content))  # type: ignore[misc]  # the same
                )
    engine.dispose()
    report(waits, bare)


def report(waits: dict[str, list[float]], bare: dict[str, list[float]]) -> None:
    print(f"{'':34} {'median':>8} {'worst':>8}")
    for name, times in (
        (f"PDF of {PAGES} pages, in the hub", waits["pdf"]),
        ("  pypdfium2 alone, first page", bare["pypdfium2"]),
        (f"pptx of {SLIDES} slides, in the hub", waits["pptx"]),
        ("  typst alone, all slides", bare["typst"]),
        ("  LibreOffice alone, all slides", bare["LibreOffice"]),
    ):
        if times:
            print(f"{name:34} {statistics.median(times):7.2f}s {max(times):7.2f}s")
    if not find_office():
        print("LibreOffice is not installed: the slides were set by typst.")
    goal("first page of a PDF, worst", max(waits["pdf"]), PDF_GOAL, unit=" s")
    goal("first slide of a pptx, worst", max(waits["pptx"]), SLIDES_GOAL, unit=" s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=5, help="files of each kind; %(default)s")
    rounds = parser.parse_args().rounds
    data = Path(tempfile.mkdtemp(prefix="hub-previews-"))
    try:
        measured(small_hub(data), rounds)
    finally:
        shutil.rmtree(data, ignore_errors=True)


if __name__ == "__main__":
    main()
