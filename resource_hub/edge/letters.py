"""The hub's mails, written in their reader's language, as text and as HTML."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext
from itsdangerous import BadSignature, URLSafeSerializer

from resource_hub.domain.telling import How, topic_of
from resource_hub.edge.current import hub
from resource_hub.edge.notice_words import notice_apart
from resource_hub.edge.words import LANGUAGES, day, force_locale
from resource_hub.models import Invitation, Notice, User
from resource_hub.notifications.mail import Mail
from resource_hub.services.mailing import MOST_LINES, Due

MOST_SAID = 600
"""Characters of what was said, in a letter of the morning; a mail of its own holds all of it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is told: a sentence, what was said (Markdown), and where it leads."""

    sentence: str
    said: str = ""
    link: str = ""
    word: str = ""


def notice_mail(due: Due) -> Mail:
    """One notice, with all that was said."""
    [notice] = due.notices
    with force_locale(_language(due.user)):
        line = _line(notice)
        stop = _stop_link(due.user.id, topic_of(notice.kind).value)
        return _mail(due.user, line.sentence, [line], key=f"notice:{notice.id}", stop=stop)


def morning_mail(due: Due, key: str, waiting: int) -> Mail:
    """Everything that was not told yet, and how much waits for this person's review."""
    with force_locale(_language(due.user)):
        number = len(due.notices)
        subject = ngettext(
            "Resource hub: %(num)s thing you have not read yet",
            "Resource hub: %(num)s things you have not read yet",
            number,
        )
        lines = [_line(notice, most=MOST_SAID) for notice in due.notices[:MOST_LINES]]
        if number > MOST_LINES:
            more = _("And %(number)s more in the hub.", number=number - MOST_LINES)
            lines.append(Line(str(more), link=_address("/my/notices"), word=str(_("Show all"))))
        if waiting:
            sentence = ngettext(
                "%(num)s submission waits for your review.",
                "%(num)s submissions wait for your review.",
                waiting,
            )
            word = str(_("To what waits"))
            lines.append(Line(str(sentence), link=_address("/review"), word=word))
        stop = _stop_link(due.user.id, How.MORNING.value)
        return _mail(due.user, str(subject), lines, key=key, stop=stop)


def password_mail(user: User, token: str, key: str) -> Mail:
    """The link for a new password."""
    with force_locale(_language(user)):
        lines = [
            Line(
                str(_("Open this link within 48 hours to set a new password.")),
                link=_address(f"/reset/{token}"),
                word=str(_("Set a new password")),
            ),
            Line(str(_("If you did not ask for it, ignore this mail; nothing has changed."))),
        ]
        return _mail(user, str(_("Resource hub: set a new password")), lines, key=key)


def invitation_mail(
    invitation: Invitation, token: str, title: str, key: str, *, due: date, is_reminder: bool
) -> Mail:
    """The link for somebody from outside, who has no account and no switches."""
    with force_locale(_language(invitation.guest)):
        inviter = invitation.inviter
        school = f" ({inviter.school.name})" if inviter.school is not None else ""
        values = {
            "name": f"{inviter.name}{school}",
            "title": title,
            "day": day(invitation.expires_at),
            "due": day(due),
        }
        lines = [
            Line(
                str(_("%(name)s asks you to judge “%(title)s”.", **values)),
                link=_address(f"/invited/{token}"),
                word=str(_("To the work and the form")),
            ),
            Line(str(_("Your opinion is wanted by %(due)s.", **values))),
            Line(
                str(
                    _(
                        "The link is for you alone and works until %(day)s. No account is needed."
                        " If you cannot do it, or do not know %(name)s, ignore this mail.",
                        **values,
                    )
                )
            ),
        ]
        subject = str(
            _("A reminder: your opinion on “%(title)s” is wanted by %(due)s", **values)
            if is_reminder
            else _("%(name)s asks you to judge “%(title)s”", **values)
        )
        return _mail(invitation.guest, subject, lines, key=key, to=invitation.email)


def read_stop(token: str) -> tuple[int, str] | None:
    """Whose mails of what the token of a mail stops; None when it is forged."""
    try:
        user_id, what = _serializer().loads(token)
    except (BadSignature, ValueError, TypeError):
        return None
    return int(user_id), str(what)


def stop_token(user_id: int, what: str) -> str:
    return _serializer().dumps([user_id, what])


def _line(notice: Notice, most: int | None = None) -> Line:
    sentence, said = notice_apart(notice.kind, notice.values)
    if most is not None and len(said) > most:
        said = said[:most].rstrip() + "…"
    return Line(sentence, said, _address(f"/told/{notice.id}"), str(_("Open it in the hub")))


def _mail(
    user: User, subject: str, lines: Sequence[Line], *, key: str, stop: str = "", to: str = ""
) -> Mail:
    greeting = str(_("Hello %(name)s,", name=user.name))
    why = _("You get this mail because you have an account in the resource hub.")
    feet = [(str(why), _address("/account/mail"), str(_("Which mails I get")))] if not to else []
    if stop:
        feet.append(("", stop, str(_("No more mails of this kind"))))
    html = current_app.jinja_env.get_template("mail/letter.html").render(
        lang=LANGUAGES[_language(user)],
        subject=subject,
        greeting=greeting,
        lines=lines,
        feet=feet,
    )
    return Mail(
        to=to or user.email or "",
        subject=subject,
        text=_as_text(greeting, lines, feet),
        html=html,
        language=LANGUAGES[_language(user)],
        key=key,
        stop=stop,
        sender_name=str(_("Resource hub")),
    )


def _as_text(greeting: str, lines: Sequence[Line], feet: Sequence[tuple[str, str, str]]) -> str:
    blocks = [greeting]
    for line in lines:
        blocks.append(line.sentence)
        if line.said:
            blocks.append("\n".join(f"> {row}" for row in line.said.split("\n")))
        if line.link:
            blocks.append(f"{line.word}: {line.link}")
    foot = "\n".join(f"{words} {word}: {link}".strip() for words, link, word in feet)
    return "\n\n".join([*blocks, f"-- \n{foot}"] if feet else blocks) + "\n"


def _language(user: User) -> str:
    return user.language if user.language in LANGUAGES else hub().language


def _address(path: str) -> str:
    return f"{hub().public_url}{path}"


def _stop_link(user_id: int, what: str) -> str:
    return _address(f"/mail/stop/{stop_token(user_id, what)}")


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(hub().secret, salt="mail-stop")
