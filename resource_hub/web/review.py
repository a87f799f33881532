"""The desk on which one submission is judged."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from resource_hub.domain.errors import HubError, Invalid, Missing, Problem, WrongState
from resource_hub.domain.people import Person
from resource_hub.domain.review import DECISIONS, REASON_LABELS, Action
from resource_hub.domain.taxonomy import Section
from resource_hub.edge.current import hub, reading, require_person, writing
from resource_hub.edge.errors import status_of
from resource_hub.edge.guests import TOKEN
from resource_hub.edge.words import label, say
from resource_hub.models import Revision
from resource_hub.services.deciding import AT_THE_DESK, HOLDING, NO_SUCH, decide
from resource_hub.services.evening import note_opened
from resource_hub.services.opinions import Written, keep_opinion, kept_opinions
from resource_hub.services.own_sentences import own_sentences
from resource_hub.services.queries.inbox import count_waiting
from resource_hub.services.queries.judgements import hidden_notes
from resource_hub.services.queries.submission_page import (
    MOST_TEXT,
    SubmissionPage,
    submission_page,
)
from resource_hub.services.review import MAX_COMMENT
from resource_hub.services.review_forms import form_on_page, kept_forms
from resource_hub.web.account import safe_next
from resource_hub.web.ages import days_since
from resource_hub.web.alike import RELATION_LABELS, alike_on_desk
from resource_hub.web.beside import back_to_list, beside, where_next
from resource_hub.web.difference_words import summary_of
from resource_hub.web.file_words import shown_file
from resource_hub.web.finding_words import said_of_own_text
from resource_hub.web.judged_words import Answers, answers_of
from resource_hub.web.looks import looks_of
from resource_hub.web.opinion_form import (
    new_window,
    reason_of,
    shown_form,
    version_typed,
    window_typed,
    written_typed,
)
from resource_hub.web.playing import Player, player_of
from resource_hub.web.remarks import desk_lines
from resource_hub.web.review_words import (
    choice_words,
    ended_words,
    outcome_words,
    successor_choices,
    why_words,
)

blueprint = Blueprint("review", __name__)

DECIDED = "decided"
"""In the session: the submission whose half-written opinion the browser may forget."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What was typed about who is to have it."""

    note: str = ""
    successor: int | None = None

    @classmethod
    def typed(cls) -> "Turn":
        return cls(request.form.get("note", ""), request.form.get("successor", type=int))


@blueprint.get("/review/<int:submission_id>")
def desk(submission_id: int) -> ResponseReturnValue:
    """Everything to judge one submission by, and the form to judge it with."""
    return _desk(require_person(), submission_id)


@blueprint.post("/review/<int:submission_id>/<action:action>")
def take_step(submission_id: int, action: Action) -> ResponseReturnValue:
    """One button of the desk or the inbox; whatever goes wrong, the opinion is kept."""
    person = require_person()
    opinion, turn = written_typed(), Turn.typed()
    if action not in AT_THE_DESK:
        raise Missing(NO_SUCH)
    following = where_next(person, submission_id) if action in DECISIONS else ""
    try:
        with writing() as uow:
            decided = decide(
                uow,
                person,
                submission_id,
                action,
                comment=turn.note,
                reason=reason_of(opinion),
                sheet=None if action in HOLDING else opinion.sheet,
                seen=request.form.get("seen", type=int),
                successor=turn.successor,
            )
            sentence = outcome_words(action, decided)
    except (Invalid, WrongState) as error:
        if action in DECISIONS:
            _keep(person, submission_id, opinion)
            return _desk(person, submission_id, opinion, error)
        return _desk(person, submission_id, None, error, turn=turn)
    if action is Action.CLAIM and "next" not in request.form:
        flash(sentence, "success")
        here = url_for(".desk", submission_id=submission_id, list=request.form.get("list") or None)
        return redirect(here, code=303)
    if action in HOLDING:
        flash(sentence, "success")
        return redirect(safe_next(request.form.get("next") or back_to_list(person)), code=303)
    if person.guest_of is not None:
        flash(sentence, "success")
        return redirect(url_for("invitations.welcome", token=session[TOKEN]), code=303)
    session[DECIDED] = submission_id
    flash(f"{sentence} {_what_is_next(person)}", "success")
    return redirect(following or back_to_list(person), code=303)


