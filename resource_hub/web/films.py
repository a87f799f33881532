"""Hand out what players need: films made for browsers, and subtitles as browsers read them."""

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from resource_hub.domain.errors import Missing
from resource_hub.edge.current import current_person, hub, reading
from resource_hub.edge.security_headers import FILE_POLICY
from resource_hub.files.guard import Unreadable
from resource_hub.files.subtitles import MAX_BYTES, is_subtitles, read_subtitles, to_webvtt
from resource_hub.services.queries.films import find_film
from resource_hub.services.queries.stored_files import NO_SUCH_FILE, StoredFile, find_file
from resource_hub.web.sending import send_file

blueprint = Blueprint("films", __name__)
blueprint.add_app_template_test(is_subtitles, "subtitles")


@blueprint.get("/r/<public_id:public_id>/films/<int:attachment_id>")
def film(public_id: str, attachment_id: int) -> ResponseReturnValue:
    """What was made of a film or sound that browsers cannot play, in ranges."""
    made = find_film(reading(), current_person(), public_id, attachment_id, hub().now())
    return send_file(made, inline=True)


@blueprint.get("/r/<public_id:public_id>/captions/<int:attachment_id>.vtt")
def captions(public_id: str, attachment_id: int) -> ResponseReturnValue:
    """Subtitles of any format and encoding as WebVTT."""
    file = find_file(reading(), current_person(), public_id, attachment_id, hub().now())
    if not is_subtitles(file.filename) or file.size > MAX_BYTES:
        raise Missing(NO_SUCH_FILE)
    answer = Response(content_type="text/vtt; charset=utf-8")
    # Who has them already need not wait until they are made again.
    if not request.if_none_match.contains_weak(file.key):
        answer.set_data(_as_webvtt(file))
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["Content-Security-Policy"] = FILE_POLICY
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.set_etag(file.key)
    return answer.make_conditional(request)


def _as_webvtt(file: StoredFile) -> str:
    with hub().storage.open(file.key) as stream:
        raw = stream.read(MAX_BYTES + 1)
    try:
        return to_webvtt(read_subtitles(raw))
    except Unreadable as error:
        raise Missing(NO_SUCH_FILE) from error
