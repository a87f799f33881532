"""Threads: read them, post in them; comments on a resource among them."""

from collections.abc import Callable

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from resource_hub.domain.errors import HubError, Invalid
from resource_hub.domain.people import Person
from resource_hub.edge.current import hub, reading, require_person, writing
from resource_hub.edge.errors import status_of
from resource_hub.edge.pages import LinkedPages
from resource_hub.edge.security_headers import FILE_POLICY
from resource_hub.models import Post
from resource_hub.services import discussion, muting
from resource_hub.services.discussion_access import find_post, live_at
from resource_hub.services.post_notices import title_of
from resource_hub.services.post_pictures import (
    add_pictures,
    keep_pictures,
    picture_bytes,
    picture_key,
)
from resource_hub.services.queries.discussion import (
    TalkPage,
    comments_page,
    page_of_post,
    talk_page,
)
from resource_hub.services.unit_of_work import UnitOfWork
from resource_hub.web.talk import Written, form_key, post_words, quoted, sent_pictures

blueprint = Blueprint("discussion", __name__)
blueprint.add_app_template_global(post_words)


@blueprint.get("/talk/<int:thread_id>")
def show(thread_id: int) -> ResponseReturnValue:
    """A page of a thread, the latest one first, and a box to write in."""
    return _thread(require_person(), thread_id)


@blueprint.post("/talk/<int:thread_id>")
def write(thread_id: int) -> ResponseReturnValue:
    """Post; whatever goes wrong, the words come back."""
    person = require_person()
    return _said(
        lambda uow, text, answers, key: discussion.post(
            uow, person, thread_id, text, reply_to=answers, key=key
        ),
        lambda error: _thread(person, thread_id, error),
    )


@blueprint.post("/talk/<int:thread_id>/<any(mute, unmute):act>")
def mute(thread_id: int, act: str) -> ResponseReturnValue:
    """No notices of a thread any more, or again."""
    with writing() as uow:
        (muting.mute if act == "mute" else muting.unmute)(uow, require_person(), thread_id)
    if act == "mute":
        flash(_("You are told nothing more of this thread, unless somebody names you."), "success")
    else:
        flash(_("You are told of this thread again."), "success")
    return redirect(url_for(".show", thread_id=thread_id), code=303)


@blueprint.get("/r/<public_id:public_id>/talk")
def comments(public_id: str) -> ResponseReturnValue:
    """All that is said of a resource."""
    return _comments(require_person(), public_id)


@blueprint.post("/r/<public_id:public_id>/talk")
def comment(public_id: str) -> ResponseReturnValue:
    """Comment on a resource; whatever goes wrong, the words come back."""
    person = require_person()

    def say(uow: UnitOfWork, text: str, answers: int | None, key: str) -> Post:
        number = live_at(uow.session, person, public_id, uow.now()).resource_id
        return discussion.comment(uow, person, number, text, reply_to=answers, key=key)

    return _said(say, lambda error: _comments(person, public_id, error))


def _said(
    say: Callable[[UnitOfWork, str, int | None, str], Post], page: Callable[[Invalid], str]
) -> ResponseReturnValue:
    """Keep what the form holds; ``say`` is given its words, the post it answers, and its key."""
    text, answers = request.form.get("text", ""), request.form.get("answers", type=int)
    try:
        pictures = keep_pictures(hub().storage, sent_pictures())
        with writing() as uow:
            post = say(uow, text, answers, request.form.get("key", ""))
            add_pictures(uow, hub().storage, post, pictures)
            post_id = post.id
    except Invalid as error:
        return page(error), status_of(error)
    except HubError as error:
        return kept(error, text)
    return redirect(_place(post_id), code=303)


@blueprint.get("/post/<int:post_id>")
def find(post_id: int) -> ResponseReturnValue:
    """The lasting address of a post: the page of its thread on which it stands."""
    find_post(reading(), require_person(), post_id, hub().now())
    return redirect(_place(post_id))


@blueprint.get("/post/<int:post_id>/answer")
def find_to_answer(post_id: int) -> ResponseReturnValue:
    """The same, with the box set to answer it, or to quote it too."""
    post = find_post(reading(), require_person(), post_id, hub().now())
    page = page_of_post(reading(), post)
    place = url_for(
        ".show",
        thread_id=post.thread_id,
        page=page,
        answers=post_id,
        quote=1 if request.args.get("quote") else None,
        _anchor="write",
    )
    return redirect(place)


@blueprint.get("/post/pictures/<int:picture_id>")
def picture(picture_id: int) -> ResponseReturnValue:
    """A picture of a post that is not hidden."""
    key = picture_key(reading(), require_person(), picture_id, hub().now())
    answer = Response(picture_bytes(hub().storage, key), content_type="image/webp")
    answer.headers["Content-Security-Policy"] = FILE_POLICY
    answer.headers["Cache-Control"] = "private, max-age=3600"
    answer.set_etag(key)
    return answer.make_conditional(request)


def kept(error: HubError, text: str) -> ResponseReturnValue:
    """What was refused for good: why, and every word that was typed."""
    if not text.strip():
        raise error
    return render_template("discussion/kept.html", error=error, text=text), status_of(error)


def _place(post_id: int) -> str:
    post = reading().get_one(Post, post_id)
    page = page_of_post(reading(), post)
    return url_for(".show", thread_id=post.thread_id, page=page, _anchor=f"post-{post_id}")


def _thread(person: Person, thread_id: int, error: Invalid | None = None) -> str:
    found = talk_page(reading(), person, thread_id, hub().now(), page=_wanted())
    thread, public_id = found.thread, None
    if thread is not None and thread.resource is not None:
        public_id = thread.resource.public_id
    title = title_of(reading(), thread) if thread is not None else ""
    return _page(found, url_for(".write", thread_id=thread_id), error, title, public_id)


def _comments(person: Person, public_id: str, error: Invalid | None = None) -> str:
    now = hub().now()
    revision = live_at(reading(), person, public_id, now)
    found = comments_page(reading(), person, revision.resource_id, now, page=_wanted())
    to = url_for(".comment", public_id=public_id)
    return _page(found, to, error, revision.title, public_id)


def _wanted() -> int | None:
    return request.args.get("page", type=int)


def _page(
    found: TalkPage, to: str, error: Invalid | None, title: str, public_id: str | None
) -> str:
    answers = request.values.get("answers", type=int)
    answered = next((post for post in found.posts if post.id == answers and post.text), None)
    text = request.form.get("text", "")
    if not text and answered is not None and request.args.get("quote"):
        text = quoted(answered.text)
    thread_id = found.thread.id if found.thread is not None else 0
    return render_template(
        "discussion/show.html",
        talk=found,
        thread=found.thread,
        public_id=public_id,
        title=title,
        pages=LinkedPages(
            found.paging, lambda page: url_for(".show", thread_id=thread_id, page=page)
        ),
        write=Written(
            to=to,
            text=text,
            answered=answered,
            problems=error.problems if error else (),
            key=form_key(),
        ),
    )
