"""What lies in deploy/ and beside it as an example fits the settings the hub really has."""

import re
from dataclasses import fields

from config import Settings
from tests.architecture.checkout import ROOT

EXAMPLE = ROOT / ".env.example"
KNOWN = {f"HUB_{item.name.upper()}" for item in fields(Settings)}


def example() -> dict[str, str]:
    text = EXAMPLE.read_text("utf-8")
    return dict(re.findall(r"^#(HUB_[A-Z_]+)=(.*)$", text, re.MULTILINE))


def test_the_example_names_every_setting() -> None:
    assert set(example()) == KNOWN


def test_the_example_shows_the_defaults() -> None:
    """With every # taken away the hub behaves as without the file."""
    assert Settings.from_env(example()) == Settings.from_env({})


def test_the_example_changes_nothing_as_it_stands() -> None:
    lines = EXAMPLE.read_text("utf-8").splitlines()
    assert [line for line in lines if line and not line.startswith("#")] == []


def test_only_settings_that_exist_are_mentioned() -> None:
    places = [*(ROOT / "deploy").iterdir(), ROOT / "SECURITY.md", ROOT / "CONTRIBUTING.md"]
    mentioned = {
        name.removesuffix("_FILE") if name not in KNOWN else name
        for place in places
        for name in re.findall(r"\bHUB_[A-Z_]*[A-Z]\b", place.read_text("utf-8"))
        if not name.startswith("HUB_TEST_")
    }
    assert mentioned - KNOWN == set()
