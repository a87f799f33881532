"""What a lane keeps between jobs."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from resource_hub.edge.current import hub
from resource_hub.files import Workshop, scans

if TYPE_CHECKING:  # see Tools.print
    from resource_hub.files.drawing import Drawn
    from resource_hub.files.page_print import SeenPage


@dataclass(slots=True)
class Tools:
    """What a lane keeps between jobs: the workshop is a process, started when first needed."""

    stack: ExitStack = field(default_factory=ExitStack)
    stopping: Callable[[], bool] = lambda: False
    _workshop: Workshop | None = None

    def workshop(self) -> Workshop:
        if self._workshop is None:
            self._workshop = self.stack.enter_context(
                Workshop(seconds=hub().file_seconds, memory_bytes=hub().file_memory)
            )
        return self._workshop

    def rest(self) -> None:
        """End the process, and give its memory back; a later order starts another."""
        if self._workshop is not None:
            self._workshop.close()

    def print(self, path: Path, code: str, *, first: int, last: int) -> "Drawn":
        # Only a worker draws; the web need not bring the library of PDF along.
        from resource_hub.files.drawing import draw_pages  # noqa: PLC0415 - see above

        return draw_pages(self.workshop(), path, code, first=first, last=last)

    def read_page(self, path: Path, code: str, number: int) -> scans.ReadPage:
        return scans.read_page(self.workshop(), path, code, number)

    def page_prints(self, path: Path, code: str) -> "Mapping[int, SeenPage]":
        from resource_hub.files.drawing import print_pages  # noqa: PLC0415 - see print

        return print_pages(self.workshop(), path, code)
