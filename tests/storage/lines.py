"""Sources as slow, cut and hanging as the lines of village schools."""

import io
import threading
from typing import BinaryIO, cast


class CutLine(io.RawIOBase):
    """Gives ``content``, then the line is cut."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self._content = io.BytesIO(content)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if piece := self._content.read(size):
            return piece
        raise ConnectionResetError("the line was cut")


class HungLine(io.RawIOBase):
    """Gives ``content``, hangs until ``goes_on`` is set, then gives ``late``."""

    def __init__(self, content: bytes, late: bytes = b"late") -> None:
        super().__init__()
        self._content, self._late = io.BytesIO(content), io.BytesIO(late)
        self.hangs, self.goes_on = threading.Event(), threading.Event()

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if piece := self._content.read(size):
            return piece
        self.hangs.set()
        if not self.goes_on.wait(30):
            raise TimeoutError("nobody let the line go on")
        return self._late.read(size)


def line(source: io.RawIOBase) -> BinaryIO:
    """``source`` under the type that a storage reads; it has the one method that is used."""
    return cast("BinaryIO", source)
