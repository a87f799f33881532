"""How much room a person and a school have, and what is said when it is used up."""

from dataclasses import dataclass

from resource_hub.domain.errors import N_, TooLarge

MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Quotas:
    """Bytes of all files of a person's and of a school's resources; 0 means without limit.

    The same bytes count once, in however many versions they are.
    """

    person: int = 0
    school: int = 0


NO_QUOTAS = Quotas()


@dataclass(frozen=True, slots=True)
class Room:
    """What is used of ``limit``, in bytes; a limit of 0 is none."""

    used: int
    limit: int

    @property
    def share(self) -> float:
        """From 0 to 1; 0 without a limit."""
        return min(1.0, self.used / self.limit) if self.limit else 0.0

    @property
    def percent(self) -> int:
        """Rounded down, so that 100 means full."""
        return int(self.share * 100)

    @property
    def is_tight(self) -> bool:
        """Whether it is time to say so."""
        return self.share >= 0.9  # noqa: PLR2004 - nine tenths

    def holds(self, more: int) -> bool:
        """Whether so many bytes more fit in."""
        return not self.limit or self.used + more <= self.limit


def require_room(*, person: Room, school: Room, more: int) -> None:
    """Refuse what does not fit into what is left.

    Raises:
        TooLarge: in a sentence that says whose room, how much there is, and how much is used.
    """
    if not person.holds(more):
        raise TooLarge(
            N_(
                "You have room for %(limit)s MB and use %(used)s; this file needs %(more)s more."
                " Discard old drafts, or ask the administrator for more room."
            ),
            limit=person.limit // MB,
            used=person.used // MB,
            more=-(-more // MB),
        )
    if not school.holds(more):
        raise TooLarge(
            N_(
                "Your school has room for %(limit)s MB and uses %(used)s; this file needs"
                " %(more)s more. Tell your school's coordinator."
            ),
            limit=school.limit // MB,
            used=school.used // MB,
            more=-(-more // MB),
        )
