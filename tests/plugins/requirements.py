"""What tests need from the machine, and a list of what was skipped, and why, after every run.

``HUB_TEST_REQUIRE_ALL=1`` turns each skip into a failure: in CI everything is installed, so that a
skipped test would be a hole nobody sees. Load it from ``tests/conftest.py`` by ``pytest_plugins``.
"""

import os
import shutil
from collections import Counter
from collections.abc import Generator

import pytest

OTHER_NAMES = {"chromium": ("chromium", "chromium-browser", "google-chrome")}
"""The commands that serve as well as the program that a test asks for."""

SKIPPED = pytest.StashKey[Counter[str]]()


Report = pytest.TestReport | pytest.CollectReport


def find_program(name: str) -> str | None:
    """Path of the program on this machine, under any of its names, or None."""
    found = (shutil.which(command) for command in OTHER_NAMES.get(name, (name,)))
    return next((path for path in found if path), None)


def require_program(name: str) -> str:
    """Path of the program; the test or fixture that calls this is skipped where it is missing."""
    path = find_program(name)
    if path is None:
        pytest.skip(_missing(name))
    return path


def needs_program(name: str) -> pytest.MarkDecorator:
    """Mark a test, a class or (as ``pytestmark``) a module that cannot run without the program."""
    return pytest.mark.skipif(find_program(name) is None, reason=_missing(name))


def _missing(name: str) -> str:
    return f"{name} is not installed"


def everything_is_required() -> bool:
    return os.environ.get("HUB_TEST_REQUIRE_ALL") == "1"


def pytest_configure(config: pytest.Config) -> None:
    config.stash[SKIPPED] = Counter()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        _note(report, item.config)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if report.skipped:
        _note(report, collector.config)
    return report


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    skipped = config.stash[SKIPPED]
    if not skipped:
        return
    verdict = "skipped, which is a failure here" if everything_is_required() else "skipped"
    terminalreporter.section(verdict)
    for reason, count in sorted(skipped.items()):
        terminalreporter.write_line(f"{count:5}  {reason}")


def _note(report: Report, config: pytest.Config) -> None:
    reason = _reason(report)
    config.stash[SKIPPED][reason] += 1
    if everything_is_required():
        report.outcome = "failed"
        report.longrepr = f"Skipped, while HUB_TEST_REQUIRE_ALL=1 asks for every test: {reason}"


def _reason(report: Report) -> str:
    """The words after "Skipped: "; pytest reports a skip as (file, line, text)."""
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return str(text).removeprefix("Skipped: ")
