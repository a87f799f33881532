"""The licences under which a resource may be shared."""

from collections.abc import Mapping
from dataclasses import dataclass

from resource_hub.domain.errors import N_


@dataclass(frozen=True, slots=True)
class Licence:
    code: str
    label: str
    url: str = ""
    """Empty where there is no public text."""


ALLIANCE_ONLY = "alliance-only"

LICENCES: Mapping[str, Licence] = {
    licence.code: licence
    for licence in (
        Licence(
            "cc-by-4.0",
            N_("CC BY 4.0: name the author"),
            "https://creativecommons.org/licenses/by/4.0/",
        ),
        Licence(
            "cc-by-sa-4.0",
            N_("CC BY-SA 4.0: name the author, share alike"),
            "https://creativecommons.org/licenses/by-sa/4.0/",
        ),
        Licence(
            "cc-by-nc-4.0",
            N_("CC BY-NC 4.0: name the author, not for profit"),
            "https://creativecommons.org/licenses/by-nc/4.0/",
        ),
        Licence(
            "cc0-1.0",
            N_("CC0: no conditions"),
            "https://creativecommons.org/publicdomain/zero/1.0/",
        ),
        Licence(ALLIANCE_ONLY, N_("For use in the alliance only")),
    )
}
