"""The thread of a submission: its history, and the conversation of author and reviewers."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from resource_hub.domain.assignment import PassedOn
from resource_hub.domain.errors import N_, Invalid, Missing, Problem
from resource_hub.domain.people import Person
from resource_hub.domain.review import Action, State, possible_actions
from resource_hub.domain.thread import MOST_CHARACTERS
from resource_hub.edge.current import hub, reading, require_person, writing
from resource_hub.edge.errors import status_of
from resource_hub.services.queries.thread import Thread, thread
from resource_hub.services.queries.thread_entries import Entry, TurnStep, What
from resource_hub.services.revisions import reviewable
from resource_hub.services.thread import say
from resource_hub.web.converters import row_number
from resource_hub.web.remark_words import RemarkLine, remark_lines
from resource_hub.web.review_words import why_words
from resource_hub.web.verdict_words import verdict_head, verdict_reasons

blueprint = Blueprint("thread", __name__)

_STEPS: Mapping[Action, str] = {
    Action.SUBMIT: N_("%(by)s submitted it"),
    Action.APPEAL: N_("%(by)s appeals against the rejection"),
    Action.TAKE_BACK: N_("%(by)s took it back"),
    Action.CLAIM: N_("%(by)s has begun to review it"),
    Action.RELEASE: N_("%(by)s has given it back to the other reviewers"),
    Action.WITHDRAW: N_("%(by)s took it down"),
}
_OPINIONS: Mapping[Action, str] = {
    Action.APPROVE: N_("%(by)s approved it"),
    Action.REQUEST_CHANGES: N_("%(by)s asks for changes"),
    Action.REJECT: N_("%(by)s rejected it"),
}

_TURNS: Mapping[TurnStep, str] = {
    TurnStep.GIVEN: N_("%(whom)s is to review it"),
    TurnStep.HANDED_OVER: N_("%(by)s handed it over to %(whom)s"),
    TurnStep.DECLINED: N_("%(whom)s declined to review it"),
    TurnStep.LATE: N_("The review is late; the school's coordinator was told"),
    TurnStep.NOBODY: N_("Nobody is available to review it; the school's coordinator was told"),
    TurnStep.INVITED: N_("%(by)s asked %(whom)s, from outside, for an opinion"),
}
_PASSED_ON = N_("It is passed on to another reviewer")
_TAKEN_FROM: Mapping[PassedOn | None, str] = {
    PassedOn.LATE: N_("%(whom)s was late: it is passed on"),
    PassedOn.AWAY: N_("%(whom)s is away: it is passed on"),
    PassedOn.TOO_CLOSE: N_("%(whom)s is too close to the author now: it is passed on"),
    PassedOn.NO_REVIEWER: N_("%(whom)s does not review this here any more: it is passed on"),
    None: N_("%(whom)s was late, away or too close to the author: it is passed on"),
}


@blueprint.get("/thread/<int:submission_id>")
def show(submission_id: int) -> ResponseReturnValue:
    """Everything that happened to the work in review, and a box to write in."""
    answers = request.args.get("answers", type=row_number)
    return _page(require_person(), submission_id, "", answers)


@blueprint.post("/thread/<int:submission_id>")
def write(submission_id: int) -> ResponseReturnValue:
    """Leave a message; whatever goes wrong, its text comes back."""
    person = require_person()
    form = request.form
    text, answers = form.get("text", ""), form.get("answers", type=row_number)
    try:
        with writing() as uow:
            message_id = say(uow, person, submission_id, text, answers=answers).id
    except Invalid as error:
        return _page(person, submission_id, text, answers, error.problems), status_of(error)
    except Missing as error:
        if answers is None:
            raise
        problems = [Problem("text", error.sentence)]
        return _page(person, submission_id, text, None, problems), status_of(error)
    place = url_for(".show", submission_id=submission_id, _anchor=f"message-{message_id}")
    return redirect(place, code=303)


def _page(
    person: Person,
    submission_id: int,
    text: str,
    answers: int | None,
    problems: Sequence[Problem] = (),
) -> str:
    found = thread(
        reading(), person, submission_id, hub().now(), whole=request.args.get("whole") == "1"
    )
    spoken = {entry.message_id: entry for entry in found.here.entries if entry.message_id}
    return render_template(
        "thread/show.html",
        thread=found,
        revision=found.talk.revision,
        resource=found.resource,
        submission=found.talk.submission,
        person=person,
        words=entry_words,
        reasons=verdict_reasons,
        **_appeal(person, found),
        why_words=why_words,
        lines=_lines(found),
        answered=spoken.get(answers or 0),
        text=text,
        problems=problems,
        max_characters=MOST_CHARACTERS,
    )


def _appeal(person: Person, found: Thread) -> dict[str, object]:
    """For the author: whether to appeal is possible, and at which stage an appeal is judged now."""
    revision, submission = found.talk.revision, found.talk.submission
    if not found.talk.is_author:
        return {"may_appeal": False, "appeal_at": None}
    is_rejected = revision.state is State.REJECTED
    return {
        "may_appeal": is_rejected
        and Action.APPEAL in possible_actions(person, reviewable(reading(), revision)),
        "appeal_at": submission.stage
        if submission.appeal_of is not None and submission.outcome is None
        else None,
    }


def entry_words(entry: Entry) -> str:
    """What happened, in a sentence."""
    if entry.verdict is not None:
        return verdict_head(entry.verdict)
    if entry.turn is not None:
        return str(_(_turn_sentence(entry), by=entry.by, whom=entry.whom))
    if entry.what is What.REMARKS:
        number = len(entry.remarks)
        return str(ngettext("%(by)s made %(num)s remark", "%(by)s made %(num)s remarks", number,
                            by=entry.by))  # fmt: skip
    if entry.what is What.ANSWERS:
        number = len(entry.remarks)
        return str(ngettext("%(by)s answered %(num)s remark", "%(by)s answered %(num)s remarks",
                            number, by=entry.by))  # fmt: skip
    if entry.what is What.MESSAGE or entry.action is None:
        return entry.by
    sentence = (_OPINIONS if entry.what is What.OPINION else _STEPS)[entry.action]
    return str(_(sentence, by=entry.by or _("The hub")))


def _turn_sentence(entry: Entry) -> str:
    if entry.turn is TurnStep.PASSED_ON:
        return _TAKEN_FROM[entry.passed_on] if entry.whom else _PASSED_ON
    return _TURNS[entry.turn or TurnStep.GIVEN]


def _lines(found: Thread) -> Mapping[int, RemarkLine]:
    """By remark, what the page says of it."""
    talk = found.talk
    shown = [each for one in found.rounds for entry in one.entries for each in entry.remarks]
    under_way = talk.submission.id if talk.submission.outcome is None else None
    lines = remark_lines(shown, found.resource.public_id, written_in=under_way)
    return {line.shown.remark.id: line for line in lines}
