"""How every command of ``hub`` speaks: refusals, sentences, progress, JSON."""

import errno
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import click
from flask import Flask
from flask_babel import gettext
from sqlalchemy.exc import SQLAlchemyError

from resource_hub.domain.errors import N_, HubError, Invalid
from resource_hub.edge.words import say
from search_index import SearchIndexError
from storage import StorageError

Plain = Any  # Any: whatever JSON can hold


class HubCommand(click.Command):
    """A command that runs inside the application; what goes wrong is one sentence on stderr.

    The application is made only now, so that ``--help`` touches nothing.
    """

    def invoke(self, ctx: click.Context) -> object:
        app = _made(ctx.obj)
        with app.app_context():
            try:
                return super().invoke(ctx)
            except HubError as error:
                raise click.ClickException(sentence_of(error)) from error
            except (StorageError, SearchIndexError) as error:
                raise click.ClickException(str(error)) from error
            except SQLAlchemyError as error:
                raise click.ClickException(_database_sentence(error)) from error
            except UnicodeError as error:
                raise click.ClickException(gettext_of(NO_TEXT)) from error
            except BrokenPipeError:
                raise  # "hub search … | head" is nobody's fault
            except OSError as error:
                raise click.ClickException(_file_sentence(error)) from error


NO_TEXT = N_("What was typed holds bytes that are no text in UTF-8.")
DISK_FULL = N_("The disk is full: free some space, then try again.")
NO_FILE = N_("A file, a folder or an address cannot be used (%(reason)s).")


def _made(make: Callable[[], Flask]) -> Flask:
    """The application; what the settings name and cannot be used is one sentence, too."""
    try:
        return make()
    except (StorageError, SearchIndexError, SQLAlchemyError, ValueError, OSError) as error:
        reason = str(error).splitlines()[0]
        raise click.ClickException(f"The settings cannot be used: {reason}") from error


class HubGroup(click.Group):
    """A group whose commands are ``HubCommand``; so are those of the groups inside."""

    command_class = HubCommand
    group_class = type


def sentence_of(error: HubError) -> str:
    """What to tell the person: the sentence, or each problem of a form after its field."""
    if isinstance(error, Invalid):
        return " ".join(say(problem) for problem in error.problems)
    return say(error)


def _file_sentence(error: OSError) -> str:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return gettext_of(DISK_FULL)
    return gettext_of(NO_FILE, reason=error)


def _database_sentence(error: SQLAlchemyError) -> str:
    reason = str(getattr(error, "orig", None) or type(error).__name__).splitlines()[0]
    return gettext_of(
        N_("The database does not answer, or is not set up (%(reason)s): try hub init."),
        reason=reason,
    )


def gettext_of(sentence: str, **values: object) -> str:
    """The sentence in the hub's language."""
    return str(gettext(sentence, **values))


def tell(sentence: str, **values: object) -> None:
    """One line to stdout, in the hub's language."""
    click.echo(gettext_of(sentence, **values))


def warn(sentence: str, **values: object) -> None:
    """One line to stderr, in the hub's language; the command goes on."""
    click.echo(gettext_of(sentence, **values), err=True)


def show_json(thing: Plain) -> None:
    click.echo(json.dumps(thing, ensure_ascii=False, indent=2))


def show_table(rows: Iterable[tuple[object, ...]]) -> None:
    """Rows as columns parted by tabs, which ``cut`` and spreadsheets read."""
    for row in rows:
        click.echo("\t".join(str(cell) for cell in row))


class Bar:
    """Counts on; shown only where a person is looking."""

    def __init__(self, bar: Any) -> None:  # Any: click's own class of bars is private
        self._bar = bar

    def reach(self, position: int) -> None:
        """Say how far it has come, from 0 to the length."""
        self._bar.update(position - self._bar.pos)


@contextmanager
def progress(sentence: str, length: int) -> Iterator[Bar]:
    """A progress bar on stderr when that is a terminal; nothing otherwise."""
    hidden = not sys.stderr.isatty()
    with click.progressbar(
        length=max(1, length), label=gettext_of(sentence), file=sys.stderr, hidden=hidden
    ) as bar:
        yield Bar(bar)
        bar.update(max(1, length) - bar.pos)
