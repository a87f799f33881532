"""Each layer imports only what the drawing of the house allows."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.checkout import ROOT


def lint_imports(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    return subprocess.run(  # noqa: S603 - our own command line
        [sys.executable, "-c", command, "--no-cache", "--no-logo", *arguments],
        cwd=folder,
        env={"PYTHONPATH": f"{folder}:{ROOT}", "NO_COLOR": "1", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_the_contracts_of_the_house_are_kept() -> None:
    result = lint_imports(ROOT)
    assert (result.returncode, result.stderr) == (0, ""), result.stdout


@pytest.fixture
def shed(tmp_path: Path) -> Path:
    """A package under the contract that it may import nothing but ``click``."""
    (tmp_path / "shed").mkdir()
    (tmp_path / "shed" / "__init__.py").touch()
    (tmp_path / ".importlinter").write_text(
        "[importlinter]\n"
        "root_package = shed\n"
        "include_external_packages = True\n"
        "contract_types =\n    third_parties: tests.architecture.third_parties.ThirdParties\n"
        "[importlinter:contract:shed]\n"
        "name = The shed imports click alone\n"
        "type = third_parties\n"
        "source_modules = shed\n"
        "allowed = click\n"
    )
    return tmp_path


def test_the_standard_library_and_what_is_listed_may_be_imported(shed: Path) -> None:
    (shed / "shed" / "tools.py").write_text("import json\nimport click.types\nimport shed\n")
    assert lint_imports(shed).returncode == 0


def test_a_library_that_is_not_listed_is_named_with_its_importer(shed: Path) -> None:
    (shed / "shed" / "tools.py").write_text("def late():\n    from flask import request\n")
    result = lint_imports(shed)
    assert result.returncode == 1
    assert "shed.tools imports flask" in result.stdout
