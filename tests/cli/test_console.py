"""What all commands have in common."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner
from flask import Flask

from config import Settings
from resource_hub.app import create_app
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


def test_bytes_that_are_no_text_are_refused_in_a_sentence(hub: Types) -> None:
    for words in (
        ("people", "add", "--name", "\udcff", "--account", "wang"),
        ("people", "reset", "\udcff"),
        ("schools", "add", "\udcff"),
    ):
        result = hub(*words)
        assert result.exit_code == 1
        assert result.stderr == "Error: What was typed holds bytes that are no text in UTF-8.\n"


def test_a_file_that_cannot_be_written_is_said_in_a_sentence(hub: Types, tmp_path: Path) -> None:
    table = tmp_path / "teachers.csv"
    table.write_text("姓名,账号\n王敏,wang\n")
    result = hub("people", "import", table, "--links", tmp_path / "nowhere" / "links.csv")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: A file, a folder or an address cannot be used (")
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "setting",
    [
        {"database_url": "nothing://x"},
        {"database_url": "garbage"},
        {"storage_url": "ftp://x"},
        {"search_url": "x://y"},
        {"data": Path("/dev/null/x")},
    ],
    ids=str,
)
def test_settings_that_cannot_be_used_are_said_in_a_sentence(
    tmp_path: Path,
    setting: dict[str, Any],  # Any: each setting has its own type
) -> None:
    def make() -> Flask:
        return create_app(Settings(**({"data": tmp_path} | setting)).with_defaults())

    result = CliRunner().invoke(hub_command, ["status"], obj=make)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: The settings cannot be used: ")
    assert len(result.stderr.splitlines()) == 1