def _what_is_next(person: Person) -> str:
    number = count_waiting(reading(), person)
    if not number:
        return str(_("Nothing else waits for you."))
    return str(ngettext("%(num)s more waits for you.", "%(num)s more wait for you.", number))


def _keep(person: Person, submission_id: int, opinion: Written) -> None:
    """After a refusal: what was typed outlives the page that shows it again, if it can be kept."""
    with suppress(Invalid), writing() as uow:
        keep_opinion(
            uow, person, submission_id, opinion, window=window_typed(), version=version_typed()
        )


def _desk(
    person: Person,
    submission_id: int,
    typed: Written | None = None,
    error: HubError | None = None,
    *,
    turn: "Turn | None" = None,
) -> ResponseReturnValue:
    """The desk with what was typed: just now, when it was refused, or as it was kept.

    Where several windows wrote, the newest text is shown, or the one that ``?opinion=`` names, and
    the others are offered.
    """
    now = hub().now()
    kept = kept_opinions(reading(), person, submission_id)
    wanted = request.args.get("opinion", type=int)
    chosen = next((each for each in kept if each.id == wanted), kept[0] if kept else None)
    opinion = typed or (chosen.written if chosen else Written())
    others = [each for each in kept if each.written != opinion and not each.written.is_empty]
    page = submission_page(reading(), person, submission_id, now.astimezone(hub().zone))
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
        looks=looks_of(page.revision.attachments, page.resource.public_id),
        players=_players(page),
        sections=_sections(page.revision),
        alike=alike_on_desk(person, page.revision),
        relations=RELATION_LABELS,
        own_findings=said_of_own_text(page.revision),
        changes=summary_of(page.changes) if page.changes else None,
        choices=choice_words(page),
        can=page.actions.keys(),
        reasons=[(code.value, _(words)) for code, words in REASON_LABELS.items()],
        opinion=opinion,
        form=shown_form(
            form_on_page(reading(), page.resource.kind, opinion.sheet.form), opinion.sheet
        ),
        answers=_answers(page),
        window=window_typed() if typed else new_window(),
        version=next((each.version for each in kept if each.written == opinion), ""),
        others=others,
        sentences=own_sentences(reading(), person),
        problems=problems,
        refusal=say(error) if isinstance(error, WrongState) else "",
        max_comment=MAX_COMMENT,
        days=days_since(page.submission.stage_since),
        remarks=desk_lines(person, page.revision, submission_id),
        turn=turn or Turn(),
        beside=beside(person, submission_id),
        decided=session.pop(DECIDED, None),
        why={held.reviewer_id: why_words(held.why) for held in page.holders},
        ended_words=ended_words,
        successors=successor_choices(page.successors),
    )
    _note_opened(person, page)
    return (answer, status_of(error)) if error else answer


def _note_opened(person: Person, page: SubmissionPage) -> None:
    """The first time that somebody has what is theirs on the desk: it is not moved any more."""
    number = page.submission.id
    if any(each.reviewer_id == person.id and not each.has_opened for each in page.holders):
        with writing() as uow:
            note_opened(uow, person, number)


def _answers(page: SubmissionPage) -> dict[int, Answers]:
    """By review, what was answered, with the notes that are for reviewers and coordinators."""
    reviews = [review for each in page.rounds for review in each.reviews]
    forms = kept_forms(reading(), {review.form for review in reviews if review.form})
    notes = hidden_notes(reading(), [review.id for review in reviews])
    return {
        review.id: answers_of(
            review.sheet, forms.get(review.form or ""), hidden=notes.get(review.id, "")
        )
        for review in reviews
    }


def _players(page: SubmissionPage) -> dict[int, Player | None]:
    """How to play the films and sounds, by attachment."""
    attachments = page.revision.attachments
    beside = [(each.id, each.filename) for each in attachments]
    return {
        each.id: player_of(
            each, page.resource.public_id, beside=beside, language=page.revision.language
        )
        for each in attachments
    }


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
