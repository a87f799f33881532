"""The page of a resource and of each of its versions."""

import re
from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from resource_hub.domain.endorsement import badges
from resource_hub.domain.follow_ups import TASK_LABELS
from resource_hub.domain.licences import LICENCES
from resource_hub.domain.people import Person
from resource_hub.domain.review import Action, State
from resource_hub.domain.taxonomy import Section
from resource_hub.edge.cards import ShownCard, shown
from resource_hub.edge.current import current_person, hub, reading, writing
from resource_hub.edge.words import label
from resource_hub.services.queries.alike import Credit, credited, descendants
from resource_hub.services.queries.feedback import stars_of
from resource_hub.services.queries.follow_ups import tasks_of_resource
from resource_hub.services.queries.judgements import judgements_for_author
from resource_hub.services.queries.resource_page import ResourcePage, resource_page
from resource_hub.services.queries.search import more_like
from resource_hub.services.queries.talk_box import talk_box
from resource_hub.services.usage import count_view
from resource_hub.web.ages import expected_words
from resource_hub.web.file_words import shown_file
from resource_hub.web.first_today import is_first_today
from resource_hub.web.judged_words import Judged, judged
from resource_hub.web.linked_data import address, learning_resource
from resource_hub.web.looks import looks_of
from resource_hub.web.playing import Player, player_of
from resource_hub.web.talk import Written, form_key

blueprint = Blueprint("resource", __name__)

_MACHINE = re.compile(r"bot|crawl|spider|slurp|preview|curl|wget|python|monitor", re.IGNORECASE)

SHOWN_STATES = {State.PUBLISHED, State.SUPERSEDED}


@blueprint.get("/r/<public_id:public_id>")
def show(public_id: str) -> ResponseReturnValue:
    """What the short address stands for: the live version, or why there is none."""
    return _show(public_id, None)


@blueprint.get("/r/<public_id:public_id>/v/<int:number>")
def version(public_id: str, number: int) -> ResponseReturnValue:
    """One version, as long as the person may read it."""
    return _show(public_id, number)


def _show(public_id: str, number: int | None) -> ResponseReturnValue:
    person, now = current_person(), hub().now()
    page = resource_page(reading(), person, public_id, now, number=number)
    is_author = person.id == page.resource.owner_id
    shared: dict[str, Any] = {  # Any: what both templates need
        "page": page,
        "resource": page.resource,
        "revision": page.revision,
        "is_author": is_author,
        "steps_taken": _steps(page),
        "judged": _judged(page) if is_author else [],
        "badges": badges(page.revision.basis, page.revision.endorsed_at),
        "may": set(page.actions),
        "action": Action,
        "here": address("resource.show", public_id=public_id),
    }
    if page.is_tombstone:
        return render_template("resource/withdrawn.html", **shared), HTTPStatus.GONE
    files = [shown_file(attachment, public_id, now) for attachment in page.revision.attachments]
    answer = render_template(
        "resource/show.html",
        **shared,
        files=files,
        players=_players(page),
        looks=looks_of(page.revision.attachments, public_id),
        is_waiting=page.revision.available_at is not None and page.revision.available_at > now,
        total=sum(file.size for file in files),
        sections=_sections(page),
        licence=LICENCES.get(page.revision.licence),
        **_credits(person, page, now),
        linked_data=learning_resource(page) if page.revision.state in SHOWN_STATES else None,
        alike=_alike(page),
        tasks=tasks_of_resource(reading(), person, page.resource),
        task_labels=TASK_LABELS,
        **_talk(person, page, now),
    )
    if page.revision.state is State.PUBLISHED and not is_author and _is_new_view(public_id):
        with writing() as uow:
            count_view(uow, page.resource.id)
    return answer


