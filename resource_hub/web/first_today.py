"""Whether a browser does something for the first time today, as its session remembers."""

from flask import session

from resource_hub.edge.current import hub

REMEMBERED = 100
"""Resources of a day that the session remembers of each kind of doing."""


def is_first_today(doing: str, public_id: str) -> bool:
    """Whether it is the first time; from now on it is not."""
    today = hub().now().astimezone(hub().zone).date().isoformat()
    remembered = session.get(doing, {})
    done = remembered.get("ids", []) if remembered.get("day") == today else []
    if public_id in done:
        return False
    session[doing] = {"day": today, "ids": [*done, public_id][-REMEMBERED:]}
    return True
