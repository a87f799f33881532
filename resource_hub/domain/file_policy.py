"""Which files with something amiss a hub takes, and what is said of those that it does not."""

from collections.abc import Mapping
from dataclasses import dataclass

from resource_hub.domain.errors import N_, Problem

_SENTENCES: Mapping[str, str] = {
    "encrypted": N_(
        "“%(name)s” asks for a password, and this hub takes no such files:"
        " save it without a password and upload it again."
    ),
    "damaged": N_(
        "“%(name)s” is damaged or was cut short, and this hub takes no such files:"
        " open it on your computer, save it anew and upload it again."
    ),
    "macros": N_(
        "“%(name)s” holds macros, and this hub takes no such files:"
        " save it without macros, or as PDF, and upload it again."
    ),
    "misnamed": N_(
        "The name of “%(name)s” ends in an extension that does not fit what is inside,"
        " and this hub takes no such files: give it the right one and upload it again."
    ),
}


@dataclass(frozen=True, slots=True)
class FilePolicy:
    """What is taken, each with a sentence to its author; refusing nothing loses nothing."""

    encrypted: bool = True
    damaged: bool = True
    macros: bool = True
    misnamed: bool = True
    unscanned: bool = True
    """False where there is a virus scanner: then it must have looked before a submission."""

    @property
    def takes_all(self) -> bool:
        """Whatever is found inside; ``unscanned`` is about what nobody has looked for yet."""
        return self.encrypted and self.damaged and self.macros and self.misnamed


TAKES_ALL = FilePolicy()


def refusal(
    policy: FilePolicy,
    filename: str,
    *,
    encrypted: bool = False,
    damaged: bool = False,
    macros: bool = False,
    misnamed: bool = False,
) -> Problem | None:
    """Why this file is not taken, and what to do; None when it is.

    Args:
        encrypted: Known when it is uploaded of Office files, of others after inspection; so is
            ``macros``. ``damaged`` is known after inspection, ``misnamed`` always.
    """
    amiss = {"encrypted": encrypted, "damaged": damaged, "macros": macros, "misnamed": misnamed}
    for what, is_so in amiss.items():
        if is_so and not getattr(policy, what):
            return Problem("files", _SENTENCES[what], {"name": filename})
    return None
