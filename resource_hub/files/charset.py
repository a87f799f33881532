"""Which encoding a text is in: UTF-8, UTF-16, GB18030 (also GBK), or Big5."""

import codecs
import re
from itertools import islice

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 64 * 1024  # bytes that must be valid
_GLANCE = 4 * 1024  # bytes that are looked at one by one
_WEIGHED = 600  # characters
# Tab, line feed, form feed, carriage return, escape and (DOS end of file) 0x1A do occur in texts.
_NOT_TEXT = re.compile(rb"[\x00-\x08\x0b\x0e-\x19\x1c-\x1f\x7f]")
# The commonest characters of modern Chinese, simplified and traditional, with their punctuation.
_COMMON = frozenset(
    "的一是不了在人有我他这中大来上个国到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可"
    "里后小么心多天而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已"
    "老从动两长知民样现分将外但身些与高意进把法此实回二理美点月明其种声全工己话儿者向情部正名定女问力"
    "机给等几很业最间新什打便位因重被走电四第门相次东政海口使教西再平真听世气信北少关并内加化由却代军"
    "這來個國說們為時會過對裡後麼沒於還發當開見經頭動兩長樣現將與進實點種聲話兒問機給幾業間重電門東"
    "請學師習題課數語文讀寫答案，。、；：？！「」“”（）《》　"
)
_FIRST, _LAST = 0x4E, 0x9F  # high bytes of Chinese characters in UTF-16


def text_encoding(head: bytes) -> str | None:
    """The name of a Python codec for ``head``, or None where it is no text.

    Args:
        head: The first bytes of a file; a character cut in two at the end does no harm.
    """
    head = head[:_SAMPLE]
    for mark, codec in _MARKS:
        if head.startswith(mark):
            return codec
    binary = _NOT_TEXT.search(head) is not None
    if not binary and _decoded(head, "utf-8") is not None:
        return "utf-8"
    if unmarked := _utf_16_without_mark(head):
        return unmarked
    if binary:
        return None
    return _chinese_or_western(head)


def _chinese_or_western(head: bytes) -> str | None:
    scores = {codec: _likeness(head, codec) for codec in ("gb18030", "big5hkscs")}
    best = max(scores, key=lambda codec: scores[codec])
    if scores[best] >= 0:
        return best
    # Western text of the last century is mostly plain letters with a few accented ones.
    high = sum(byte > 0x7F for byte in head)  # noqa: PLR2004 - beyond ASCII
    if high * 4 < len(head):
        return "cp1252"
    return best if scores[best] > -len(head) else None


def _utf_16_without_mark(head: bytes) -> str | None:
    """Every second byte is zero in Western text, and one of few in Chinese."""
    even, odd = head[0:_GLANCE:2], head[1:_GLANCE:2]
    for codec, high in (("utf-16-le", odd), ("utf-16-be", even)):
        # In Chinese text most high bytes are those of 4E00 to 9FFF or of punctuation.
        likely = sum(byte in {0x00, 0x30, 0xFF} or _FIRST <= byte <= _LAST for byte in high)
        if likely * 10 < len(high) * 9:
            continue
        text = _decoded(head[: len(head) // 2 * 2], codec)
        if text and not re.search(r"[\x00-\x08\x0e-\x1a\ufffe\uffff]", text):
            return codec
    return None


def _decoded(head: bytes, codec: str) -> str | None:
    """The text, less a character that is cut at the end; None where the codec does not fit."""
    try:
        return codecs.getincrementaldecoder(codec)("strict").decode(head, final=False)
    except UnicodeDecodeError:
        return None


def _likeness(head: bytes, codec: str) -> int:
    """How much ``head`` looks like Chinese in ``codec``; below zero for not at all."""
    text = _decoded(head, codec)
    if text is None:
        return -len(head)
    beyond = islice(re.finditer(r"[^\x00-\x7f]", text), _WEIGHED)
    return sum(_weight(found.group(), codec) for found in beyond)


def _weight(character: str, codec: str) -> int:
    if character in _COMMON:
        return 3
    try:
        lead = character.encode("gb2312" if codec == "gb18030" else "big5")[0]
    except UnicodeEncodeError:
        return -1
    # The first half of both tables holds the characters that schools teach, before it are signs.
    first, last = (0xB0, 0xD7) if codec == "gb18030" else (0xA4, 0xC6)
    return 1 if first <= lead <= last else 0
