"""Works of real items and sample files, eight ways to disguise a copy, and a form for all."""

import json
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from opencc import OpenCC

from benchmarks.material import ITEMS
from resource_hub.files.inspection import inspect
from search_index.analysis import fold

SAMPLES = ITEMS.parent
FEWEST_LETTERS, MOST_LETTERS = 400, 4_000
"""Of a work, roughly: a worksheet, a lesson plan."""


@dataclass(frozen=True, slots=True)
class Work:
    """What a teacher submits; ``sections`` are the parts of its text in order."""

    name: str
    subject: str
    title: str
    summary: str
    sections: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join((self.title, self.summary, *self.sections))


@cache
def originals() -> tuple[Work, ...]:
    """Works of which no two share an item: of items of one subject and kind, and of each sample.

    An item of which a tenth stands in an earlier one is left out: the collection has many poems and
    questions twice, and those would be copies that nobody disguised.
    """
    return (*_of_items(), *_of_samples())


def _of_items() -> Iterator[Work]:
    seen: set[str] = set()
    piles: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for line in ITEMS.read_text("utf-8").splitlines():
        item = json.loads(line)
        letters = re.sub(r"\W|\d", "", fold(item["text"]))
        pieces = {letters[start : start + 8] for start in range(len(letters) - 7)}
        if len(pieces & seen) > len(pieces) / 10 or not pieces:
            continue
        seen |= pieces
        answer = f"{item.get('answer') or ''} {item.get('analysis') or ''}".strip()
        text = f"{item.get('title') or ''}\n{item['text']}\n{answer}".strip()
        piles[item["subject"], item["kind"], item.get("author") or item["year"]].append(text)
    for (subject, kind, origin), texts in sorted(piles.items()):
        for number, sections in enumerate(_sheets(texts)):
            yield Work(
                f"{kind}/{origin}/{number}",
                subject,
                f"{subject}练习 {origin} 第{number + 1}课时",
                f"{origin}，{len(sections)}题，供课堂练习和复习使用。",
                sections,
            )


def _sheets(texts: Sequence[str]) -> Iterator[tuple[str, ...]]:
    sheet: list[str] = []
    for text in texts:
        sheet.append(text[:MOST_LETTERS])
        if sum(map(len, sheet)) >= FEWEST_LETTERS and len(sheet) > 2:
            yield tuple(sheet)
            sheet = []


def _of_samples() -> Iterator[Work]:
    for folder in ("docx", "doc", "pptx", "ppt", "pdf"):
        for path in sorted((SAMPLES / folder).iterdir()):
            text = inspect(path, path.name).text
            sections = tuple(part for part in re.split(r"\n\s*\n", text) if part.strip())
            if len(text) >= FEWEST_LETTERS and len(sections) > 2:
                yield Work(path.name, "", path.stem, "", sections)


Disguise = Callable[[Work, Work, random.Random], Work]
"""Make a copy of the first work; the second is by another author, to take text from."""


def renamed(work: Work, other: Work, dice: random.Random) -> Work:
    del dice
    return replace(work, title=other.title, summary=other.summary)


