"""The reviewer's inbox, and the desk on which one submission is judged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from resource_hub.domain.errors import HubError, Invalid, Missing, Problem, WrongState
from resource_hub.domain.people import Person
from resource_hub.domain.review import REASON_LABELS, Action, Reason, Stage
from resource_hub.domain.taxonomy import Section
from resource_hub.edge.current import hub, reading, require_person, writing
from resource_hub.edge.errors import status_of
from resource_hub.edge.pages import LinkedPages
from resource_hub.edge.words import label, say
from resource_hub.models import Revision
from resource_hub.services.deciding import AT_THE_DESK, NO_SUCH, decide
from resource_hub.services.queries.inbox import count_waiting, heaps
from resource_hub.services.queries.inbox import inbox as waiting
from resource_hub.services.queries.submission_page import (
    MOST_TEXT,
    SubmissionPage,
    submission_page,
)
from resource_hub.services.review import MAX_COMMENT
from resource_hub.web.account import safe_next
from resource_hub.web.difference_words import difference_words
from resource_hub.web.file_words import shown_file
from resource_hub.web.review_words import choice_words, outcome_words

blueprint = Blueprint("review", __name__)

DECIDED = "decided"
"""In the session: the submission whose half-written opinion the browser may forget."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the reviewer has typed so far."""

    comment: str = ""
    reason: str = ""

    @classmethod
    def typed(cls) -> "Opinion":
        return cls(request.form.get("comment", ""), request.form.get("reason", ""))


@blueprint.get("/review")
def inbox() -> ResponseReturnValue:
    """What waits for this reviewer, filtered by subject, stage and holder."""
    person = require_person()
    subject, stage = request.args.get("subject", ""), request.args.get("stage", "")
    mine = request.args.get("mine") == "1"
    chosen = Stage(stage) if stage in set(Stage) else None
    lines, paging = waiting(
        reading(),
        person,
        subject=subject,
        stage=chosen,
        mine=mine,
        page=request.args.get("page", 1, type=int),
    )
    found = heaps(reading(), person)
    kept: dict[str, Any] = {  # Any: values of an address
        "subject": subject or None,
        "stage": chosen,
        "mine": "1" if mine else None,
    }
    return render_template(
        "review/inbox.html",
        lines=[(line, days_since(line.waiting_since)) for line in lines],
        pages=LinkedPages(paging, lambda number: url_for(".inbox", **kept, page=number)),
        total=sum(heap.number for heap in found),
        held=sum(heap.mine for heap in found),
        subjects=sorted({heap.subject for heap in found} | ({subject} if subject else set())),
        stages=[each for each in Stage if any(heap.stage is each for heap in found)],
        subject=subject,
        stage=chosen,
        mine=mine,
        decided=session.pop(DECIDED, None),
    )


def days_since(moment: datetime) -> int:
    """Whole days in the hub's calendar: what came yesterday evening is one day old."""
    zone = hub().zone
    return (hub().now().astimezone(zone).date() - moment.astimezone(zone).date()).days


@blueprint.get("/review/<int:submission_id>")
def desk(submission_id: int) -> ResponseReturnValue:
    """Everything to judge one submission by, and the form to judge it with."""
    return _desk(require_person(), submission_id, Opinion())


@blueprint.post("/review/<int:submission_id>/<action:action>")
def take_step(submission_id: int, action: Action) -> ResponseReturnValue:
    """One button of the desk or the inbox; whatever goes wrong, the opinion is kept."""
    person = require_person()
    opinion = Opinion.typed()
    reason = Reason(opinion.reason) if opinion.reason in set(Reason) else None
    if action not in AT_THE_DESK:
        raise Missing(NO_SUCH)
    try:
        with writing() as uow:
            decided = decide(
                uow,
                person,
                submission_id,
                action,
                comment=opinion.comment,
                reason=reason,
                seen=request.form.get("seen", type=int),
            )
            sentence = outcome_words(action, decided)
    except (Invalid, WrongState) as error:
        return _desk(person, submission_id, opinion, error)
    if action is Action.CLAIM and "next" not in request.form:
        flash(sentence, "success")
        return redirect(url_for(".desk", submission_id=submission_id), code=303)
    if action in {Action.CLAIM, Action.RELEASE}:
        flash(sentence, "success")
        return redirect(safe_next(request.form.get("next") or url_for(".inbox")), code=303)
    session[DECIDED] = submission_id
    flash(f"{sentence} {_what_is_next(person)}", "success")
    return redirect(url_for(".inbox"), code=303)


def _what_is_next(person: Person) -> str:
    number = count_waiting(reading(), person)
    if not number:
        return str(_("Nothing else waits for you."))
    return str(ngettext("%(num)s more waits for you.", "%(num)s more wait for you.", number))


def _desk(
    person: Person, submission_id: int, opinion: Opinion, error: HubError | None = None
) -> ResponseReturnValue:
    """The desk; after a refusal with what was wrong, and everything that was typed."""
    now = hub().now()
    page = submission_page(reading(), person, submission_id, now)
    problems: Sequence[Problem] = error.problems if isinstance(error, Invalid) else ()
    files = [
        shown_file(attachment, page.resource.public_id, now)
        for attachment in page.revision.attachments
    ]
    answer = render_template(
        "review/desk.html",
        page=page,
        submission=page.submission,
        resource=page.resource,
        revision=page.revision,
        person=person,
        files=[
            (file, *_beginning(page, attachment.blob_key))
            for file, attachment in zip(files, page.revision.attachments, strict=True)
        ],
        sections=_sections(page.revision),
        changes=difference_words(page),
        choices=choice_words(page),
        can=page.actions.keys(),
        reasons=[(code.value, _(words)) for code, words in REASON_LABELS.items()],
        opinion=opinion,
        problems=problems,
        refusal=say(error) if isinstance(error, WrongState) else "",
        max_comment=MAX_COMMENT,
        days=days_since(page.submission.stage_since),
    )
    return (answer, status_of(error)) if error else answer


def _beginning(page: SubmissionPage, key: str) -> tuple[str, bool]:
    """How the text of a file begins, and whether there is more of it."""
    text = page.texts.get(key, "")
    return text[:MOST_TEXT], len(text) > MOST_TEXT


def _sections(revision: Revision) -> list[tuple[str, str, str]]:
    """The named parts of a lesson plan in their order: code, heading, text."""
    return [
        (section.value, label(section, "section"), revision.sections[section.value])
        for section in Section
        if revision.sections.get(section.value)
    ]
