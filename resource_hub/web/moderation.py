"""Buttons of those who moderate, and what anybody may do about a post."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from resource_hub.domain.discussion import MAX_REASON, NO_SUCH_POST
from resource_hub.domain.errors import HubError, Invalid, Missing, WrongState
from resource_hub.domain.people import Person
from resource_hub.domain.thread import MOST_CHARACTERS
from resource_hub.edge.current import hub, reading, require_person, writing
from resource_hub.edge.errors import status_of
from resource_hub.edge.pages import LinkedPages
from resource_hub.services import moderation
from resource_hub.services.discussion_access import find_post, find_thread
from resource_hub.services.queries.post_parts import parts_of
from resource_hub.services.queries.reported import reported_posts
from resource_hub.services.unit_of_work import FASTER
from resource_hub.web.discussion import kept

blueprint = Blueprint("moderation", __name__)

WITH_REASON = {"hide": moderation.hide_post, "report": moderation.report_post}
AT_ONCE = {
    "show": moderation.show_post,
    "take-back": moderation.take_back,
    "leave": moderation.settle_reports,
}
LOCKS = {"lock": moderation.lock_thread, "unlock": moderation.unlock_thread}


@blueprint.get("/inbox/reported")
def reported() -> ResponseReturnValue:
    """The posts that somebody wants looked at, for those who moderate."""
    lines, paging = reported_posts(
        reading(), require_person(), hub().now(), page=request.args.get("page", 1, type=int)
    )
    return render_template(
        "discussion/reported.html",
        lines=lines,
        pages=LinkedPages(paging, lambda page: url_for(".reported", page=page)),
    )


@blueprint.get("/post/<int:post_id>/<any(hide, report):act>")
def ask(post_id: int, act: str) -> ResponseReturnValue:
    """Why? A page of its own, with room for the reason."""
    return _ask(post_id, act, None)


@blueprint.post("/post/<int:post_id>/<any(hide, report):act>")
def with_reason(post_id: int, act: str) -> ResponseReturnValue:
    """Hide a post, or ask the moderators to look at it."""
    person, reason = require_person(), request.form.get("reason", "")
    try:
        with writing() as uow:
            WITH_REASON[act](uow, person, post_id, reason)
    except Invalid as error:
        return _ask(post_id, act, error), status_of(error)
    except HubError as error:
        return kept(error, reason)
    if act == "hide":
        flash(_("It is hidden. Its author reads your reason."), "success")
    else:
        flash(_("Thank you. Those who moderate have been told."), "success")
    return redirect(_back(post_id), code=303)


def _back(post_id: int) -> str:
    """To the list of what is reported, if one came from there; else to the post."""
    if request.args.get("to") == "reported":
        return url_for(".reported")
    return url_for("discussion.find", post_id=post_id)


def _ask(post_id: int, act: str, error: Invalid | None) -> str:
    post = find_post(reading(), require_person(), post_id, hub().now())
    if post.hidden_at is not None:
        raise Missing(NO_SUCH_POST)
    use = parts_of(reading(), [post_id], with_reports=False).uses.get(post_id)
    return render_template(
        "discussion/reason.html",
        post=post,
        words=f"{use.worked}\n\n{use.changed}" if use is not None else post.text,
        act=act,
        reason=request.form.get("reason", ""),
        problems=error.problems if error else (),
        most=MAX_REASON,
        back=_back(post_id),
    )


@blueprint.post("/post/<int:post_id>/<any(show, 'take-back', leave):act>")
def at_once(post_id: int, act: str) -> ResponseReturnValue:
    """Show again, take back one's own, or leave a reported one as it is."""
    with writing() as uow:
        AT_ONCE[act](uow, require_person(), post_id)
    return redirect(_back(post_id), code=303)


@blueprint.post("/talk/<int:thread_id>/<any(lock, unlock):act>")
def lock(thread_id: int, act: str) -> ResponseReturnValue:
    """Close a thread for new posts, or open it again."""
    with writing() as uow:
        LOCKS[act](uow, require_person(), thread_id)
    words = _("The thread is locked.") if act == "lock" else _("The thread is open again.")
    flash(words, "success")
    return redirect(url_for("discussion.show", thread_id=thread_id), code=303)


@blueprint.post("/talk/<int:thread_id>/conclusion")
def conclude(thread_id: int) -> ResponseReturnValue:
    """Say what a thread came to, for the minutes; whatever goes wrong, the words come back."""
    person, words = require_person(), request.form.get("concluded", "")
    seen = request.form.get("seen", 0, type=int)
    try:
        with writing() as uow:
            moderation.conclude_thread(uow, person, thread_id, words, seen=seen)
    except HubError as error:
        overtaken = isinstance(error, WrongState) and error.sentence == FASTER
        if not overtaken and not isinstance(error, Invalid):
            return kept(error, words)
        return _conclusion(person, thread_id, words, None if overtaken else seen, error)
    flash(_("The conclusion is kept, for the minutes."), "success")
    return redirect(url_for("discussion.show", thread_id=thread_id), code=303)


def _conclusion(
    person: Person, thread_id: int, words: str, seen: int | None, error: HubError
) -> ResponseReturnValue:
    """The form once more; ``seen`` None: somebody was faster, whose words stand beside."""
    thread = find_thread(reading(), person, thread_id, hub().now())
    page = render_template(
        "discussion/conclusion.html",
        thread=thread,
        words=words,
        seen=seen or thread.version,
        overtaken=None if seen else error,
        problems=error.problems if isinstance(error, Invalid) else (),
        most=MOST_CHARACTERS,
    )
    return page, status_of(error)
