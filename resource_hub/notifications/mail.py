"""The one road of mail: any SMTP server; nothing is sent where none is set."""

import hashlib
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formataddr, formatdate, parseaddr
from urllib.parse import parse_qs, unquote, urlsplit

SECONDS = 20
"""For which each answer of the server is waited for."""

FOR_EVER = 500
"""Answers of the server from here on are final; below, it may take the mail later."""


class Refused(Exception):
    """The server will not take this mail, however often it is tried; it says why."""


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail to one person, as text and as HTML."""

    to: str
    subject: str
    text: str
    html: str
    language: str
    """As of HTML: zh-Hans, zh-Hant, en."""
    key: str
    """Which mail it is: its Message-ID is made of it, so that a second copy is known as one."""
    stop: str = ""
    """Where mails of this kind are ended, by one click (RFC 8058) where it is https.

    Empty for a mail that was asked for.
    """
    sender_name: str = ""


def send(smtp_url: str, mail: Mail) -> None:
    """Send it; ``smtps`` from the first byte, ``smtp`` with STARTTLS where it is offered.

    Raises:
        Refused: the address or the mail is refused for good.
        OSError, smtplib.SMTPException: it does not work now; the job is tried again.
    """
    parts = urlsplit(smtp_url)
    message = as_message(smtp_url, mail)
    host = parts.hostname or "127.0.0.1"
    context = ssl.create_default_context()
    with (
        smtplib.SMTP_SSL(host, parts.port or 465, timeout=SECONDS, context=context)
        if parts.scheme == "smtps"
        else smtplib.SMTP(host, parts.port or 25, timeout=SECONDS)
    ) as server:
        if parts.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=context)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        try:
            server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code, reason = next(iter(error.recipients.values()))
            _refuse_for_ever(code, reason)
            raise
        except smtplib.SMTPDataError as error:
            _refuse_for_ever(error.smtp_code, error.smtp_error)
            raise
        except smtplib.SMTPNotSupportedError as error:  # an address that is not plain ASCII
            raise Refused(str(error)) from error


def as_message(smtp_url: str, mail: Mail) -> EmailMessage:
    """The mail with its headers; the sender is ``from`` in the URL."""
    name, address = parseaddr(parse_qs(urlsplit(smtp_url).query).get("from", ["hub@localhost"])[0])
    message = EmailMessage()
    message["From"] = formataddr((_one_line(name or mail.sender_name), address))
    message["To"] = mail.to
    message["Subject"] = _one_line(mail.subject)
    message["Date"] = formatdate(usegmt=True)
    digest = hashlib.sha256(mail.key.encode()).hexdigest()[:32]
    message["Message-ID"] = f"<{digest}@{address.rpartition('@')[2] or 'localhost'}>"
    message["Auto-Submitted"] = "auto-generated"
    if mail.stop:
        message["List-Unsubscribe"] = f"<{mail.stop}>"
        if urlsplit(mail.stop).scheme == "https":  # all that RFC 8058 lets a mailbox post to
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    message["Content-Language"] = mail.language  # set earlier, it would go into the first part
    return message


def _refuse_for_ever(code: int, reason: bytes | str) -> None:
    if code >= FOR_EVER:
        said = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else reason
        raise Refused(f"{code} {said}")


def _one_line(text: str) -> str:
    """A title may hold anything; a header holds one line."""
    return " ".join(text.split())
