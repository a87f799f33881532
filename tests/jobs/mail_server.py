"""A real SMTP server in the tests' own process, with a mailbox to look into."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class Mailbox:
    """What arrived. ``refuses`` is an answer such as ``550 no such user``; empty: all is taken."""

    arrived: list[EmailMessage] = field(default_factory=list)
    refuses: str = ""
    answer: str = "250 OK"
    url: str = ""

    async def handle_RCPT(  # noqa: N802 - the name that the server asks for
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[Any],  # Any: as the server gives them
    ) -> str:
        if self.refuses:
            return self.refuses
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - the name that the server asks for
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        if self.answer.startswith("2"):
            content = envelope.original_content or b""
            parsed = message_from_bytes(content, _class=EmailMessage, policy=policy.default)
            self.arrived.append(parsed)
        return self.answer

    def to(self, address: str) -> list[EmailMessage]:
        return [mail for mail in self.arrived if mail["To"] == address]


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    """A server on a free port of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    mailbox = Mailbox(url=f"smtp://127.0.0.1:{port}?from=hub@school.example")
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()


def part(mail: EmailMessage, kind: str) -> str:
    """The ``plain`` or ``html`` part of a mail, as its reader sees it."""
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")
