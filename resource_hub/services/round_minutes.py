"""The minutes of a round: drafted from what happened, written by the host, published and frozen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from io import BytesIO

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from resource_hub.catalogue.formats import MINUTES
from resource_hub.catalogue.labels import Labels
from resource_hub.catalogue.minutes_text import literal
from resource_hub.catalogue.print.minutes import MinutesData, minutes_as_pdf
from resource_hub.domain.catalogue import IssueEdition, Month
from resource_hub.domain.discussion_round import MAX_MINUTES, RoundAct
from resource_hub.domain.errors import N_, Invalid, Problem, WrongState
from resource_hub.domain.follow_ups import TASK_LABELS, TaskState
from resource_hub.domain.people import Person
from resource_hub.domain.robots import CardTopic
from resource_hub.models import Artefact, Issue, IssueRound
from resource_hub.services.group_cards import tell_groups
from resource_hub.services.issue_files import SCRIPTS, LabelsOf, Written
from resource_hub.services.queries.follow_ups import TaskLine, tasks_of_round
from resource_hub.services.queries.rounds import (
    AgendaLine,
    Attendee,
    TalkLine,
    attendees,
    talk_of_round,
)
from resource_hub.services.round_access import round_for
from resource_hub.services.unit_of_work import UnitOfWork
from storage import Storage

JOB = "round_minutes"
"""The job that writes them as PDF; its subject is the number of the round."""

OVERTAKEN = N_(
    "Somebody else changed the minutes meanwhile. Yours are still in the field below: compare them"
    " with what is kept, and save again if yours shall stand."
)


def draft_minutes(session: Session, person: Person, found: IssueRound, labels: Labels) -> str:
    """A beginning, as Markdown: agenda with conclusions, tasks, who took part."""
    agenda, others = talk_of_round(session, found)
    parts = [
        *_agenda(agenda, labels),
        *_others(others, labels),
        *_tasks(tasks_of_round(session, person, found), labels),
        *_attendance(attendees(session, found), labels),
    ]
    return "\n\n".join(parts)


def _heading(labels: Labels, words: str) -> str:
    return f"## {labels.say(words)}"


def _agenda(lines: Sequence[AgendaLine], labels: Labels) -> Iterable[str]:
    if lines:
        yield _heading(labels, N_("Agenda and conclusions"))
    for number, line in enumerate(lines, start=1):
        yield f"### {number}. {literal(line.item.title)}"
        if line.item.words:
            yield f"> {literal(line.item.words)}"
        yield line.concluded or labels.say(N_("No conclusion was noted."))


def _others(lines: Sequence[TalkLine], labels: Labels) -> Iterable[str]:
    concluded = [line for line in lines if line.concluded]
    if concluded:
        yield _heading(labels, N_("Further conclusions"))
    for line in concluded:
        yield f"### {literal(line.title)}"
        yield line.concluded


def _tasks(lines: Sequence[TaskLine], labels: Labels) -> Iterable[str]:
    asked = [line for line in lines if line.task.state is not TaskState.WITHDRAWN]
    if asked:
        line_of_task = labels.say(N_("%(title)s (%(number)s): %(words)s [%(state)s]"))
        yield _heading(labels, N_("Tasks"))
        yield "\n".join(
            "- "
            + line_of_task
            % {
                "title": f"**{literal(line.title)}**",
                "number": line.public_id,
                "words": literal(line.task.words),
                "state": labels.say(TASK_LABELS[line.task.state]),
            }
            for line in asked
        )


def _attendance(people: Sequence[Attendee], labels: Labels) -> Iterable[str]:
    yield _heading(labels, N_("Took part"))
    yield labels.say(N_("%(count)s people")) % {"count": len(people)}
    schools = list(dict.fromkeys(each.school_name for each in people))
    between, line_of_school = labels.say(N_(", ")), labels.say(N_("%(school)s: %(names)s"))
    lines = [
        "- "
        + line_of_school
        % {
            "school": literal(school),
            "names": between.join(
                literal(each.name) for each in people if each.school_name == school
            ),
        }
        for school in schools
    ]
    if lines:
        yield "\n".join(lines)


def save_minutes(
    uow: UnitOfWork, by: Person, alliance_id: int, month: Month, text: str, *, seen: int
) -> IssueRound:
    """Keep what the host wrote.

    Args:
        seen: which version of the minutes stood in the form.

    Raises:
        Missing: there is no round, as far as the person may know.
        NotAllowed: the person does not host it.
        WrongState: it has not begun, or they are published; or somebody else wrote meanwhile.
        Invalid: nothing was written, or too much.
    """
    found = round_for(uow, by, alliance_id, month, RoundAct.WRITE)
    _keep(uow, by, found, text, seen)
    return found


def publish_minutes(
    uow: UnitOfWork, by: Person, alliance_id: int, month: Month, text: str, *, seen: int
) -> IssueRound:
    """Keep what the host wrote and freeze the round; the PDF is promised.

    Raises:
        Missing, NotAllowed, Invalid: see ``save_minutes``.
        WrongState: the round is not over, or it is frozen; or somebody else wrote meanwhile.
    """
    found = round_for(uow, by, alliance_id, month, RoundAct.PUBLISH)
    _keep(uow, by, found, text, seen)
    found.minutes_at, found.minutes_by_id = uow.now(), by.id
    uow.session.flush()
    uow.promise(JOB, found.id)
    tell_groups(uow, found, alliance_id, CardTopic.MINUTES)
    uow.record("round:publish", by=by, alliance=alliance_id, month=str(month))
    return found


def _keep(uow: UnitOfWork, by: Person, found: IssueRound, text: str, seen: int) -> None:
    words = text.replace("\r\n", "\n").strip()
    if not words:
        raise Invalid([Problem("minutes", N_("Write the minutes first."))])
    if len(words) > MAX_MINUTES:
        sentence = N_("At most %(limit)s characters; this has %(length)s.")
        values: dict[str, object] = {"limit": MAX_MINUTES, "length": len(words)}
        raise Invalid([Problem("minutes", sentence, values)])
    if words == found.minutes:
        return
    if seen != found.minutes_edits:
        raise WrongState(OVERTAKEN)
    found.minutes = words
    found.minutes_edits += 1
    uow.session.flush()
    uow.record("round:write", by=by, alliance=found.issue.alliance_id, month=found.issue.month)


@dataclass(frozen=True, slots=True)
class Place:
    """What the printed minutes need of the hub."""

    public_url: str
    zone: tzinfo


def write_minutes(
    session: Session, storage: Storage, round_id: int, labels_of: LabelsOf, place: Place
) -> tuple[int, list[Written]]:
    """The issue's number, and the PDF in each script that is missing; safe to run twice."""
    found = session.scalar(
        select(IssueRound)
        .where(IssueRound.id == round_id, IssueRound.minutes_at.is_not(None))
        .options(
            joinedload(IssueRound.issue).joinedload(Issue.alliance), joinedload(IssueRound.host)
        )
    )
    if found is None or found.minutes_at is None:
        return 0, []
    there = set(session.scalars(
        select(Artefact.script).where(
            Artefact.issue_id == found.issue_id, Artefact.format == MINUTES
        )
    ))  # fmt: skip
    issue = found.issue
    data = MinutesData(
        alliance=issue.alliance.name,
        month=issue.month,
        opens_at=found.opens_at.astimezone(place.zone),
        closes_at=found.closes_at.astimezone(place.zone),
        published_at=found.minutes_at.astimezone(place.zone),
        host=found.host.name,
        place=found.place,
        attended=len(attendees(session, found)),
        text=found.minutes,
        address=f"{place.public_url}/catalogue/{issue.month}/{issue.alliance_id}/round",
    )
    written = []
    for script in SCRIPTS:
        if script not in there:
            content = minutes_as_pdf(data, labels_of(script))
            blob = storage.put(BytesIO(content))
            edition = IssueEdition.ALLIANCE
            written.append(Written(edition, MINUTES, script, 0, blob.key, len(content)))
    return issue.id, written
