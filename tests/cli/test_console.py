"""What all commands have in common."""

from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner
from flask import Flask

from resource_hub.cli import hub_command
from tests.cli.conftest import Types


def commands(group: click.Group = hub_command, *path: str) -> Iterator[tuple[str, click.Command]]:
    """Every command with the words that call it."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, *path, name)
        else:
            yield " ".join((*path, name)), command


COMMANDS = dict(commands())


@pytest.mark.parametrize("words", COMMANDS)
def test_help_shows_an_example_and_needs_no_hub(words: str) -> None:
    def must_not_be_made() -> Flask:
        raise AssertionError("help made the application")

    result = CliRunner().invoke(hub_command, [*words.split(), "--help"], obj=must_not_be_made)
    assert result.exit_code == 0
    assert f"Example: hub {words}" in " ".join(result.stdout.split())


def test_a_refusal_is_one_sentence_on_stderr_and_an_exit_code(hub: Types) -> None:
    result = hub("people", "reset", "nobody")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "Error: There is no account “nobody”.\n"


def test_several_problems_are_said_together(hub: Types) -> None:
    result = hub("people", "add", "--name", " ", "--email", "nowhere")
    assert result.exit_code == 1
    assert result.stderr == (
        "Error: Give the person's name, at most 60 characters. This is not an e-mail address.\n"
    )


def test_a_database_without_tables_is_said_to_need_hub_init(hub: Types, app: Flask) -> None:
    (app.extensions["hub"].data / "hub.db").write_bytes(b"")
    result = hub("people", "list")
    assert result.exit_code == 1
    assert result.stderr == (
        "Error: The database does not answer, or is not set up (no such table: user):"
        " try hub init.\n"
    )
