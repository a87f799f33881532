"""Text out of RTF, which is plain text with control words, in the code page of each font."""

import codecs
import re
from dataclasses import dataclass, replace
from typing import BinaryIO

from resource_hub.files.facts import Trouble
from resource_hub.files.formulas import OfficeMath, from_field
from resource_hub.files.gathering import Gathering
from resource_hub.files.guard import MIB, Unreadable

_MOST = 64 * MIB  # bytes read of a file, pictures included
_MAX_DEPTH = 2_000  # groups inside each other
_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?[0-9]{1,10})? ?|\\'([0-9a-fA-F]{2})|\\(.)|([{}])"
    rb"|([^\\{}\r\n]+)|[\r\n]+",
    re.DOTALL,
)
_WORDS = {
    b"par": "\n", b"line": "\n", b"sect": "\n", b"page": "\n", b"row": "\n", b"nestrow": "\n",
    b"tab": "\t", b"cell": "\t", b"nestcell": "\t", b"emspace": " ", b"enspace": " ",
    b"footnote": " ",
    b"emdash": "—", b"endash": "–", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“",
    b"rdblquote": "”", b"bullet": "•",
}  # fmt: skip
_SIGNS = {b"~": " ", b"_": "-", b"\n": "\n", b"\r": "\n", b"{": "{", b"}": "}", b"\\": "\\"}
# Groups that hold no words of the author; so does any other that begins with a star.
_SILENT = frozenset(
    b"colortbl stylesheet info pict objdata themedata colorschememapping datastore latentstyles"
    b" listtable listoverridetable rsidtbl generator xmlnstbl filetbl revtbl shprslt"
    b" nonshppict sp do template pnseclvl passwordhash".split()
)
_STARRED = frozenset({b"shpinst", b"shppict", b"fldinst", b"moMath", b"moMathPara"})
# Sets of characters as fonts name them, and code pages as the file does.
_OF_FONT = {
    128: "cp932", 129: "cp949", 134: "gb18030", 136: "big5hkscs", 161: "cp1253", 162: "cp1254",
    163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874",
    238: "cp1250",
}  # fmt: skip
_OF_PAGE = {936: "gb18030", 950: "big5hkscs", 65001: "utf-8"}


def read_rtf(stream: BinaryIO, gathering: Gathering) -> None:
    """Gather the text with tables, headers, footers and notes; raises ``Unreadable``."""
    stream.seek(0)
    reader = _Reader(most=2 * gathering.limit)
    reader.read(stream.read(_MOST))
    gathering.add(reader.text())


@dataclass(slots=True)
class _Group:
    """What holds until a group ends."""

    silent: bool = False
    deleted: bool = False
    """While changes were followed."""
    fonts: bool = False
    element: str = ""
    """What it is of a formula, as Office names it elsewhere; nothing inside has it from here."""
    codec: str = ""
    instead: int = 1
    """How many characters follow each Unicode one, for readers that know none."""


