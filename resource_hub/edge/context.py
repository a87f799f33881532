"""What every template may use: the person, their counts, words and labels."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, g

from resource_hub.domain.taxonomy import Scheme
from resource_hub.edge import words
from resource_hub.edge.current import current_person, hub, reading, stands_alone, taxonomy
from resource_hub.edge.markdown import markdown
from resource_hub.services.queries.counts import Counts, counts_of


def register(app: Flask) -> None:
    """Give ``app``'s templates their filters and variables."""
    app.jinja_env.filters.update(
        label=words.label,
        size=words.size,
        day=words.day,
        moment=words.moment,
        paragraphs=words.paragraphs,
        markdown=markdown,
        say=words.say,
    )
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # the i18n extension adds it
        words.translate, words.translate_count, newstyle=True
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["subject_colour"] = subject_colour
    vendor = Path(app.static_folder or "") / "vendor"
    has_htmx = (vendor / "htmx.min.js").is_file()
    has_tus = (vendor / "tus.min.js").is_file()

    @app.url_defaults
    def version_of_static_files(endpoint: str, values: dict[str, Any]) -> None:  # Any: URL values
        """A changed file gets a new address, so browsers may keep the old one for a week."""
        if endpoint == "static" and "filename" in values and "v" not in values:
            values["v"] = _version(Path(app.static_folder or "") / values["filename"])

    @app.context_processor
    def everywhere() -> dict[str, Any]:  # Any: variables of every type
        locale = words.locale_name()
        return {
            "current_person": current_person() if current_person().is_signed_in else None,
            "counts": _counts(),
            "locale": locale,
            "lang": words.LANGUAGES[locale],
            "language_names": words.LANGUAGE_NAMES,
            "has_htmx": has_htmx,
            "has_tus": has_tus,
        }


@cache
def _version(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:8] if path.is_file() else "0"


def _counts() -> Counts:
    if stands_alone():
        return Counts()
    if "counts" not in g:
        g.counts = counts_of(reading(), current_person(), hub().now())
    found: Counts = g.counts
    return found


def subject_colour(code: str) -> int:
    """1-16: which colour bar a subject carries; 16 for one that nobody coloured."""
    term = taxonomy().term(Scheme.SUBJECT, code)
    return (term.colour if term else 0) or 16