def padded(work: Work, other: Work, dice: random.Random) -> Work:
    """Hide it in as much again of another work, and in phrases of every lesson plan."""
    begin = dice.randrange(len(work.sections) + 1)
    foreign = _cut("\n".join(other.sections), len(work.text)).split("\n")
    return replace(
        work,
        sections=(*foreign[: len(foreign) // 2], *work.sections[:begin], *PHRASES,
                  *work.sections[begin:], *foreign[len(foreign) // 2 :]),
    )  # fmt: skip


def in_other_script(work: Work, other: Work, dice: random.Random) -> Work:
    """Traditional with Taiwan's words, or simplified where it was traditional."""
    del other, dice
    taiwan = _converter("s2twp")
    changed = tuple(map(taiwan, work.sections))
    if sum(map(len, changed)) and changed == work.sections:
        changed = tuple(map(_converter("t2s"), work.sections))
    return replace(work, title=taiwan(work.title), summary=taiwan(work.summary), sections=changed)


def in_other_format(work: Work, other: Work, dice: random.Random) -> Work:
    """As the text of a PDF comes out: lines cut anywhere, with a head and a number on each page."""
    del other
    width = dice.randrange(30, 44)
    text = re.sub(r"\s+", " ", "\n".join(work.sections))
    lines = [text[start : start + width] for start in range(0, len(text), width)]
    pages = [lines[start : start + 36] for start in range(0, len(lines), 36)]
    printed = [
        "\n".join((f"{work.title}　　云岭教共体", *page, f"— {number} / {len(pages)} —"))
        for number, page in enumerate(pages, 1)
    ]
    wide = str.maketrans("0123456789,()", "０１２３４５６７８９，（）")
    return replace(work, title="扫描件", sections=tuple(page.translate(wide) for page in printed))


def reordered(work: Work, other: Work, dice: random.Random) -> Work:
    del other
    sections = list(work.sections)
    if len(sections) < 6:
        sections = [part for section in sections for part in _halves(section)]
    dice.shuffle(sections)
    return replace(work, sections=tuple(sections))


def shortened(work: Work, other: Work, dice: random.Random) -> Work:
    """A third is gone, sentence by sentence."""
    del other
    sentences = _sentences("\n".join(work.sections))
    gone, wanted = set[int](), len(work.text) / 3
    for place in dice.sample(range(len(sentences)), len(sentences)):
        if wanted <= 0:
            break
        gone.add(place)
        wanted -= len(sentences[place])
    kept = [each for place, each in enumerate(sentences) if place not in gone]
    return replace(work, title=f"{work.title}（简）", sections=("".join(kept),))


def reworded(work: Work, other: Work, dice: random.Random) -> Work:
    """In every thirtieth place a word is changed, left out or put in."""
    del other

    def change(text: str) -> str:
        letters = list(text)
        for place in range(dice.randrange(30), len(letters), 30):
            near = min(place + dice.randrange(8), len(letters) - 1)
            letters[near] = dice.choice(("", "那些", "所", f"{letters[near]}的", "以及"))
        return "".join(letters)

    return replace(work, sections=tuple(map(change, work.sections)))


def mixed(work: Work, other: Work, dice: random.Random) -> Work:
    """Two works become one, part by part; it is a copy of either."""
    del dice
    pairs = [part for pair in zip(work.sections, other.sections, strict=False) for part in pair]
    fewer = min(len(work.sections), len(other.sections))
    rest = (*work.sections[fewer:], *other.sections[fewer:])
    return replace(work, title="综合练习", summary="", sections=(*pairs, *rest))


DISGUISES: Mapping[str, Disguise] = {
    "renamed": renamed,
    "padded": padded,
    "other script": in_other_script,
    "other format": in_other_format,
    "reordered": reordered,
    "a third deleted": shortened,
    "reworded": reworded,
    "two works mixed": mixed,
}

PHRASES = (
    "教学目标：通过本课的学习，使学生掌握基础知识，提高分析问题和解决问题的能力。",
    "教学重点：理解并掌握本课的主要内容。教学难点：运用所学知识解决实际问题。",
    "教学方法：讲授法、讨论法、自主探究与合作交流相结合。教学准备：多媒体课件。",
    "板书设计：略。作业设计：完成课后练习，预习下一课。教学反思：",
)
"""What stands in ten thousand lesson plans."""


def in_template(work: Work) -> Work:
    """The work in the form that the whole alliance uses: the same headings and phrases."""
    framed = (
        "云岭教共体集体备课教案　课题　课型　新授课　课时　第一课时　主备人　参与教师　使用时间",
        "一、教材分析　二、学情分析", PHRASES[0], PHRASES[1], PHRASES[2],
        "教学流程：（一）创设情境，导入新课。（二）自主学习，合作探究。",
        *work.sections,
        "（三）巩固练习，拓展提高。（四）课堂小结：今天这节课你有什么收获？", PHRASES[3],
    )  # fmt: skip
    return replace(work, name=f"{work.name} in the form", sections=framed)


@cache
def _converter(name: str) -> Callable[[str], str]:
    converter = OpenCC(name)
    return lambda text: str(converter.convert(text))


def _cut(text: str, length: int) -> str:
    return text[:length]


def _halves(text: str) -> list[str]:
    sentences = _sentences(text)
    middle = len(sentences) // 2
    return ["".join(sentences[:middle]), "".join(sentences[middle:])]


def _sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[。！？；.!?\n])", text) if part]
