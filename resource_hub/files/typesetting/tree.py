"""One XML part of an office file as a small tree, read no further than there is use for."""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Union

from resource_hub.files.guard import read_xml

MAX_ELEMENTS = 120_000
"""About a hundred pages: what is shown of a file needs no more."""

MAX_LEVELS = 120
"""Elements inside each other; what lies deeper is left out, so that walks may recurse."""


@dataclass(slots=True)
class Node:
    """An element, named without its namespace, with its texts and elements in order."""

    tag: str
    attributes: dict[str, str]
    content: list[Union["Node", str]] = field(default_factory=list)

    def __iter__(self) -> Iterator["Node"]:
        """The elements directly inside."""
        return (each for each in self.content if isinstance(each, Node))

    def child(self, *path: str) -> "Node | None":
        """The first element of this name, the first of the next name inside it, and so on."""
        here: Node | None = self
        for tag in path:
            here = next((each for each in here or () if each.tag == tag), None)
        return here

    def all(self, *tags: str) -> Iterator["Node"]:
        """Every element of these names at any depth, in the order of the text."""
        for each in self:
            if each.tag in tags:
                yield each
            yield from each.all(*tags)

    def get(self, name: str, default: str = "") -> str:
        """An attribute, whatever its namespace is called."""
        if name in self.attributes:
            return self.attributes[name]
        ending = f":{name}"
        found = (value for key, value in self.attributes.items() if key.endswith(ending))
        return next(found, default)

    def reference(self, name: str) -> str:
        """An attribute that has a namespace, such as ``r:id`` beside ``id``."""
        ending = f":{name}"
        return next((v for key, v in self.attributes.items() if key.endswith(ending)), "")

    def number(self, name: str) -> float | None:
        """An attribute as a number, None where it is absent or none; units are cut off."""
        digits = self.get(name).rstrip("abcdefghijklmnopqrstuvwxyz%")
        try:
            value = float(digits)
        except ValueError:
            return None
        return value if abs(value) < 1e12 else None  # noqa: PLR2004 - also infinite and no number

    @property
    def text(self) -> str:
        """All text inside."""
        return "".join(each if isinstance(each, str) else each.text for each in self.content)


def read_tree(packed: zipfile.ZipFile, name: str, *, most: int = MAX_ELEMENTS) -> Node:
    """Read an XML member, or its beginning; raises ``Unreadable`` as ``read_xml`` does."""
    root = Node("", {})
    open_ones, count, too_deep = [root], 0, 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal count, too_deep
        count += 1
        if too_deep or len(open_ones) > MAX_LEVELS:
            too_deep += 1
            return
        node = Node(tag, attributes)
        open_ones[-1].content.append(node)
        open_ones.append(node)

    def end(_: str) -> None:
        nonlocal too_deep
        if too_deep:
            too_deep -= 1
        else:
            open_ones.pop()

    def characters(text: str) -> None:
        if not too_deep:
            open_ones[-1].content.append(text)

    read_xml(packed, name, start=start, end=end, characters=characters, enough=lambda: count > most)
    return next(iter(root), root)