def _players(page: ResourcePage) -> list[Player]:
    """The films and sounds of a version; ``t`` is the second at which to begin."""
    attachments = page.revision.attachments
    beside = [(each.id, each.filename) for each in attachments]
    players = [
        player_of(
            each,
            page.resource.public_id,
            beside=beside,
            language=page.revision.language,
            second=request.args.get("t", type=int),
        )
        for each in attachments
    ]
    return [player for player in players if player is not None]


def _alike(page: ResourcePage) -> list[ShownCard]:
    """The cards of what is like the live version."""
    if page.revision.state is not State.PUBLISHED:
        return []
    found = more_like(reading(), hub().search, current_person(), hub().now(), page.resource.id)
    return [shown(card) for card in found]


def _talk(person: Person, page: ResourcePage, now: datetime) -> dict[str, Any]:  # Any: as above
    """What people say of the live version: figures for all, words for those with an account."""
    if page.revision.state is not State.PUBLISHED:
        return {"stars": None}
    number, public_id = page.resource.id, page.resource.public_id
    authors = {page.resource.owner_id, *(row.user_id for row in page.revision.co_author_rows)}
    return {
        "stars": stars_of(reading(), person, number),
        "may_rate": person.is_signed_in and person.id not in authors,
        "talk": talk_box(reading(), person, number, now) if person.is_signed_in else None,
        "write": Written(url_for("discussion.comment", public_id=public_id), key=form_key()),
    }


def _is_new_view(public_id: str) -> bool:
    """Whether a person looks at it for the first time today: a reload is no second view."""
    agent = request.user_agent.string
    if request.method != "GET" or not agent or _MACHINE.search(agent):
        return False
    return is_first_today("viewed", public_id)


def _judged(page: ResourcePage) -> list[Judged]:
    """For the author: what reviewers said of this version."""
    found = judgements_for_author(reading(), [page.revision.id])
    return [judged(each) for each in found.get(page.revision.id, ())]


def _steps(page: ResourcePage) -> list[dict[str, Any]]:  # Any: as the ``steps`` macro takes them
    names = {
        "submitted": _("Submitted"),
        "school": _("School review"),
        "alliance": _("Alliance review"),
        "published": _("Published"),
    }
    return [
        {
            "label": names[step.name],
            "state": step.state.value,
            "who": step.who,
            "at": step.at,
            "note": step.note,
            "expected": expected_words(step.expected_on),
        }
        for step in page.progress
    ]


def _sections(page: ResourcePage) -> list[tuple[str, str, str]]:
    """The named sections in their proper order: code, heading, text."""
    written = page.revision.sections
    return [
        (section.value, label(section, "section"), written[section.value])
        for section in Section
        if written.get(section.value)
    ]


def _credits(person: Person, page: ResourcePage, now: datetime) -> dict[str, Any]:  # Any: as above
    """Where it comes from, what was made of it, and the citation, which names the former."""
    sources = credited(reading(), person, page.revision.id, now)
    return {
        "credits": sources,
        "descendants": descendants(reading(), person, page.resource.id, now),
        "citation": " ".join([_citation(page), *map(_source_words, sources)]),
    }


def _source_words(source: Credit) -> str:
    return str(
        _("After %(author)s (%(school)s): %(title)s, %(id)s.",
          author=source.author, school=source.school, title=source.title, id=source.public_id)
    )  # fmt: skip


def _citation(page: ResourcePage) -> str:
    """A line to put under what is made of it."""
    resource, revision = page.resource, page.revision
    moment = revision.available_at or revision.created_at
    line: str = _(
        "%(author)s (%(school)s): %(title)s [%(kind)s]. School Resource Hub, %(id)s, "
        "version %(number)s, %(day)s. %(url)s",
        author="、".join(revision.authors),
        school=resource.school.name,
        title=revision.title,
        kind=label(resource.kind, "kind"),
        id=resource.public_id,
        number=revision.number,
        day=moment.astimezone(hub().zone).date().isoformat(),
        url=address("resource.show", public_id=resource.public_id),
    )
    return line
