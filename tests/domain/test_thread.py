"""Who reads what while several opinions are awaited, and afterwards."""

from dataclasses import replace

import pytest

from resource_hub.domain.submissions import Stage
from resource_hub.domain.thread import Round, shows_message

AUTHOR, FIRST, SECOND, COORDINATOR = 1, 2, 3, 4
AWAITING = Round(author_id=AUTHOR, is_open=True, stage=Stage.SCHOOL, opinions=2)


def readers(round_: Round, *, speaker: int, answered: int | None = None) -> set[int]:
    return {
        reader
        for reader in (AUTHOR, FIRST, SECOND, COORDINATOR)
        if shows_message(
            reader, round_, stage=Stage.SCHOOL, speaker_id=speaker, answered_id=answered
        )
    }


def test_what_one_reviewer_says_stays_with_the_author_until_all_opinions_are_in() -> None:
    assert readers(AWAITING, speaker=FIRST) == {AUTHOR, FIRST}


def test_what_the_author_says_to_nobody_in_particular_is_for_everybody() -> None:
    assert readers(AWAITING, speaker=AUTHOR) == {AUTHOR, FIRST, SECOND, COORDINATOR}


def test_what_the_author_answers_to_one_does_not_tell_the_other_what_was_asked() -> None:
    assert readers(AWAITING, speaker=AUTHOR, answered=FIRST) == {AUTHOR, FIRST}


@pytest.mark.parametrize(
    "over",
    [
        replace(AWAITING, is_open=False),
        replace(AWAITING, stage=Stage.ALLIANCE),
        replace(AWAITING, opinions=1),
    ],
)
def test_afterwards_and_where_one_opinion_is_enough_everybody_reads_everything(
    over: Round,
) -> None:
    everybody = {AUTHOR, FIRST, SECOND, COORDINATOR}
    assert readers(over, speaker=FIRST) == everybody
    assert readers(over, speaker=AUTHOR, answered=FIRST) == everybody


def test_a_stranger_reads_no_message_of_those_who_are_at_it() -> None:
    assert not shows_message(None, AWAITING, stage=Stage.SCHOOL, speaker_id=FIRST, answered_id=None)
