"""Text out of docx and pptx, read as the zipped XML that they are."""

import posixpath
import re
import zipfile
from dataclasses import dataclass
from typing import BinaryIO

from resource_hub.files.facts import PlaceKind, Trouble
from resource_hub.files.formulas import OfficeMath, from_field
from resource_hub.files.gathering import Gathering
from resource_hub.files.guard import Unreadable, follow_xml, open_office, read_xml

_MARGINS = re.compile(r"word/(header|footer|footnotes|endnotes)\d*\.xml", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")
_SLIDE = re.compile(r"ppt/slides/slide(\d+)\.xml", re.IGNORECASE)
DRAWN = ("/diagramData", "/chart")
"""How the kinds of relations end that lead to words in a drawing."""

# What stands beside a slide and belongs to it; layouts and masters only repeat themselves.
_BESIDE = ("/notesSlide", *DRAWN)
# Old and new form of the same drawing, the reading above a character, numbers of slides, where tabs
# stop, what was deleted, and where it stood before it was moved, while changes are followed, and
# what others say of it.
_SKIPPED = frozenset({"Fallback", "rt", "fld", "tabs", "del", "moveFrom", "comments"})
_SPACES = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def read_docx(stream: BinaryIO, gathering: Gathering) -> None:
    """Gather body, text boxes, tables, diagrams, charts, headers, footers and notes.

    Raises:
        Unreadable: it is damaged, or too large.
    """
    with open_office(stream) as packed:
        names = names_of(packed)
        main = main_part(packed, names, r"word/document\d*\.xml")
        gathering.add(text_of_part(packed, main, gathering))
        beside = relations_of(packed, names, main.replace("\\", "/").lstrip("/")).values()
        for kind, target in beside:
            if kind.endswith(DRAWN) and target in names:
                gathering.add(text_of_part(packed, names[target], gathering))
        for name in sorted(filter(_MARGINS.fullmatch, names)):
            text = text_of_part(packed, names[name], gathering)
            if _LETTER.search(text):  # else it is a page number
                gathering.add(text)


def read_pptx(stream: BinaryIO, gathering: Gathering) -> int:
    """Gather each slide with its notes, diagrams and charts, and say how many slides there are.

    Raises:
        Unreadable: it is damaged, or too large.
    """
    with open_office(stream) as packed:
        names = names_of(packed)
        slides = slides_in_order(packed, names)
        for number, slide in enumerate(slides, start=1):
            if gathering.full:
                break
            beside = [
                target
                for kind, target in relations_of(packed, names, slide).values()
                if kind.endswith(_BESIDE) and target in names
            ]
            passages = [text_of_part(packed, names[name], gathering) for name in (slide, *beside)]
            gathering.add("\n".join(passages), PlaceKind.SLIDE, str(number))
        return len(slides)


def names_of(packed: zipfile.ZipFile) -> dict[str, str]:
    """How a part is called in relations -> how it is called in this file."""
    return {name.replace("\\", "/").lstrip("/"): name for name in packed.namelist()}


def main_part(packed: zipfile.ZipFile, names: dict[str, str], pattern: str) -> str:
    """The part that the file itself names as its document, else the one that is called so."""
    for kind, target in relations_of(packed, names, "").values():
        if kind.endswith("/officeDocument") and target in names:
            return names[target]
    for name, real in names.items():
        if re.fullmatch(pattern, name, re.IGNORECASE):
            return real
    raise Unreadable(Trouble.DAMAGED)


def slides_in_order(packed: zipfile.ZipFile, names: dict[str, str]) -> list[str]:
    """The slides as they are shown; in the order of their numbers where nothing says how."""
    main = main_part(packed, names, r"ppt/presentation\d*\.xml").replace("\\", "/").lstrip("/")
    relations = relations_of(packed, names, main)
    order: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "sldId":
            order.extend(v for name, v in attributes.items() if name.endswith(":id"))

    read_xml(packed, names[main], start=start, end=_ignore, characters=_ignore)
    shown = [relations[each][1] for each in order if each in relations]
    slides = [name for name in shown if name in names]
    numbered = [(int(found.group(1)), name) for name in names if (found := _SLIDE.fullmatch(name))]
    return slides or [name for _, name in sorted(numbered)]


def relations_of(
    packed: zipfile.ZipFile, names: dict[str, str], part: str
) -> dict[str, tuple[str, str]]:
    """Id -> type and full name of what ``part`` (``""``: the whole file) refers to inside."""
    folder, name = posixpath.split(part)
    listing = names.get(posixpath.join(folder, "_rels", f"{name}.rels"))
    found: dict[str, tuple[str, str]] = {}
    if listing is None:
        return found

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "").replace("\\", "/")
            full = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            found[attributes.get("Id", "")] = (attributes.get("Type", ""), full)

    read_xml(packed, listing, start=start, end=_ignore, characters=_ignore)
    return {each: (kind, target) for each, (kind, target) in found.items() if target}


