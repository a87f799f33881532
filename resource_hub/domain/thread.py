"""Who hears what in the conversation about a submission.

While a stage waits for several opinions, each reviewer forms one alone: what the others said stays
between them and the author until all are in.
"""

from dataclasses import dataclass

from resource_hub.domain.errors import N_, Invalid, Problem
from resource_hub.domain.submissions import Stage

MOST_CHARACTERS = 5_000
"""Of one message, or one post."""


@dataclass(frozen=True, slots=True)
class Round:
    """What the rules need to know of a submission."""

    author_id: int
    is_open: bool
    stage: Stage
    opinions: int
    """How many opinions its present stage waits for."""

    def awaits_opinions_at(self, stage: Stage) -> bool:
        return self.is_open and self.stage is stage


def shows_message(
    reader_id: int | None, round_: Round, *, stage: Stage, speaker_id: int, answered_id: int | None
) -> bool:
    """Whether a person reads a message that was written at ``stage``.

    Args:
        answered_id: whom it answers, never its own writer; None for nobody in particular.
    """
    if not round_.awaits_opinions_at(stage) or round_.opinions <= 1:
        return True
    if reader_id in {round_.author_id, speaker_id}:
        return True
    return speaker_id == round_.author_id and answered_id in {None, reader_id}


def said(text: str) -> str:
    """What somebody wrote, ready to be kept.

    Raises:
        Invalid: nothing was written, or too much.
    """
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise Invalid([Problem("text", N_("Write something first."))])
    if len(text) > MOST_CHARACTERS:
        sentence = N_(
            "At most %(limit)s characters; this has %(length)s. Your text is kept below: shorten"
            " it, or send it in parts."
        )
        places = {"limit": MOST_CHARACTERS, "length": len(text)}
        raise Invalid([Problem("text", sentence, dict(places))])
    return text
