"""The minutes of a discussion round as PDF, A4."""

import json
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from resource_hub.catalogue.labels import Labels, date_words, issue_words
from resource_hub.catalogue.minutes_text import blocks
from resource_hub.catalogue.plain import one_line
from resource_hub.catalogue.print.pdf import set_folder
from resource_hub.catalogue.print.qr import qr_png
from resource_hub.catalogue.print.setting import MANUSCRIPT
from resource_hub.domain.errors import N_


@dataclass(frozen=True, slots=True)
class MinutesData:
    """What the printed minutes say; moments in the hub's time zone.

    Attributes:
        text: As the host wrote it, in Markdown.
        address: Of the page of the round.
        attended: How many people.
    """

    alliance: str
    month: str
    opens_at: datetime
    closes_at: datetime
    published_at: datetime
    host: str
    place: str
    attended: int
    text: str
    address: str


def minutes_as_pdf(minutes: MinutesData, labels: Labels) -> bytes:
    """The pages, in one script; the words of the minutes stay as they were written.

    Raises:
        NotSet: typst could not set it.
    """
    say = labels.say
    during = " – ".join(_moment(labels, at) for at in (minutes.opens_at, minutes.closes_at))
    facts = [
        (say(N_("Time")), during),
        (say(N_("Place")), one_line(minutes.place)),
        (say(N_("Host")), one_line(minutes.host)),
        (say(N_("Took part")), say(N_("%(count)s people")) % {"count": minutes.attended}),
        (say(N_("Minutes published")), date_words(labels, minutes.published_at)),
    ]
    with tempfile.TemporaryDirectory(prefix="hub-minutes-") as name:
        folder = Path(name)
        code = None
        try:
            (folder / "round.png").write_bytes(qr_png(minutes.address))
            code = "round.png"
        except ValueError:
            pass  # no camera reads a code so large; the address stands beside it
        words = {
            "language": labels.language,
            "title": say(N_("Minutes of the discussion")),
            "alliance": one_line(minutes.alliance),
            "issue": issue_words(labels, minutes.month),
            "facts": [[head, said] for head, said in facts if said],
            "blocks": blocks(minutes.text),
            "address": minutes.address,
            "code": code,
            "online": say(N_("This round on line")),
        }
        (folder / MANUSCRIPT).write_text(json.dumps(words, ensure_ascii=False), "utf-8")
        return set_folder(folder, "minutes.typ")


def _moment(labels: Labels, moment: datetime) -> str:
    return f"{date_words(labels, moment)} {moment:%H:%M}"
