"""A group robot's service on this machine: it checks what the real ones document."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

SECRET = "SEC-of-the-staff-room"


@dataclass
class Group:
    """What arrived in the group, as JSON. ``answers`` come first, each once; then all is taken."""

    url: str = ""
    arrived: list[dict[str, Any]] = field(default_factory=list)  # Any: JSON
    answers: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    asked: int = 0


@contextmanager
def robot_server() -> Iterator[Group]:
    """One server for the three services: ``/dingtalk``, ``/wecom``, ``/feishu``."""
    group = Group()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            group.asked += 1
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            parts = urlsplit(self.path)
            if group.answers:
                status, answer = group.answers.pop(0)
            else:
                fault = FAULTS[parts.path](parse_qs(parts.query), body)
                status, answer = 200, fault or {"errcode": 0, "errmsg": "ok", "code": 0}
                if not fault:
                    group.arrived.append(body)
            content = json.dumps(answer).encode()
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "/wecom?key=elsewhere")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    group.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield group
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _of(key: str, text: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()


def _dingtalk(query: dict[str, list[str]], body: dict[str, Any]) -> dict[str, Any] | None:
    """Signed in the address: key is the secret, text is the time in ms, a line end, the secret."""
    stamp = query["timestamp"][0]
    if len(stamp) != 13 or query["sign"] != [_of(SECRET, f"{stamp}\n{SECRET}")]:
        return {"errcode": 310000, "errmsg": "sign not match"}
    card = body["actionCard"]
    is_right = body["msgtype"] == "actionCard" and set(card) == {
        "title", "text", "singleTitle", "singleURL"
    }  # fmt: skip
    return None if is_right else {"errcode": 40035, "errmsg": "invalid parameter"}


def _wecom(query: dict[str, list[str]], body: dict[str, Any]) -> dict[str, Any] | None:
    if query["key"] != ["of-the-group"]:
        return {"errcode": 93000, "errmsg": "invalid webhook url"}
    card = body["template_card"]
    is_right = body["msgtype"] == "template_card" and card["card_type"] == "text_notice"
    is_right = is_right and card["card_action"]["type"] == 1 and card["card_action"]["url"]
    return None if is_right else {"errcode": 40058, "errmsg": "invalid parameter"}


def _feishu(_query: dict[str, list[str]], body: dict[str, Any]) -> dict[str, Any] | None:
    """Signed in the body: key is the time in s, a line end and the secret; the text is empty."""
    stamp = body["timestamp"]
    if len(stamp) != 10 or body["sign"] != _of(f"{stamp}\n{SECRET}", ""):
        return {"code": 19021, "msg": "sign match fail or timestamp is not within one hour"}
    is_right = body["msg_type"] == "interactive" and body["card"]["elements"]
    return None if is_right else {"code": 9499, "msg": "Bad Request"}


FAULTS = {"/dingtalk": _dingtalk, "/wecom": _wecom, "/feishu": _feishu}
