"""Bring the translation catalogues up to date with the sentences in code and templates.

    python deploy/words.py            # adds new sentences to zh_Hans, drops old ones, makes zh_Hant
    python deploy/words.py --missing  # lists what zh_Hans does not say yet

English is the language of the sentences themselves. Simplified Chinese is written by people, in
``resource_hub/translations/zh_Hans/LC_MESSAGES/messages.po``. Traditional Chinese is made from it
by OpenCC with regional words, then corrected by ``resource_hub/translations/corrections.toml``.
"""

import sys
import tomllib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from opencc import OpenCC

from resource_hub.files import MACROS, MISNAMED, PLACE_TAKEN, SENTENCES

ROOT = Path(__file__).resolve().parent.parent
SAME_DATE = datetime(2026, 11, 22, tzinfo=UTC)
"""A fixed date, so that running twice changes nothing."""

FOLDER = ROOT / "resource_hub" / "translations"
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "N_": None,
    "Problem": (2,),
    **dict.fromkeys(
        (
            "HubError", "Missing", "SignInNeeded", "NotAllowed", "WrongState", "TooLarge",
            "TooManyTries", "Unavailable",
        )
    ),
}  # fmt: skip
"""Whose first argument (for a ``Problem``, the second) is a sentence for people."""

PLURALS: dict[str, str] = {}
"""English singular → plural, for the few sentences that count; Chinese has one form."""


def sentences() -> dict[str, list[tuple[str, int]]]:
    """Every sentence of the hub, with the places where it stands."""
    found: dict[str, list[tuple[str, int]]] = {}
    for path, method in sources():
        options = {"trimmed": "true", "silent": "false", "trim_blocks": "true"}
        for line, message, _comments, _context in extract(
            method, BytesIO(path.read_bytes()), keywords=KEYWORDS, options=options
        ):
            sentence = message if isinstance(message, str) else message[0]
            if isinstance(message, tuple):
                PLURALS[sentence] = message[1]
            if sentence:
                found.setdefault(sentence, []).append((str(path.relative_to(ROOT)), line))
    for sentence in (*SENTENCES.values(), MISNAMED, MACROS, PLACE_TAKEN):
        found.setdefault(sentence, []).append(("resource_hub/files/facts.py", 0))
    return found


def sources() -> Iterator[tuple[Path, str]]:
    for path in sorted((ROOT / "resource_hub").rglob("*.py")):
        yield path, "python"
    for path in sorted((ROOT / "templates").rglob("*.html")):
        yield path, "jinja2.ext:babel_extract"


def read(locale: str) -> dict[str, str]:
    """What a catalogue says: sentence → translation, only those that are translated."""
    path = catalogue_path(locale)
    if not path.exists():
        return {}
    with path.open("rb") as source:
        catalogue = read_po(source, locale=locale)
    said = {_first(entry.id): _first(entry.string) for entry in catalogue if entry.id}
    return {sentence: translation for sentence, translation in said.items() if translation}


def _first(text: str | Sequence[str] | None) -> str:
    """The one form of a sentence, whether or not it counts."""
    return text if isinstance(text, str) else (text or ("",))[0]


def write(locale: str, said: dict[str, str], found: dict[str, list[tuple[str, int]]]) -> None:
    catalogue = Catalog(
        locale=locale, project="resource-hub", charset="utf-8", fuzzy=False,
        header_comment=f"# The words of the hub in {locale}.",
    )  # fmt: skip
    catalogue.creation_date = catalogue.revision_date = SAME_DATE
    for sentence in sorted(found):
        places = sorted({place for place, _line in found[sentence]})
        flags = {"python-format"} if "%(" in sentence else set()
        plural = PLURALS.get(sentence)
        catalogue.add(
            (sentence, plural) if plural else sentence,
            (said.get(sentence, ""),) if plural else said.get(sentence, ""),
            locations=[(place, 0) for place in places],
            flags=flags,
        )
    path = catalogue_path(locale)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as target:
        write_po(target, catalogue, width=0, include_lineno=False, omit_header=False)


def catalogue_path(locale: str) -> Path:
    return FOLDER / locale / "LC_MESSAGES" / "messages.po"


def traditional(simplified: dict[str, str]) -> dict[str, str]:
    """The traditional catalogue: OpenCC with Taiwan's words, then the corrections."""
    convert = OpenCC("s2twp").convert
    corrections = tomllib.loads((FOLDER / "corrections.toml").read_text("utf-8"))
    said = {}
    for sentence, translation in simplified.items():
        text = convert(translation)
        for wrong, right in corrections["words"].items():
            text = text.replace(wrong, right)
        said[sentence] = corrections["sentences"].get(sentence, text)
    return said


def main() -> None:
    found = sentences()
    simplified = {sentence: text for sentence, text in read("zh_Hans").items() if sentence in found}
    if "--missing" in sys.argv:
        for sentence in sorted(found.keys() - simplified.keys()):
            sys.stdout.write(f"{sentence}\n")
        return
    write("zh_Hans", simplified, found)
    write("zh_Hant", traditional(simplified), found)
    missing = len(found) - len(simplified)
    sys.stdout.write(f"{len(found)} sentences, {missing} without their Chinese\n")


if __name__ == "__main__":
    main()
