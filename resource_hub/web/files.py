"""Hand out files and small pictures to those who may have them."""

from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue

from resource_hub.domain.errors import Missing
from resource_hub.domain.uploads import clean_filename
from resource_hub.edge.current import current_person, hub, reading, writing
from resource_hub.services.queries.resource_page import chosen_version, versions_of
from resource_hub.services.queries.stored_files import (
    NO_SUCH_FILE,
    StoredFile,
    files_of_revision,
    find_file,
    may_see_thumbnail,
)
from resource_hub.services.revisions import load_revision
from resource_hub.services.usage import count_download
from resource_hub.web.first_today import is_first_today
from resource_hub.web.sending import is_first_part, send_all, send_file

blueprint = Blueprint("files", __name__)

LINK_SECONDS = 300
DAY_SECONDS = 24 * 3600


@blueprint.get("/r/<public_id:public_id>/files/<int:attachment_id>/<path:filename>")
def download(public_id: str, attachment_id: int, filename: str) -> ResponseReturnValue:
    """One file; the name in the address is for people, the number decides."""
    del filename
    file = find_file(reading(), current_person(), public_id, attachment_id, hub().now())
    inline = request.args.get("inline") == "1"
    link = None
    if not inline and hub().downloads in {"", "link"}:
        hub().storage.size(file.key)  # when it is missing, we say so, and not the bucket in XML
        link = hub().storage.public_url(file.key, filename=file.filename, seconds=LINK_SECONDS)
    answer: Response = (
        redirect(link, code=302) if link else send_file(file, inline=inline)  # type: ignore[assignment]  # redirect makes Flask's own class of response
    )
    if file.counts and not inline and is_first_part(answer):
        _count(file)
    return answer


@blueprint.get("/r/<public_id:public_id>/files.zip")
def download_all(public_id: str) -> ResponseReturnValue:
    """All files of the live version, or of version ``v``, as one archive."""
    person, now = current_person(), hub().now()
    versions = versions_of(reading(), person, public_id, now)
    chosen = chosen_version(versions, request.args.get("v", type=int))
    files = files_of_revision(reading(), person, chosen.revision_id, now)
    if not files:
        raise Missing(NO_SUCH_FILE)
    title = load_revision(reading(), chosen.revision_id).title
    answer = send_all(files, clean_filename(f"{title or public_id}.zip"), instead=public_id)
    if files[0].counts and request.method == "GET":
        _count(files[0])
    return answer


def _count(file: StoredFile) -> None:
    """Once a person and day; of somebody without an account the session remembers it."""
    person = current_person()
    if person.is_signed_in or is_first_today("downloaded", file.public_id):
        with writing() as uow:
            count_download(uow, file.resource_id, by=person.id if person.is_signed_in else None)


@blueprint.get("/thumbnail/<key>.webp")
def thumbnail(key: str) -> ResponseReturnValue:
    """The small picture of a file; its key is its content, so it never changes."""
    if not may_see_thumbnail(reading(), current_person(), key, hub().now()):
        raise Missing(NO_SUCH_FILE)
    with hub().storage.open(key) as stream:
        answer = Response(stream.read(), mimetype="image/webp")
    answer.headers["Cache-Control"] = f"private, max-age={DAY_SECONDS}, immutable"
    answer.set_etag(key)
    return answer.make_conditional(request)
