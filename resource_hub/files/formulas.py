"""Formulas on one line: Word's EQ fields, in which pinyin stands too, and the formulas of Office.

A fraction becomes ``1/2``, a root ``√2``: without their signs the numbers would run together. The
characters below pinyin would be missing altogether, since they stand in nothing but the field.
"""

import re
from dataclasses import dataclass, field

_FIELD = re.compile(r"\s*EQ\b(.*)", re.DOTALL | re.IGNORECASE)
_MOST = 4_000  # characters of one field
_MAX_DEPTH = 20
_FORMAT = re.compile(r'\\\*\s*("[^"]*"|“[^”]*”|[^\s\\]+)')
_BRACKET = re.compile(r"\\([blr])c\s*\\(.)")
_SWITCH = re.compile(r"\\([a-z]+)\s*-?\d*\s*", re.IGNORECASE)
_SEPARATORS = ",;"
_FRAMES = frozenset("○〇□△◇◯")
_ONE_WORD = re.compile(r"[\w.]*")
_CLOSED_BY = {"(": ")", "[": "]", "{": "}", "<": ">"}
_BESIDE = {"up", "do"}
_RAISED = "\ue000"  # before what stands above or below the line


def from_field(instruction: str) -> str:
    """What an EQ field shows; nothing for any other instruction."""
    found = _FIELD.fullmatch(instruction[:_MOST])
    if found is None:
        return ""
    shown = _Equation(_FORMAT.sub("", found.group(1))).read()
    return shown.replace(_RAISED, "").strip()


def fraction(above: str, below: str) -> str:
    """Such as ``1/2`` or ``(a+b)/c``."""
    return "/".join(term if _ONE_WORD.fullmatch(term) else f"({term})" for term in (above, below))


class _Equation:
    """Reads the switches of one field from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._depth = 0

    def read(self, ends: str = "") -> str:
        """The text up to one of ``ends``, which is left unread."""
        out: list[str] = []
        brackets = 0  # of the text itself, in which a separator belongs to it
        while (sign := self._next()) and (brackets or sign not in ends):
            if sign == "\\":
                out.append(self._switch())
                continue
            brackets = max(0, brackets + (sign == "(") - (sign == ")")) if ends else 0
            self._at += 1
            out.append(sign)
        return "".join(out)

    def _next(self) -> str:
        return self._text[self._at : self._at + 1]

    def _switch(self) -> str:
        """A switch with its options and terms, which begins at a backslash."""
        name, options, pair = "", set[str](), ["(", ")"]
        while True:
            if bracket := _BRACKET.match(self._text, self._at):
                side, sign = bracket.groups()
                pair = {
                    "b": [sign, _CLOSED_BY.get(sign, sign)],
                    "l": [sign, pair[1] if "right" in options else ""],
                    "r": [pair[0] if "left" in options else "", sign],
                }[side]
                options.add({"b": "both", "l": "left", "r": "right"}[side])
                self._at = bracket.end()
            elif switch := _SWITCH.match(self._text, self._at):
                options.add(switch.group(1).lower())
                name = name or switch.group(1).lower()
                self._at = switch.end()
            else:
                break
        if not name:  # a sign that means itself: a bracket, a comma, a backslash
            self._at += 2
            return self._text[self._at - 1 : self._at]
        if self._next() != "(" or self._depth >= _MAX_DEPTH:
            return ""
        terms = self._terms()
        return _RAISED + "".join(terms) if options & _BESIDE else _written(name, terms, pair)

    def _terms(self) -> list[str]:
        self._depth += 1
        terms: list[str] = []
        while self._next() and (not terms or self._next() in _SEPARATORS):
            self._at += 1
            terms.append(self.read(_SEPARATORS + ")"))
        self._at += 1
        self._depth -= 1
        return terms


def _written(name: str, terms: list[str], pair: list[str]) -> str:
    plain = [term.strip().replace(_RAISED, "") for term in terms]
    if name == "f" and len(plain) > 1:
        return fraction(*plain[:2])
    if name == "r":
        return f"{plain[0] if len(plain) > 1 else ''}√{plain[-1]}"
    if name == "b":
        return f"{pair[0]}{plain[0]}{pair[1]}"
    if name == "o":
        below = [term for term in terms if not term.strip().startswith(_RAISED)]
        held = [term for term in below if term.strip() not in _FRAMES] or below or plain
        return "".join(held).replace(_RAISED, "")
    if name == "i":
        return " ".join(("∫", *filter(None, plain)))
    return " ".join(plain) if name == "a" else ",".join(plain)


class OfficeMath:
    """Follows a formula of Office and writes into ``out`` the signs that its elements stand for."""

    def __init__(self) -> None:
        self._open: list[_Element] = []

    def start(self, tag: str, attributes: dict[str, str], out: list[str]) -> None:
        if tag == "oMath" or (tag in _BUILT and self._open):
            self._open.append(_Element(tag, len(out)))
        elif tag in _SIGNS and self._open:
            value = next((v for name, v in attributes.items() if name.endswith("val")), "")
            self._open[-1].signs[tag] = value

    def end(self, tag: str, out: list[str]) -> None:
        if not self._open:
            return
        inner = self._open[-1]
        if tag == "naryPr" and inner.tag == "nary":
            out.append(inner.signs.get("chr", "∫"))
        elif tag == "deg" and inner.tag == "rad":
            inner.at = len(out)
        elif tag == "e" and inner.tag in {"eqArr", "mr"}:
            out.append(" ")
        if tag != inner.tag:
            return
        self._open.pop()
        if tag in {"num", "den"}:
            _hold_together(out, inner.at)
            out.append("/" if tag == "num" else "")
        elif tag == "d":
            out.insert(inner.at, inner.signs.get("begChr", "("))
            out.append(inner.signs.get("endChr", ")"))
        elif tag == "rad":
            _hold_together(out, inner.at)
            out.insert(inner.at, "√")


# Elements of formulas with a sign of their own, or with others below them that have one.
_BUILT = frozenset(
    {
        "num", "den", "rad", "nary", "d", "eqArr", "mr", "acc", "groupChr", "func", "sSup", "sSub",
        "sSubSup", "sPre", "limLow", "limUpp", "bar", "box", "borderBox", "phant",
    }
)  # fmt: skip
_SIGNS = frozenset({"begChr", "endChr", "chr"})


@dataclass(slots=True)
class _Element:
    """An element of a formula: where its text begins in ``out``, the signs that it names."""

    tag: str
    at: int
    signs: dict[str, str] = field(default_factory=dict)


def _hold_together(out: list[str], at: int) -> None:
    if not _ONE_WORD.fullmatch("".join(out[at:])):
        out.insert(at, "(")
        out.append(")")
