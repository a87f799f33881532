"""What a notice says, in the reader's language: in the hub and by mail."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from resource_hub.edge.figure_words import period_name
from resource_hub.edge.words import day, moment, month_words
from resource_hub.notifications.messages import NOTICES, SAID_BESIDE

_COMMENT = "%(comment)s"


def notice_apart(kind: str, values: Mapping[str, Any]) -> tuple[str, str]:  # Any: by kind
    """The sentence without what was said, and what was said: Markdown, or nothing.

    Of a kind that is no more the title is left.
    """
    known = _known(values)
    sentence = NOTICES.get(kind)
    if sentence is None:
        return str(known["title"]), ""
    if kind in SAID_BESIDE:
        return str(_(sentence, **known)), str(known["comment"])
    words = str(_(sentence))
    if not words.endswith(_COMMENT):
        return words % known, ""
    return words.removesuffix(_COMMENT).rstrip(" :：") % known, str(known["comment"])


def _known(values: Mapping[str, Any]) -> dict[str, Any]:  # Any: by kind
    known = {"title": "", "by": "", "comment": "", **values}
    known["title"] = known["title"] or _("Untitled")
    if "due" in known:
        known["due"] = day(date.fromisoformat(known["due"]))
    for hour in ("opens", "closes"):
        if hour in known:
            known[hour] = moment(datetime.fromisoformat(known[hour]))
    if "month" in known:
        known["month"] = month_words(known["month"])
    if "period" in known:
        known["period"] = period_name(known["period"])
    return known
