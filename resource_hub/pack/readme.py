"""The text file at the top of a pack, for whoever opens the folder without knowing what it is."""

from resource_hub.domain.errors import N_
from resource_hub.pack.data import Cover, Wording

LINES = (
    N_("Double click index.html to open the teaching resources."),
    N_("No network is needed; an ordinary browser will do."),
    N_("To add a newer month, copy its folder over this one and replace what is there."),
    N_("check.html shows whether every file is whole; so does: sha256sum -c SHA256SUMS"),
)


def readme(cover: Cover, wording: Wording) -> bytes:
    """In every language of the pack, that of the hub first; Windows' editor needs the mark."""
    locales = sorted(wording, key=lambda locale: (locale != cover.language, locale))
    parts = ["\r\n".join(wording[locale].get(line, line) for line in LINES) for locale in locales]
    return "\ufeff".encode() + "\r\n\r\n".join([*parts, ""]).encode()
