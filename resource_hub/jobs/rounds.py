"""What is promised of discussion rounds: people are told, minutes are set."""

from collections.abc import Sequence

from resource_hub.edge.current import hub, reading, writing
from resource_hub.edge.issue_words import labels_in
from resource_hub.services import round_clock, round_minutes
from resource_hub.services.issue_files import note_file


def opens(subjects: Sequence[str], _tools: object) -> None:
    """Tell everybody in the alliance that a round is open."""
    for subject in subjects:
        with writing() as uow:
            round_clock.tell_opening(uow, int(subject))


def closes(subjects: Sequence[str], _tools: object) -> None:
    """Remind everybody in the alliance that a round closes in a day."""
    for subject in subjects:
        with writing() as uow:
            round_clock.tell_closing(uow, int(subject))


def minutes(subjects: Sequence[str], _tools: object) -> None:
    """Set the published minutes of a round as PDF, as far as they are not there."""
    place = round_minutes.Place(hub().public_url, hub().zone)
    for subject in dict.fromkeys(subjects):
        issue_id, written = round_minutes.write_minutes(
            reading(), hub().storage, int(subject), labels_in, place
        )
        for file in written:
            with writing() as uow:
                note_file(uow, hub().storage, issue_id, file)
