"""Begin to talk in a round; the thread itself is a page like every other one."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from resource_hub.domain.catalogue import Month
from resource_hub.domain.errors import Invalid
from resource_hub.edge.current import require_person, writing
from resource_hub.services import round_talk
from resource_hub.web.rounds import AT, page_of

blueprint = Blueprint("round_threads", __name__, url_prefix="/catalogue")


@blueprint.post(f"{AT}/agenda/<int:item_id>/talk")
def about(month: Month, alliance_id: int, item_id: int) -> ResponseReturnValue:
    """On to the thread of an item of the agenda."""
    with writing() as uow:
        thread = round_talk.talk_about(uow, require_person(), alliance_id, month, item_id)
        number = thread.id
    return redirect(url_for("discussion.show", thread_id=number), code=303)


@blueprint.post(f"{AT}/threads")
def freely(month: Month, alliance_id: int) -> ResponseReturnValue:
    """Open a thread about something else."""
    title = request.form.get("title", "")
    try:
        with writing() as uow:
            thread = round_talk.talk_freely(uow, require_person(), alliance_id, month, title)
            number = thread.id
    except Invalid as error:
        return page_of(month, alliance_id, error)
    return redirect(url_for("discussion.show", thread_id=number), code=303)
