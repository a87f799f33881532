"""A film or a sound as the ``player`` macro wants it: what to play, and what is said in it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from flask import request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from resource_hub.edge.current import reading
from resource_hub.files import EXTENSIONS, TYPES, Family
from resource_hub.files.subtitles import belongs_to, is_subtitles
from resource_hub.files.types import extension_of
from resource_hub.models import Attachment, Blob, Playing
from resource_hub.services.films import is_given_up
from resource_hub.web.file_words import (
    can_be_played,
    film_or_sound,
    show_url,
    shown_extent,
    thumbnail_url,
)

_MEDIA = frozenset({Family.VIDEO, Family.AUDIO})
_LANGUAGES = {
    "zh": "zh",
    "chs": "zh-Hans",
    "sc": "zh-Hans",
    "zh-cn": "zh-Hans",
    "zh-hans": "zh-Hans",
    "cht": "zh-Hant",
    "tc": "zh-Hant",
    "zh-tw": "zh-Hant",
    "zh-hk": "zh-Hant",
    "zh-hant": "zh-Hant",
    "en": "en",
    "eng": "en",
    "ja": "ja",
    "ru": "ru",
}
"""What people write between the name and ``.srt``, and the language that it stands for."""

_NAMES = {
    "zh": "中文",
    "zh-Hans": "简体中文",
    "zh-Hant": "繁體中文",
    "en": "English",
    "ja": "日本語",
    "ru": "Русский",
}


_READ = {
    "zh_Hans": ("zh-Hans", "zh", "zh-Hant"),
    "zh_Hant": ("zh-Hant", "zh", "zh-Hans"),
    "en": ("en",),
}
"""Which subtitles a reader of the hub in this language wants, the best ones first."""


@dataclass(frozen=True, slots=True)
class Track:
    """Subtitles that can be turned on; the first are on from the start."""

    url: str
    language: str
    label: str


@dataclass(frozen=True, slots=True)
class Player:
    """A film or a sound.

    Attributes:
        kind: ``film`` or ``sound``.
        source: What is played, from the second that was asked for; empty while there is nothing
            that browsers play.
        note: What to say instead then.
        preload: How much the browser fetches before anybody presses play.
        extent: Such as 3:20 · 1280×720.
    """

    kind: str
    name: str
    source: str
    note: str
    download_url: str
    poster_url: str | None
    preload: str
    extent: str
    tracks: Sequence[Track] = ()


def player_of(
    attachment: Attachment,
    public_id: str,
    *,
    beside: Iterable[tuple[int, str]],
    language: str,
    second: int | None = None,
) -> Player | None:
    """How to play an attachment, its blob loaded; None for what is neither film nor sound.

    Args:
        beside: Number and name of every file of the same revision.
        language: Of the revision, and of subtitles that name none.
        second: Where to begin.
    """
    blob = attachment.blob
    if Family(blob.family) not in _MEDIA:
        return None
    files = list(beside)
    kind = film_or_sound(blob)
    source = show_url(attachment, public_id) if can_be_played(blob) else ""
    if source and second and second > 0:
        source = f"{source}#t={second}"
    poster = thumbnail_url(blob.thumbnail_key)
    # The page says how long it is and shows its picture: nothing needs to be fetched for that.
    is_told = blob.duration is not None and (poster is not None or kind == "sound")
    is_saving = request.headers.get("Save-Data", "").lower() == "on"
    return Player(
        kind=kind,
        name=attachment.filename,
        source=source,
        note="" if source else _note(blob),
        download_url=url_for(
            "files.download",
            public_id=public_id,
            attachment_id=attachment.id,
            filename=attachment.filename,
        ),
        poster_url=poster,
        preload="none" if is_saving or is_told else "metadata",
        extent=shown_extent(blob),
        tracks=_tracks(attachment.filename, files, public_id, language),
    )


def _note(blob: Blob) -> str:
    if blob.playing == Playing.IMPOSSIBLE:
        return str(_("Browsers cannot play this file. Download it to play it on your computer."))
    if blob.playing == Playing.PREPARING and is_given_up(reading(), blob.key):
        return str(
            _(
                "This file could not be prepared for browsers just now; the administrator has been "
                "told. Download it to play it on your computer."
            )
        )
    return str(
        _(
            "This file is being prepared for browsers, which may take as long as it plays. "
            "It can be downloaded as it is meanwhile."
        )
    )


def _tracks(
    film: str, files: Sequence[tuple[int, str]], public_id: str, language: str
) -> Sequence[Track]:
    """The subtitles that are called like the film, or all of them where it is the only one.

    Those in the reader's language come first, then those in the language of the revision.
    """
    is_alone = sum(_is_media(name) for _number, name in files) <= 1
    wanted = (*_READ.get(str(get_locale()), ()), language)
    found = [
        Track(
            url_for("films.captions", public_id=public_id, attachment_id=number),
            spoken,
            _NAMES.get(spoken, spoken),
        )
        for number, name in files
        if is_subtitles(name) and (is_alone or belongs_to(name, film))
        for spoken in [_language_of(name, language)]
    ]
    found.sort(
        key=lambda track: wanted.index(track.language) if track.language in wanted else len(wanted)
    )
    return found


def _is_media(name: str) -> bool:
    codes = EXTENSIONS.get(extension_of(name), ("other",))
    return TYPES[codes[0]].family in _MEDIA


def _language_of(name: str, otherwise: str) -> str:
    said = PurePath(PurePath(name).stem).suffix.removeprefix(".").casefold()
    return _LANGUAGES.get(said, otherwise)
