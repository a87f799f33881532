"""The inbox, one for all roles: to review, to answer, to publish; told to me is ``my.notices``."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import Blueprint, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from resource_hub.domain.errors import N_, NotAllowed
from resource_hub.domain.people import Person
from resource_hub.domain.review import Stage
from resource_hub.edge.current import hub, reading, require_person
from resource_hub.edge.pages import LinkedPages
from resource_hub.edge.words import label
from resource_hub.services.queries.boxes import Box, boxes_of, sent_back
from resource_hub.services.queries.counts import counts_of
from resource_hub.services.queries.inbox import may_judge, refuse_unless_reviewer
from resource_hub.services.queries.issues import issues
from resource_hub.services.queries.oversight import may_oversee
from resource_hub.services.queries.queues import Queue, Sought, Whose
from resource_hub.services.queries.sheets import Heaps
from resource_hub.services.queries.waiting import Waiting, lines
from resource_hub.services.together import Together
from resource_hub.web.ages import days_since, today
from resource_hub.web.beside import CHOICES, list_here, sought_in
from resource_hub.web.review import DECIDED

blueprint = Blueprint("inbox", __name__)

ADDRESSES = {
    Box.REVIEW: "inbox.to_review",
    Box.ANSWER: "inbox.to_answer",
    Box.PUBLISH: "inbox.to_publish",
    Box.REPORTED: "moderation.reported",
    Box.TOLD: "my.notices",
}


@blueprint.app_context_processor
def boxes() -> dict[str, Any]:  # Any: variables of a template
    """Where each box is, for ``inbox/strip.html`` on whichever page it stands."""
    return {"inbox_addresses": ADDRESSES, "boxes_of": boxes_of}


@blueprint.get("/inbox")
def index() -> ResponseReturnValue:
    """The first box in which something waits; the reviewers' or the author's when all is done."""
    person = require_person()
    mine = boxes_of(person)
    counts = counts_of(reading(), person, hub().now())
    box = next((box for box in mine if counts.of(box)), mine[0])
    return redirect(url_for(ADDRESSES[box]))


@blueprint.get("/review")
def to_review() -> ResponseReturnValue:
    """What waits for this reviewer; every filter and the order are in the address.

    Raises:
        NotAllowed: the person reviews nothing.
    """
    person = require_person()
    refuse_unless_reviewer(person)
    sought = sought_in(request.args)
    queue = Queue(person, may_judge(person), today())
    shown, sheet = lines(reading(), queue, sought, page=request.args.get("page", 1, type=int))
    found = sheet.heaps
    g.counts = counts_of(reading(), person, hub().now(), to_review=_next_ones(found))
    return render_template(
        "inbox/review.html",
        lines=dated(shown),
        pages=LinkedPages(sheet.paging, lambda number: _link(page=number)),
        total=found.number(Sought()),
        numbers=_numbers(found, sought),
        sought=sought,
        filtered=_filtered(sought),
        subjects=_options(
            {heap.subject for heap in found.heaps} | {sought.subject} - {""}, "subject"
        ),
        kinds=_options({heap.kind.value for heap in found.heaps}, "kind"),
        stages=[(stage.value, stage_words(stage)) for stage in Stage],
        link=_link,
        acts=[act.value for act in _acts(person, shown)],
        may_oversee=may_oversee(person),
        list=list_here(),
        decided=session.pop(DECIDED, None),
    )


def _next_ones(found: Heaps) -> int:
    """The figure of the navigation, which every page shows: what is mine, and what is free."""
    return found.number(Sought(whose=Whose.MINE)) + found.number(Sought(whose=Whose.FREE))


def dated(waiting: Sequence[Waiting]) -> list[tuple[Waiting, int, int]]:
    """Each line with its days until it is due (0 where it has no day) and its age in days."""
    day = today()
    return [
        (line, (line.due_on - day).days if line.due_on else 0, days_since(line.waiting_since))
        for line in waiting
    ]


def _link(**changes: object) -> str:
    """This list with other choices, from its first page; None takes a choice away."""
    kept: dict[str, Any] = {name: request.args.get(name) or None for name in CHOICES}  # Any: words
    return url_for("inbox.to_review", **(kept | changes))


def _numbers(found: Heaps, sought: Sought) -> dict[str, int]:
    """The figures beside the tabs, each as the other filters leave it."""
    every = replace(sought, whose=None, late=False)
    return {
        "all": found.number(every),
        "mine": found.number(replace(every, whose=Whose.MINE)),
        "free": found.number(replace(every, whose=Whose.FREE)),
        "late": found.number(replace(every, late=True)),
    }


def _filtered(sought: Sought) -> list[str]:
    """The words of what is filtered by, beside the tabs."""
    words = [label(sought.subject, "subject")] if sought.subject else []
    words += [label(sought.kind, "kind")] if sought.kind else []
    return [*words, stage_words(sought.stage)] if sought.stage else words


def _options(codes: set[str], scheme: str) -> list[tuple[str, str]]:
    return [(code, label(code, scheme)) for code in sorted(codes)]


def stage_words(stage: Stage) -> str:
    return str(_("School review") if stage is Stage.SCHOOL else _("Alliance review"))


def _acts(person: Person, shown: Sequence[Waiting]) -> list[Together]:
    """The buttons of the bar: only those that could do something on this page."""
    useful = {
        Together.HAND_OVER: may_oversee(person) or any(line.mine for line in shown),
        Together.APPROVE: any(line.fast_lane for line in shown),
        Together.REMIND: may_oversee(person),
    }
    return [act for act in Together if useful.get(act, True)]


@blueprint.get("/inbox/answer")
def to_answer() -> ResponseReturnValue:
    """Own work that reviewers sent back, the longest waiting first."""
    found, paging = sent_back(
        reading(), require_person(), hub().now(), page=request.args.get("page", 1, type=int)
    )
    return render_template(
        "inbox/answer.html",
        lines=[(line, days_since(line.since)) for line in found],
        pages=LinkedPages(paging, lambda number: url_for(".to_answer", page=number)),
    )


@blueprint.get("/inbox/publish")
def to_publish() -> ResponseReturnValue:
    """The drafts of the catalogue, for those who publish it.

    Raises:
        NotAllowed: the person does not edit the catalogue.
    """
    person = require_person()
    if Box.PUBLISH not in boxes_of(person):
        raise NotAllowed(N_("Only editors of the catalogue publish it."))
    now = hub().now()
    drafts = [line for line in issues(reading(), person) if line.number is None]
    return render_template(
        "inbox/publish.html",
        lines=[(line, line.covers_to <= now, days_since(line.covers_to)) for line in drafts],
    )
