"""Whether anything is lost, and how much room is left: the administrator's two pages of it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from resource_hub.domain.errors import N_, Invalid
from resource_hub.edge.current import hub, reading, require_person, writing
from resource_hub.edge.errors import status_of
from resource_hub.edge.pages import LinkedPages
from resource_hub.models import FaultKind
from resource_hub.services.queries.safekeeping import is_late
from resource_hub.services.queries.safekeeping import safety as what_is_known
from resource_hub.services.queries.shelf import Paging
from resource_hub.services.quotas import school_rooms, set_school_quota

blueprint = Blueprint("admin_safety", __name__, url_prefix="/admin")

PER_PAGE = 50

KIND_WORDS = {
    FaultKind.DAMAGED: N_("Damaged"),
    FaultKind.MISSING: N_("Missing"),
    FaultKind.UNREADABLE: N_("Cannot be read"),
    FaultKind.DATABASE: N_("Database"),
    FaultKind.INDEX: N_("Search index"),
}

MADE = N_("It is only a preview, made from the file: hub verify --repair has it made again.")
ADVICE = {
    FaultKind.DAMAGED: N_(
        "hub verify --repair fetches it from the second storage or from a backup. Until then the"
        " author may upload a new version."
    ),
    FaultKind.MISSING: N_(
        "hub verify --repair fetches it from the second storage or from a backup. Without one,"
        " ask the author for the file."
    ),
    FaultKind.UNREADABLE: N_(
        "Look at the disk or the bucket: the storage has it and does not give it. Then verify"
        " again."
    ),
    FaultKind.DATABASE: N_(
        "hub verify --repair mends a wrong size. Anything else: bring back the last backup."
    ),
    FaultKind.INDEX: N_("hub verify --repair has the worker look at them again."),
}


@blueprint.get("/safety")
def safety() -> ResponseReturnValue:
    """The last verification and what it found, the last backup, what waits to be removed."""
    known = what_is_known(reading(), require_person())
    now = hub().now()
    return render_template(
        "admin/safety.html",
        known=known,
        words=KIND_WORDS,
        advice={
            fault.id: MADE if fault.detail in {"thumbnail", "rendition"} else ADVICE[fault.kind]
            for fault in known.faults
        },
        check_is_late=known.last is not None and is_late(known.last.started_at, now),
        backup_is_late=is_late(known.backup.at if known.backup else None, now),
        unused_days=hub().unused_days,
        has_second=hub().second_storage is not None,
    )


@blueprint.get("/room")
def room() -> ResponseReturnValue:
    """What each school uses of its room, those that use most first."""
    return _room()


def _room(error: Invalid | None = None, school_id: int = 0) -> ResponseReturnValue:
    rooms = school_rooms(reading(), require_person(), hub().limits.quotas)
    paging = Paging.fit(request.args.get("page", 1, type=int), PER_PAGE, len(rooms))
    page = render_template(
        "admin/room.html",
        lines=rooms[paging.offset : paging.offset + PER_PAGE],
        quotas=hub().limits.quotas,
        pages=LinkedPages(paging, lambda number: url_for(".room", page=number)),
        problems=error.problems if error else (),
        refused=school_id,
        typed=request.form.get("size", ""),
    )
    return page, status_of(error) if error else 200


@blueprint.post("/schools/<int:school_id>/room")
def give_room(school_id: int) -> ResponseReturnValue:
    """Give a school a figure of its own, or with an empty field that of every school again."""
    person = require_person()
    try:
        with writing() as uow:
            set_school_quota(uow, person, school_id=school_id, text=request.form.get("size", ""))
    except Invalid as error:
        return _room(error, school_id)
    flash(_("The room of the school is changed."), "success")
    page = request.args.get("page", type=int)
    return redirect(url_for(".room", page=page), code=303)
