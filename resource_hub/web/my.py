"""Own work: where each piece stands and what can be done next; and what one has been told."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from resource_hub.domain.errors import N_, Invalid, Missing
from resource_hub.domain.follow_ups import TASK_LABELS
from resource_hub.domain.people import Person
from resource_hub.domain.quotas import Room
from resource_hub.domain.review import Action
from resource_hub.edge.current import hub, reading, require_person, writing
from resource_hub.edge.errors import status_of
from resource_hub.edge.notice_words import notice_apart
from resource_hub.edge.pages import LinkedPages
from resource_hub.models import Revision
from resource_hub.services import drafting, review
from resource_hub.services.giving_up import discard_draft
from resource_hub.services.notices import mark_read
from resource_hub.services.queries.follow_ups import tasks_of_person
from resource_hub.services.queries.judgements import Judgement, judgements_for_author, last_comments
from resource_hub.services.queries.mine import Group, count_own_work, own_work
from resource_hub.services.queries.notices import notices as notices_of
from resource_hub.services.queries.shelf import Paging
from resource_hub.services.quotas import rooms
from resource_hub.services.revisions import readable_revision
from resource_hub.web.ages import expected_words
from resource_hub.web.judged_words import Judged, judged
from resource_hub.web.notice_places import place_of

blueprint = Blueprint("my", __name__)

AUTHORS_STEPS = {
    Action.TAKE_BACK,
    Action.REVISE,
    Action.WITHDRAW,
    Action.DISCARD,
    Action.APPEAL,
}

_HAPPENED = {
    Action.TAKE_BACK: N_("“%(title)s” is a draft again; only you can see it."),
    Action.APPEAL: N_("“%(title)s” goes to another reviewer, with your reason."),
    Action.WITHDRAW: N_("“%(title)s” is taken down. Its page says why."),
}


def pages(paging: Paging, **kept: Any) -> LinkedPages:  # Any: values of the address
    """The pages of this list; ``kept`` are the other parts of the address."""
    endpoint = request.endpoint or ""
    return LinkedPages(paging, lambda number: url_for(endpoint, **kept, page=number))


@blueprint.get("/my")
def index() -> ResponseReturnValue:
    """The own work in groups: to finish, in review, published, others."""
    person = require_person()
    words = request.args.get("q", "").strip()[:100]
    chosen = request.args.get("group", "")
    group = Group(chosen) if chosen in set(Group) else None
    page = request.args.get("page", 1, type=int)
    counts = count_own_work(reading(), person, words=words)
    pieces, paging = own_work(reading(), person, group=group, words=words, page=page, counts=counts)
    judgements = judgements_for_author(reading(), [piece.revision_id for piece in pieces])
    return render_template(
        "my/index.html",
        pieces=pieces,
        judged=_judged(judgements),
        comments=last_comments(judgements),
        pages=pages(paging, group=group.value if group else None, q=words or None),
        tasks=() if group or words else tasks_of_person(reading(), person),
        task_labels=TASK_LABELS,
        group=group,
        groups=list(Group),
        numbers=counts,
        words=words,
        expected_words=expected_words,
        rooms=_rooms(person),
    )


def _judged(found: Mapping[int, Sequence[Judgement]]) -> dict[int, Judged]:
    """By revision, the last review that was given on a form."""
    return {
        revision_id: judged(reviews[0]) for revision_id, reviews in found.items() if reviews[0].form
    }


def _rooms(person: Person) -> list[tuple[str, Room]]:
    """The own room, then that of the own school."""
    own, school = rooms(reading(), person.id or 0, person.school_id or 0, hub().limits.quotas)
    named = [(_("Your files"), own), (person.school_name, school)]
    return named if person.school_id is not None else named[:1]


@blueprint.post("/my/<int:revision_id>/<action:action>")
def act(revision_id: int, action: Action) -> ResponseReturnValue:
    """One button of the author: take back, new version, take down, discard."""
    person = require_person()
    if action not in AUTHORS_STEPS:
        raise Missing(N_("There is no such button here."))
    if action is Action.DISCARD:
        return _discard(person, revision_id)
    if action is Action.REVISE:
        return _revise(person, revision_id)
    comment = request.form.get("comment", "")
    try:
        with writing() as uow:
            revision = review.take_step(uow, person, revision_id, action, comment=comment)
            title, public_id = revision.title, revision.resource.public_id
            is_own = revision.resource.owner_id == person.id
    except Invalid as error:
        revision = readable_revision(reading(), person, revision_id, hub().now())
        page = render_template(
            f"my/{action}.html", revision=revision, comment=comment, problems=error.problems
        )
        return page, status_of(error)
    flash(_(_HAPPENED[action], title=title), "success")
    if action is Action.TAKE_BACK:
        return redirect(url_for("submit.edit", revision_id=revision_id), code=303)
    if is_own:
        return redirect(url_for(".index"), code=303)
    return redirect(url_for("resource.show", public_id=public_id), code=303)


def _discard(person: Person, revision_id: int) -> ResponseReturnValue:
    discard_draft(writing, hub().storage, person, revision_id)
    flash(_("The draft is discarded."), "success")
    return redirect(url_for(".index"), code=303)


def _revise(person: Person, revision_id: int) -> ResponseReturnValue:
    with writing() as uow:
        revision: Revision = drafting.revise(uow, person, revision_id)
        new_id, number = revision.id, revision.number
    flash(
        _("This is version %(number)s, as a draft. What is published stays until it is approved.",
          number=number),
        "info",
    )  # fmt: skip
    return redirect(url_for("submit.edit", revision_id=new_id), code=303)


@blueprint.get("/my/notices")
def notices() -> ResponseReturnValue:
    """What one has been told; what is on this page counts as read afterwards."""
    person = require_person()
    told, paging = notices_of(reading(), person, page=request.args.get("page", 1, type=int))
    lines = [(each, *notice_apart(each.kind, each.values), place_of(each)) for each in told]
    answer = render_template("my/notices.html", lines=lines, pages=pages(paging))
    unread = [notice.id for notice in told if not notice.is_read]
    if unread and request.method == "GET":
        with writing() as uow:
            mark_read(uow, person, unread)
    return answer


@blueprint.post("/my/notices")
def read_all() -> ResponseReturnValue:
    """Mark every notice as read, those on other pages too."""
    person = require_person()
    with writing() as uow:
        mark_read(uow, person)
    flash(_("All notices are marked as read."), "success")
    return redirect(url_for(".notices"), code=303)
