"""Colours of a presentation, which its theme names and its slides only mention."""

from resource_hub.files.typesetting.package import Package, colour
from resource_hub.files.typesetting.tree import Node

_NAMES = {"bg1": "lt1", "tx1": "dk1", "bg2": "lt2", "tx2": "dk2"}
_PRESETS = {
    "white": "ffffff", "black": "000000", "red": "ff0000", "green": "008000", "blue": "0000ff",
    "yellow": "ffff00", "orange": "ffa500", "gray": "808080", "purple": "800080",
}  # fmt: skip
_WHOLE = 100_000  # thousandths of a percent


class Colours:
    """The colours of one master slide."""

    def __init__(self, package: Package, master: str | None) -> None:
        self._theme: dict[str, str] = {"dk1": "000000", "lt1": "ffffff"}
        self._names = dict(_NAMES)
        theme = package.related(master, "/theme") if master else None
        tree = package.tree(theme) if theme else None
        scheme = tree.child("themeElements", "clrScheme") if tree else None
        for node in scheme or ():
            for given in node:
                self._theme[node.tag] = given.get("lastClr") or given.get("val")
        whole = package.tree(master) if master else None
        mapping = whole.child("clrMap") if whole else None
        self._names |= mapping.attributes if mapping else {}

    def of(self, node: Node | None) -> str | None:
        """The colour that stands directly inside a fill, a reference or the like."""
        for given in node or ():
            if given.tag in {"srgbClr", "sysClr", "schemeClr", "prstClr"}:
                return self._toned(given, self._named(given))
        return None

    def fill(self, node: Node | None) -> str | None:
        """How a shape or a background is filled: its colour, or the first of several."""
        for given in node or ():
            if given.tag == "solidFill":
                return self.of(given)
            if given.tag == "gradFill":
                return self.of(given.child("gsLst", "gs"))
        return None

    def _named(self, given: Node) -> str:
        value = given.get("lastClr") or given.get("val")
        if given.tag == "prstClr":
            return _PRESETS.get(value, "")
        if given.tag == "schemeClr":
            return self._theme.get(self._names.get(value, value), "")
        return value

    def _toned(self, given: Node, value: str) -> str | None:
        written = colour(value)
        if written is None:
            return None
        parts = [int(written[at : at + 2], 16) for at in (1, 3, 5)]
        for node in given:
            share = (node.number("val") or 0) / _WHOLE
            if node.tag in {"lumMod", "shade"}:
                parts = [round(part * share) for part in parts]
            elif node.tag == "lumOff":
                parts = [round(part + 255 * share) for part in parts]
            elif node.tag == "tint":
                parts = [round(255 - (255 - part) * share) for part in parts]
            elif node.tag == "alpha" and share < 1 / 4:
                return None  # hardly there
        return "#" + "".join(f"{min(max(part, 0), 255):02x}" for part in parts)