def _ignore(_: str) -> None:
    return


def text_of_part(packed: zipfile.ZipFile, name: str, gathering: Gathering) -> str:
    """The text of one part: a line per paragraph, a line per table row with tabs between cells."""
    if gathering.full:
        return ""
    reader = _Reader()
    read_xml(
        packed,
        name,
        start=reader.start,
        end=reader.end,
        characters=reader.characters,
        enough=lambda: reader.length > 2 * gathering.limit,
    )
    return "".join(reader.out)


def read_word_xml(stream: BinaryIO, gathering: Gathering) -> None:
    """Gather the text of a document that is one file of XML, of 2003 or later.

    Raises:
        Unreadable: it is damaged.
    """
    reader = _Reader()
    stream.seek(0)
    follow_xml(
        stream,
        start=reader.start,
        end=reader.end,
        characters=reader.characters,
        enough=lambda: reader.length > 2 * gathering.limit,
    )
    gathering.add("".join(reader.out))


class _Reader:
    """Listens to the events of WordprocessingML, DrawingML and charts alike."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.length = 0
        self._outer: list[list[str]] = []  # texts that text boxes interrupt
        self._boxes: list[str] = []  # texts of boxes whose paragraph has not ended
        self._skipping = 0
        self._listening = ""  # to which element
        self._fields: list[_Field] = []  # one inside another
        self._math = OfficeMath()

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if self._skipping or tag in _SKIPPED:
            self._skipping += 1
        elif tag in {"t", "v", "instrText"}:
            self._listening = tag
        elif tag in _SPACES:
            self.out.append(_SPACES[tag])
        elif tag == "txbxContent":
            self._outer.append(self.out)
            self.out = []
        elif tag == "fldChar":
            self._turn_field(attributes)
        elif tag == "textpath":  # the words of a decorated heading
            self.out += [attributes.get("string", ""), "\n"]
        else:
            self._math.start(tag, attributes, self.out)

    def end(self, tag: str) -> None:
        if self._skipping:
            self._skipping -= 1
            return
        self._listening = ""
        self._math.end(tag, self.out)
        if tag in {"p", "pt", "tr"}:
            self._close({"tr": "\t", "pt": "\n"}.get(tag, ""), "\n")
            if not self._outer:
                self.out += self._boxes
                self._boxes = []
        elif tag == "tc":
            self._close("\n", "\t")
        elif tag == "txbxContent" and self._outer:
            self._boxes += self.out
            self.out = self._outer.pop()

    def characters(self, text: str) -> None:
        if not self._listening or self._skipping:
            return
        if self._listening != "instrText":
            self.out.append(text)
            self.length += len(text)
        elif self._fields:
            self._fields[-1].instruction += text

    def _turn_field(self, attributes: dict[str, str]) -> None:
        """A field begins, tells its result, or ends; an equation mostly has none, and is shown."""
        turn = next((v for name, v in attributes.items() if name.endswith("fldCharType")), "")
        if turn == "begin":
            self._fields.append(_Field(self.length))
        elif turn == "separate" and self._fields:
            self._fields[-1].before = self.length
        elif turn == "end" and self._fields:
            ended = self._fields.pop()
            if ended.before == self.length and (shown := from_field(ended.instruction)):
                self.out.append(shown)
                self.length += len(shown)

    def _close(self, instead_of: str, mark: str) -> None:
        """End a paragraph, cell or row; its mark replaces that of what it contains."""
        if self.out and self.out[-1] == instead_of:
            self.out.pop()
        self.out.append(mark)


@dataclass(slots=True)
class _Field:
    """What a field is told to show, and how much text there was before its result."""

    before: int
    instruction: str = ""
