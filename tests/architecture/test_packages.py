"""What the hub takes from others is pinned, complete and listed with its licence and its reason."""

import json
import re
import tomllib
from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata

import pytest

from tests.architecture.checkout import ROOT

LICENCES = ROOT / "docs" / "reference" / "licences.md"
COMPONENTS = ROOT / "docs" / "reference" / "components.md"
PIN = re.compile(r"^([a-z0-9-]+)==\S+( ; .+)?$")
NAME = re.compile(r"^[A-Za-z0-9._-]+")


def plain(name: str) -> str:
    """The name as registries compare it: Flask-SQLAlchemy and flask_sqlalchemy are one."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(which: str) -> list[str]:
    lines = (ROOT / "requirements" / f"{which}.txt").read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def names(which: str) -> set[str]:
    return {line.partition("==")[0] for line in pins(which)}


def front_end() -> dict[str, str]:
    package = json.loads((ROOT / "package.json").read_text("utf-8"))
    return {str(name): str(version) for name, version in package["dependencies"].items()}


def listed_licences() -> dict[str, str]:
    """Package and licence, from the first two columns of the tables of ``licences.md``."""
    rows = re.findall(r"^\| `([^`]+)` \| ([^|]+) \|", LICENCES.read_text("utf-8"), re.MULTILINE)
    return {name: licence.strip() for name, licence in rows}


def stated_licence(package: PackageMetadata) -> str:
    """What a package says of itself: an SPDX expression, a short text, or its classifiers."""
    if "License-Expression" in package:
        return package["License-Expression"]
    texts = package.get_all("License") or []
    if texts and "\n" not in texts[0] and len(texts[0]) < 50:  # longer: the licence itself
        return str(texts[0])
    found = [
        line.rpartition(" :: ")[2]
        for line in package.get_all("Classifier") or []
        if line.startswith("License :: ")
    ]
    return ", ".join(found) or "(in its LICENSE file)"


@pytest.mark.parametrize("which", ["run", "ocr", "test", "frontend"])
def test_every_requirement_is_pinned_to_one_version(which: str) -> None:
    assert [line for line in pins(which) if not PIN.match(line)] == []


def test_what_runs_is_what_is_tested() -> None:
    """``make test`` installs test.txt alone, so it must hold the others."""
    assert {*pins("run"), *pins("ocr")} - set(pins("test")) == set()
    assert names("run") & names("ocr") == set()


def test_every_dependency_of_the_project_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = {plain(NAME.findall(line)[0]) for line in project["dependencies"]}
    assert asked - names("run") == set()
    for extra in ("ocr", "test"):
        lines = project["optional-dependencies"][extra]
        assert {plain(NAME.findall(line)[0]) for line in lines} - names(extra) == set()


def test_the_front_end_is_pinned_without_naming_a_registry() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text("utf-8"))
    packages = {path.removeprefix("node_modules/"): it for path, it in lock["packages"].items()}
    assert {name: packages[name]["version"] for name in front_end()} == front_end()
    assert [name for name, it in packages.items() if "resolved" in it] == []
    assert [name for name, it in packages.items() if name and "integrity" not in it] == []


def test_every_package_that_runs_is_listed_with_its_licence() -> None:
    assert set(listed_licences()) == names("run") | names("ocr") | set(front_end())


def test_the_listed_licences_are_those_the_packages_state() -> None:
    listed, stated = listed_licences(), {}
    for name in names("run") | names("ocr"):
        try:
            stated[name] = stated_licence(metadata(name))
        except PackageNotFoundError:
            continue  # for another Python: see the markers in run.txt; or the extra is not there
    assert {name: listed[name] for name in stated} == stated


def test_every_component_is_listed_with_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = [*project["dependencies"], *project["optional-dependencies"]["ocr"]]
    asked = {NAME.findall(line)[0] for line in lines} | set(front_end())
    text = COMPONENTS.read_text("utf-8")
    assert sorted(name for name in asked if f"`{name}`" not in text) == []
