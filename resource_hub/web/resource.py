"""The page of a resource and of each of its versions."""

import re
from http import HTTPStatus
from typing import Any

from flask import Blueprint, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from resource_hub.domain.licences import LICENCES
from resource_hub.domain.review import Action, State
from resource_hub.domain.taxonomy import Section
from resource_hub.edge.cards import shown
from resource_hub.edge.current import current_person, hub, reading, writing
from resource_hub.edge.words import label
from resource_hub.services.queries.resource_page import ResourcePage, resource_page
from resource_hub.services.queries.search import more_like
from resource_hub.services.usage import count_view
from resource_hub.web.file_words import shown_file
from resource_hub.web.linked_data import address, learning_resource

blueprint = Blueprint("resource", __name__)

REMEMBERED = 100
"""Resources seen today that the session remembers, so that a reload is no second view."""

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
        is_waiting=page.revision.available_at is not None and page.revision.available_at > now,
        total=sum(file.size for file in files),
        sections=_sections(page),
        licence=LICENCES.get(page.revision.licence),
        citation=_citation(page),
        linked_data=learning_resource(page) if page.revision.state in SHOWN_STATES else None,
        alike=_alike(page),
    )
    if page.revision.state is State.PUBLISHED and not is_author and _is_new_view(public_id):
        with writing() as uow:
            count_view(uow, page.resource.id)
    return answer


def _alike(page: ResourcePage) -> list[dict[str, Any]]:  # Any: as ``shown`` gives them
    """The cards of what is like the live version."""
    if page.revision.state is not State.PUBLISHED:
        return []
    found = more_like(reading(), hub().search, current_person(), hub().now(), page.resource.id)
    return [shown(card) for card in found]


def _is_new_view(public_id: str) -> bool:
    """Whether a person looks at it for the first time today; remembered in the session."""
    agent = request.user_agent.string
    if request.method != "GET" or not agent or _MACHINE.search(agent):
        return False
    today = hub().now().astimezone(hub().zone).date().isoformat()
    remembered = session.get("viewed", {})
    seen = remembered.get("ids", []) if remembered.get("day") == today else []
    if public_id in seen:
        return False
    session["viewed"] = {"day": today, "ids": [*seen, public_id][-REMEMBERED:]}
    return True


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


def _citation(page: ResourcePage) -> str:
    """A line to put under what is made of it."""
    resource, revision = page.resource, page.revision
    moment = revision.available_at or revision.created_at
    line: str = _(
        "%(author)s (%(school)s): %(title)s [%(kind)s]. School Resource Hub, %(id)s, "
        "version %(number)s, %(day)s. %(url)s",
        author=resource.owner.name,
        school=resource.school.name,
        title=revision.title,
        kind=label(resource.kind, "kind"),
        id=resource.public_id,
        number=revision.number,
        day=moment.astimezone(hub().zone).date().isoformat(),
        url=address("resource.show", public_id=resource.public_id),
    )
    return line
