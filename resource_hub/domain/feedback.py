"""Stars and uses in class: what is taken, and from when on a mean is shown."""

from datetime import date

from resource_hub.domain.errors import N_, Invalid, Problem
from resource_hub.domain.thread import MOST_CHARACTERS

FEWEST = 3
"""Ratings from which on their mean is shown: before, one person's mood would be the mark."""
MOST_STARS = 5
EARLIEST = date(2000, 1, 1)
"""A lesson before that is a slip of the pen."""
TOLD_ALREADY = Problem(
    "held_on",
    N_(
        "You have told of this day with this grade already, and it counts once."
        " To tell more, answer what you said; to mend it, take it back and tell it anew."
    ),
)


def mean_of(total: int, people: int) -> float | None:
    """The mean, to one decimal; None as long as too few have rated."""
    return round(total / people, 1) if people >= FEWEST else None


def checked_stars(stars: int | None) -> int:
    """One to five.

    Raises:
        Invalid: it is something else.
    """
    if stars is None or not 1 <= stars <= MOST_STARS:
        raise Invalid([Problem("stars", N_("Choose one to five stars."))])
    return stars


def class_use_problems(
    *,
    knows_grade: bool,
    held_on: date | None,
    today: date,
    texts: dict[str, str],
    since: date = EARLIEST,
) -> list[Problem]:
    """What is wrong with what somebody says of a lesson.

    Args:
        knows_grade: whether the grade is one of the list.
        held_on: None where no day could be read.
        texts: what was written, by the name of its field.
        since: the day from which on there was something to use.
    """
    problems = []
    if not knows_grade:
        problems.append(Problem("grade", N_("Choose the grade that you taught.")))
    if held_on is None:
        problems.append(Problem("held_on", N_("Give the day of the lesson, such as 2026-10-12.")))
    elif held_on > today:
        problems.append(Problem("held_on", N_("This day is still to come: tell after the lesson.")))
    elif held_on < EARLIEST:
        problems.append(Problem("held_on", N_("Is this the day? Give the year with four digits.")))
    elif held_on < since:
        sentence = N_("This work is here since %(since)s: give the day of a lesson from then on.")
        problems.append(Problem("held_on", sentence, {"since": since}))
    for name, text in texts.items():
        if len(text) > MOST_CHARACTERS:
            sentence = N_("At most %(limit)s characters; this has %(length)s.")
            values: dict[str, object] = {"limit": MOST_CHARACTERS, "length": len(text)}
            problems.append(Problem(name, sentence, values))
    return problems
