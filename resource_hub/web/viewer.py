"""Look into a file without a program of one's own: its pages, large, one after another."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from resource_hub.domain.errors import Missing
from resource_hub.edge.blocks import render_block, wants_block
from resource_hub.edge.current import current_person, hub, reading, writing
from resource_hub.services.previews import MOST_PAGES, promise_pages
from resource_hub.services.queries.previews import (
    LARGE,
    SMALL,
    FileView,
    Page,
    file_view,
    find_page,
    number_of_file,
)
from resource_hub.services.queries.stored_files import NO_SUCH_FILE
from resource_hub.web.file_words import shown_file
from resource_hub.web.playing import player_of
from resource_hub.web.remarks import LIMITS, viewer_remarks, weights
from resource_hub.web.viewer_stage import Stage, stage_of
from resource_hub.web.viewer_text import ShownText, shown_text
from resource_hub.web.viewer_words import shows_as, why_not

blueprint = Blueprint("viewer", __name__)

ZOOMS = ("fit", "100", "150", "200")
"""As wide as the window allows, or so many per cent of the picture."""

DAY_SECONDS = 24 * 3600


@blueprint.get("/r/<public_id:public_id>/view")
def named(public_id: str) -> ResponseReturnValue:
    """The file called ``file``, at ``page``: where a passage that search has found leads."""
    filename, page = request.args.get("file", ""), request.args.get("page", type=int)
    attachment_id = number_of_file(reading(), current_person(), public_id, filename, hub().now())
    return redirect(url_for(".show", public_id=public_id, attachment_id=attachment_id, page=page))


@blueprint.get("/r/<public_id:public_id>/view/<int:attachment_id>")
def show(public_id: str, attachment_id: int) -> ResponseReturnValue:
    """One file; ``page``, ``zoom`` and the ``part`` of its text are in the address."""
    now = hub().now()
    view = file_view(reading(), current_person(), public_id, attachment_id, now)
    key, how = view.blob.key, shows_as(view.blob)
    wanted = max(1, request.args.get("page", 1, type=int))
    stage = stage_of(view, wanted) if how == "pages" else Stage(why=why_not(view.blob))
    if request.args.get("waits") == "1" and wants_block("stage") and stage.is_waiting:
        _promise(key, stage)
        return "", HTTPStatus.NO_CONTENT
    zoom = request.args.get("zoom", "")
    values: dict[str, Any] = {  # Any: variables of the template
        "view": view,
        "file": shown_file(view.attachment, public_id, now),
        "resource": view.resource,
        "revision": view.revision,
        "how": how,
        "stage": stage,
        "zoom": zoom if zoom in ZOOMS else ZOOMS[0],
        "zooms": ZOOMS,
        "text": _text(view, stage),
        "film": player_of(
            view.attachment,
            public_id,
            beside=[(each.attachment_id, each.filename) for each in view.neighbours],
            language=view.revision.language,
            second=request.args.get("t", type=int),
        ),
        "most_pages": MOST_PAGES,
        "remarks": viewer_remarks(current_person(), view),
        "remark_weights": weights(),
        "remark_limits": LIMITS,
        "seen": request.args.get("seen", type=int),
    }
    block = next((name for name in ("stage", "thumbs") if wants_block(name)), None)
    if block:
        answer = make_response(render_block("viewer/show.html", block, **values))
    else:
        answer = make_response(render_template("viewer/show.html", **values))
    answer.vary.update(("HX-Request", "HX-Target"))
    _promise(key, stage)
    return answer


def _promise(key: str, stage: Stage) -> None:
    if stage.to_promise is not None:
        with writing() as uow:
            promise_pages(uow, key, stage.to_promise)


@blueprint.get("/r/<public_id:public_id>/view/<int:attachment_id>/<int:number>/<variant>.webp")
def page_picture(
    public_id: str, attachment_id: int, number: int, variant: str
) -> ResponseReturnValue:
    """One page as a picture, ``small`` or ``large``, for those who may open its file."""
    if variant not in {SMALL, LARGE}:
        raise Missing(NO_SUCH_FILE)
    found = find_page(
        reading(),
        current_person(),
        public_id,
        attachment_id,
        number=number,
        variant=variant,
        now=hub().now(),
    )
    with hub().storage.open(found.key) as stream:
        answer = Response(stream.read(), mimetype=found.media_type)
    answer.headers["Cache-Control"] = f"private, max-age={DAY_SECONDS}, immutable"
    answer.set_etag(found.key)
    return answer.make_conditional(request)


def _text(view: FileView, stage: Stage) -> ShownText | None:
    if view.text is None:
        return None
    part = max(1, request.args.get("part", 1, type=int))
    return shown_text(view.text, page=stage.number, part=part)


@blueprint.app_template_global()
def page_url(public_id: str, attachment_id: int, page: Page, *, is_large: bool = False) -> str:
    """Where the picture of a page is; a page that was made anew has a new address."""
    picture = page.large if is_large else page.small
    return url_for(
        "viewer.page_picture",
        public_id=public_id,
        attachment_id=attachment_id,
        number=page.number,
        variant=LARGE if is_large else SMALL,
        v=picture.key[:8],
    )