class _Reader:
    """Follows groups and control words, and collects what is shown."""

    def __init__(self, *, most: int) -> None:
        self._most = most
        self._out: list[str] = []
        self._raw = bytearray()  # bytes that wait for the code page they are in
        self._length = 0
        self._group = _Group()
        self._outer: list[_Group] = []
        self._page = "cp1252"
        self._fonts: dict[int, str] = {}
        self._font = 0  # whose description is being read
        self._passing_over = 0
        self._starred = False
        self._math = OfficeMath()
        self._instructed: list[tuple[int, list[str]]] = []  # fields: how deep, the text before

    def text(self) -> str:
        # Characters beyond the first plane come in two halves.
        halves = "".join(self._out).encode("utf-16-le", "surrogatepass")
        return halves.decode("utf-16-le", "replace")

    def read(self, data: bytes) -> None:
        at = 0
        while at < len(data) and self._length < self._most:
            token = _TOKEN.match(data, at)
            if token is None:
                at += 1
                continue
            at = token.end()
            word, number, byte, sign, brace, plain = token.groups()
            if plain is not None:
                self._bytes(plain)
            elif byte is not None:
                self._bytes(bytes([int(byte, 16)]))
            elif brace is not None:
                self._brace(brace)
            elif word == b"bin":
                at += max(0, int(number or 0))
            elif word is not None:
                self._word(word, int(number) if number else None)
            elif sign is not None:
                self._sign(sign)
        self._flush()
        if self._instructed:  # a field that never ends
            self._out = self._instructed[0][1]

    def _bytes(self, plain: bytes) -> None:
        passed = min(self._passing_over, len(plain))
        self._passing_over -= passed
        if self._is_heard():
            self._raw += plain[passed:]
            self._length += len(plain) - passed

    def _is_heard(self) -> bool:
        group = self._group
        return not group.silent and not group.deleted and not group.fonts

    def _brace(self, brace: bytes) -> None:
        self._flush()
        self._passing_over, self._starred = 0, False
        if brace == b"{":
            if len(self._outer) >= _MAX_DEPTH:
                raise Unreadable(Trouble.DAMAGED)
            self._outer.append(self._group)
            self._group = replace(self._group, element="")
        elif self._outer:
            self._math.end(self._group.element, self._out)
            self._group = self._outer.pop()
            if self._instructed and len(self._outer) < self._instructed[-1][0]:
                instruction = "".join(self._out)
                self._out = self._instructed.pop()[1]
                self._out.append(from_field(instruction))

    def _sign(self, sign: bytes) -> None:
        if sign == b"*":
            self._starred = True
        elif sign in _SIGNS:
            self._show(_SIGNS[sign])

    def _word(self, word: bytes, number: int | None) -> None:
        if word == b"u" and number is not None:
            self._show(chr(number & 0xFFFF))
            self._passing_over = self._group.instead
            return
        if self._passing_over:
            self._passing_over -= 1
            return
        starred, self._starred = self._starred, False
        if word in _SILENT or (starred and word not in _STARRED):
            self._group.silent = True
        elif word == b"fldinst":
            self._flush()
            self._instructed.append((len(self._outer), self._out))
            self._out = []
        elif word in {b"plain", b"deleted"}:
            self._flush()
            self._group.deleted = word == b"deleted" and number != 0
        elif word.startswith(b"m") and word[1:].isalpha():
            self._formula(word[1:].decode())
        elif word in _WORDS:
            self._show(_WORDS[word])
        elif word == b"fonttbl":
            self._group.fonts = True
        elif number is not None:
            self._number(word, number)

    def _formula(self, element: str) -> None:
        """What an element of a formula is like is no text, but the sign of a sum is."""
        self._flush()
        if element.endswith("Pr"):
            self._group.silent = True
        elif element == "chr":
            self._group.silent = False
        else:
            self._group.element = element
            self._math.start(element, {}, self._out)

    def _number(self, word: bytes, number: int) -> None:
        """Words that say with a number in which code page the next bytes are."""
        if word == b"uc":
            self._group.instead = max(0, min(number, 16))
        elif word == b"ansicpg":
            self._page = _OF_PAGE.get(number) or _known(f"cp{number}")
        elif word == b"f" and self._group.fonts:
            self._font = number
        elif word == b"f":
            self._flush()
            self._group.codec = self._fonts.get(number, "")
        elif word == b"fcharset" and number in _OF_FONT:
            self._fonts[self._font] = _OF_FONT[number]

    def _show(self, text: str) -> None:
        self._flush()
        if self._is_heard():
            self._out.append(text)
            self._length += 1

    def _flush(self) -> None:
        if self._raw:
            self._out.append(self._raw.decode(self._group.codec or self._page, "replace"))
            self._raw.clear()


def _known(codec: str) -> str:
    try:
        return codecs.lookup(codec).name
    except LookupError:
        return "cp1252"
