"""Which mails a person gets; the link that ends them; the link of a mail to where it leads."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from resource_hub.domain.errors import N_, Missing
from resource_hub.domain.telling import HOW_LABELS, TOPIC_LABELS, How, Topic
from resource_hub.edge.current import hub, reading, require_person, writing
from resource_hub.edge.extensions import csrf
from resource_hub.edge.letters import read_stop
from resource_hub.services import mailing
from resource_hub.services.notices import mark_read
from resource_hub.services.queries.notices import notice_of
from resource_hub.services.queries.profile import profile
from resource_hub.web.notice_places import place_of

blueprint = Blueprint("mail", __name__)


@blueprint.get("/account/mail")
def switches() -> ResponseReturnValue:
    """One switch for each topic: at once, in the morning, not at all."""
    person = require_person()
    return render_template(
        "account/mail.html",
        email=profile(reading(), person.id or 0).email,
        chosen=mailing.choices(reading(), person.id or 0),
        topics=[(topic, _(words)) for topic, words in TOPIC_LABELS.items()],
        hows=[(how.value, _(words)) for how, words in HOW_LABELS.items()],
        refusal=mailing.last_refusal(reading(), person),
        has_mail=bool(hub().smtp_url),
    )


@blueprint.post("/account/mail")
def choose() -> ResponseReturnValue:
    """Keep the switches; one that was not sent stays as it is."""
    person = require_person()
    typed = {topic: request.form.get(topic.value, "") for topic in Topic}
    wanted = {topic: How(how) for topic, how in typed.items() if how in set(How)}
    with writing() as uow:
        mailing.choose(uow, person.id or 0, wanted)
    flash(_("Saved. This is how you are told from now on."), "success")
    return redirect(url_for(".switches"), code=303)


@blueprint.get("/mail/stop/<token>")
def ask_to_stop(token: str) -> ResponseReturnValue:
    """Ask before anything is changed: programs that look at mails follow links too."""
    found = read_stop(token)
    if found is None:
        return render_template("account/mail_stop.html", state="forged"), 404
    return render_template("account/mail_stop.html", state="ask", what=_what(found[1]))


@blueprint.post("/mail/stop/<token>")
@csrf.exempt  # type: ignore[untyped-decorator]  # Flask-WTF has no types; the token is the proof
def stop(token: str) -> ResponseReturnValue:
    """End mails of one kind, by the button of a mailbox (RFC 8058) or of the page; no sign-in."""
    found = read_stop(token)
    if found is None:
        return render_template("account/mail_stop.html", state="forged"), 404
    with writing() as uow:
        mailing.stop(uow, *found)
    return render_template("account/mail_stop.html", state="done", what=_what(found[1]))


@blueprint.get("/told/<int:notice_id>")
def told(notice_id: int) -> ResponseReturnValue:
    """Where a notice leads; it counts as read. Who is not signed in does that first."""
    person = require_person()
    notice = notice_of(reading(), person, notice_id)
    if notice is None:
        raise Missing(
            N_(
                "This notice was sent to another account, or is gone. Sign out, and sign in with"
                " the account that got the mail."
            )
        )
    place = place_of(notice) or url_for("my.notices")
    if not notice.is_read:
        with writing() as uow:
            mark_read(uow, person, [notice_id])
    return redirect(place, code=303)


def _what(code: str) -> str:
    if code == How.MORNING:
        return str(_("Letters in the morning"))
    return str(_(TOPIC_LABELS[Topic(code)]))
