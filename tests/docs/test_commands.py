"""The pages of commands and settings say what the program knows, no more and no less."""

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click
import pytest

from config import GIB, MIB, Settings
from resource_hub.cli import hub_command
from tests.cli.test_console import COMMANDS

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"
SECTION = re.compile(r"^## `hub ([a-z -]+)`\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)


def sections() -> dict[str, str]:
    return dict(SECTION.findall((REFERENCE / "commands.md").read_text("utf-8")))


def signature(words: str, command: click.Command) -> str:
    arguments = [item for item in command.params if isinstance(item, click.Argument)]
    shown = [f"{item.name}".upper() for item in arguments]
    return " ".join(["hub", words, *shown, "[OPTIONS]"])


def option_rows(command: click.Command) -> Iterator[str]:
    """A line of the table for each option that ``--help`` shows."""
    for item in command.params:
        if isinstance(item, click.Option) and not item.hidden:
            yield f"| `{option_name(item)}` | {meaning(item)} |"


def option_name(item: click.Option) -> str:
    value = "" if item.is_flag else f" {item.make_metavar(click.Context(click.Command('x')))}"
    return (", ".join(item.opts) + value).replace("|", "\\|")


def meaning(item: click.Option) -> str:
    said = [item.help or ""]
    if item.required:
        said.append("Required.")
    if item.show_default and item.default not in (None, ()):
        default = item.default if isinstance(item.default, tuple) else (item.default,)
        said.append(f"Default: {', '.join(f'`{value}`' for value in default)}.")
    return " ".join(part for part in said if part)


def test_every_command_is_described_and_nothing_else() -> None:
    assert set(sections()) == set(COMMANDS)


@pytest.mark.parametrize("words", COMMANDS)
def test_a_command_is_described_with_its_example_and_every_option(words: str) -> None:
    command, section = COMMANDS[words], sections()[words]
    assert f"`{signature(words, command)}`" in section
    rows = [row for row in section.splitlines() if row.startswith("| `--")]
    assert rows == list(option_rows(command))
    example = (command.epilog or "").removeprefix("Example: ")
    assert f"```sh\n{example}" in section


def test_help_of_the_program_itself_names_every_group() -> None:
    with click.Context(hub_command, info_name="hub") as context:
        listed = hub_command.get_help(context)
    assert all(f"\n  {words.split()[0]} " in listed for words in COMMANDS)


def setting_rows() -> Iterator[str]:
    for item in fields(Settings):
        name, explanation = f"HUB_{item.name.upper()}", item.metadata["explanation"]
        yield f"| `{name}` | {default_of(item.default)} | {explanation} |"


def default_of(value: object) -> str:
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, int) and value % GIB == 0 and value:
        return f"{value} ({value // GIB} GiB)"
    if isinstance(value, int) and value % MIB == 0 and value:
        return f"{value} ({value // MIB} MiB)"
    return f"`{value}`" if value != "" else "empty"


def test_every_setting_stands_there_with_default_and_explanation() -> None:
    page = (REFERENCE / "settings.md").read_text("utf-8")
    assert re.findall(r"^\| `HUB_.*\|$", page, re.MULTILINE) == list(setting_rows())
