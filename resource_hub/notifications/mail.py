"""Mail, through any SMTP server; nothing is sent where none is set."""

import smtplib
import ssl
from email.message import EmailMessage
from urllib.parse import parse_qs, unquote, urlsplit

from resource_hub.notifications.messages import PASSWORD_MAIL

SECONDS = 20


def send_password_link(smtp_url: str, *, to: str, name: str, language: str, link: str) -> None:
    """Mail a person the link for a new password, in their language.

    Raises:
        OSError, smtplib.SMTPException: the server does not answer; the job is tried again.
    """
    subject, body = PASSWORD_MAIL.get(language) or PASSWORD_MAIL["zh_Hans"]
    send(smtp_url, to=to, subject=subject, body=body.format(name=name, link=link))


def send(smtp_url: str, *, to: str, subject: str, body: str) -> None:
    """Send one plain text; ``smtps`` from the first byte, ``smtp`` with STARTTLS where offered."""
    parts = urlsplit(smtp_url)
    message = EmailMessage()
    message["From"] = parse_qs(parts.query).get("from", ["hub@localhost"])[0]
    message["To"] = to
    message["Subject"] = subject
    message.set_content(body)
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
        server.send_message(message)
