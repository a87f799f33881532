"""The administrator's own words for search, at the command line."""

from pathlib import Path

import click

from resource_hub.cli.console import HubGroup, show_json, show_table, tell
from resource_hub.cli.organisations import as_json, text_of
from resource_hub.domain.errors import N_
from resource_hub.domain.review import OPERATOR
from resource_hub.edge.current import reading, writing
from resource_hub.services import search_words as editing
from resource_hub.services.queries.search_words import all_words


@click.group("search-words", cls=HubGroup)
def search_words() -> None:
    """Words that search keeps whole, and words that mean the same."""


@search_words.command("list", epilog="Example: hub search-words list --json")
@as_json
def list_words(*, as_json: bool) -> None:
    """List them in the order of their letters."""
    found = all_words(reading(), OPERATOR)
    if as_json:
        show_json([{"kind": word.kind.value, "text": word.text} for word in found])
        return
    show_table((word.text,) for word in found)


@search_words.command("add", epilog='Example: hub search-words add "教案 = 教学设计 = lesson plan"')
@click.argument("text", required=False, default="")
@click.option(
    "--file",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Every line of this file; what is there already is left as it is.",
)
def add(text: str, file: Path | None) -> None:
    """Add TEXT: a word, or words that mean the same with = between."""
    if file is not None:
        with writing() as uow:
            added = editing.add_words(uow, OPERATOR, text_of(file))
        tell(N_("Added: %(new)s; there already: %(known)s."), new=added.new, known=added.known)
        return
    with writing() as uow:
        word = editing.add_word(uow, OPERATOR, text).text
    tell(N_("Search knows: %(words)s"), words=word)


@search_words.command("remove", epilog="Example: hub search-words remove 双师课堂")
@click.argument("text")
def remove(text: str) -> None:
    """Take TEXT out of the list, as list shows it."""
    with writing() as uow:
        word = editing.remove_text(uow, OPERATOR, text)
    tell(N_("Removed: %(words)s"), words=word)
