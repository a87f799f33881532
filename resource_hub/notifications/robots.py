"""Cards for group robots of DingTalk, WeCom and Feishu: the card, its signature, the answer.

Each service documents its own form, followed here as of 2026: DingTalk's custom robot (action card,
signed in the address), WeCom's group robot (template card, not signed: the address is the secret)
and Feishu's custom bot (message card, signed in the body).
"""

import base64
import hashlib
import hmac
import http.client
import json
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import SplitResult, urlencode, urlsplit

from resource_hub.domain.robots import Service

SECONDS = 20
"""For which an answer is waited for."""

LARGEST_ANSWER = 64 * 1024  # bytes; what the services say takes a few hundred

WECOM_TITLE, WECOM_TEXT = 26, 112
"""Characters that WeCom advises; what is longer is cut by each telephone differently."""


_TOO_FAST: Mapping[Service, frozenset[int]] = {
    Service.DINGTALK: frozenset({-1, 130101, 410100}),
    Service.WECOM: frozenset({-1, 45009}),
    Service.FEISHU: frozenset({11232, 99991400}),
}
"""Answers that ask for patience; all others but 0 are final."""


class Refused(Exception):
    """The service will not take this card, however often it is tried; it says why."""


class Busy(Exception):
    """The service does not take it now; the card is tried again."""


@dataclass(frozen=True, slots=True)
class Robot:
    """One robot of one group; ``secret`` is empty where it does not sign."""

    service: Service
    address: str
    secret: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """What the group reads: a heading, some lines, and one button."""

    title: str
    lines: tuple[str, ...]
    link: str
    button: str


@dataclass(frozen=True, slots=True)
class Posting:
    """What is posted where."""

    address: str
    body: bytes


def posting(robot: Robot, card: Card, now: datetime) -> Posting:
    """The card in the form of its service, signed if the robot has a secret."""
    address, body = _FORMS[robot.service](robot, card, now.timestamp())
    return Posting(address, json.dumps(body, ensure_ascii=False).encode())


def send(robot: Robot, card: Card, now: datetime) -> None:
    """Post the card; no redirect is followed.

    Raises:
        Refused: the service refuses it for good.
        Busy: it asks for patience, or is out of order.
        OSError, http.client.HTTPException: it cannot be reached.
    """
    post = posting(robot, card, now)
    parts = urlsplit(post.address)
    connection = _connection(parts)
    try:
        path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        headers = {"Content-Type": "application/json; charset=utf-8"}
        connection.request("POST", path, post.body, headers)
        answer = connection.getresponse()
        content = answer.read(LARGEST_ANSWER)
    finally:
        connection.close()
    _judge(robot.service, answer.status, content)


def _connection(parts: SplitResult) -> http.client.HTTPConnection:
    host = parts.hostname or ""
    if parts.scheme == "http":  # a service of one's own, on loopback: see ``domain.robots``
        return http.client.HTTPConnection(host, parts.port or 80, timeout=SECONDS)
    context = ssl.create_default_context()
    return http.client.HTTPSConnection(host, parts.port or 443, timeout=SECONDS, context=context)


def _judge(service: Service, status: int, content: bytes) -> None:
    """Every service answers 200 with a code in JSON; anything else is a proxy or an outage."""
    if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise Busy(f"HTTP {status}")
    try:
        answer = json.loads(content)
        code = int(answer["code" if service is Service.FEISHU else "errcode"])
    except (ValueError, KeyError, TypeError) as error:
        if status == HTTPStatus.OK:
            raise Busy("the answer is none of a robot") from error
        raise Refused(f"HTTP {status}") from error
    if code == 0:
        return
    said = f"{code} {answer.get('msg' if service is Service.FEISHU else 'errmsg', '')}"
    if code in _TOO_FAST[service]:
        raise Busy(said)
    raise Refused(said)


def _signature(key: str, text: str) -> str:
    return base64.b64encode(hmac.digest(key.encode(), text.encode(), hashlib.sha256)).decode()


Body = Mapping[str, Any]  # Any: JSON


def _dingtalk(robot: Robot, card: Card, now: float) -> tuple[str, Body]:
    address = robot.address
    if robot.secret:
        stamp = str(int(now * 1000))
        sign = _signature(robot.secret, f"{stamp}\n{robot.secret}")
        address += ("&" if "?" in address else "?") + urlencode({"timestamp": stamp, "sign": sign})
    text = "\n\n".join([f"### {_plain(card.title)}", *map(_plain, card.lines)])
    action = {"title": card.title, "text": text, "singleTitle": card.button, "singleURL": card.link}
    return address, {"msgtype": "actionCard", "actionCard": action}


def _wecom(robot: Robot, card: Card, _now: float) -> tuple[str, Body]:
    return robot.address, {
        "msgtype": "template_card",
        "template_card": {
            "card_type": "text_notice",
            "main_title": {"title": _cut(card.title, WECOM_TITLE)},
            "sub_title_text": _cut("\n".join(card.lines), WECOM_TEXT),
            "jump_list": [{"type": 1, "title": card.button, "url": card.link}],
            "card_action": {"type": 1, "url": card.link},
        },
    }


def _feishu(robot: Robot, card: Card, now: float) -> tuple[str, Body]:
    button = {
        "tag": "button",
        "type": "primary",
        "text": {"tag": "plain_text", "content": card.button},
        "url": card.link,
    }
    lines = [{"tag": "div", "text": {"tag": "plain_text", "content": line}} for line in card.lines]
    message = {
        "msg_type": "interactive",
        "card": {
            "header": {
                "title": {"tag": "plain_text", "content": card.title},
                "template": "green",
            },
            "elements": [*lines, {"tag": "action", "actions": [button]}],
        },
    }
    if robot.secret:
        stamp = str(int(now))
        message |= {"timestamp": stamp, "sign": _signature(f"{stamp}\n{robot.secret}", "")}
    return robot.address, message


_FORMS: Mapping[Service, Callable[[Robot, Card, float], tuple[str, Body]]] = {
    Service.DINGTALK: _dingtalk,
    Service.WECOM: _wecom,
    Service.FEISHU: _feishu,
}

_MARKDOWN = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_[]#<>!"})


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _plain(text: str) -> str:
    """A title may hold anything; in a card it is no markup."""
    return text.translate(_MARKDOWN)
