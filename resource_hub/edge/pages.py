"""The pages of a list, with the address of each."""

from collections.abc import Callable
from dataclasses import dataclass

from resource_hub.services.queries.shelf import Paging


@dataclass(frozen=True, slots=True)
class LinkedPages:
    """What ``pager`` in ``components/search.html`` draws."""

    paging: Paging
    url: Callable[[int], str]

    @property
    def number(self) -> int:
        return self.paging.number

    @property
    def pages(self) -> int:
        return self.paging.pages

    @property
    def total(self) -> int:
        return self.paging.total
