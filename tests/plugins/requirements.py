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


class Tally:
    """Counts skips where the run is reported, also those of tests that ran in other processes."""

    def __init__(self, skipped: Counter[str]) -> None:
        self._skipped = skipped
        self._seen: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._count(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self._count(report)

    def _count(self, report: Report) -> None:
        reason = getattr(report, "skipped_because", None)
        if reason is not None and report.nodeid not in self._seen:
            self._seen.add(report.nodeid)
            self._skipped[reason] += 1


def pytest_configure(config: pytest.Config) -> None:
    config.stash[SKIPPED] = Counter()
    config.pluginmanager.register(Tally(config.stash[SKIPPED]))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        _note(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if report.skipped:
        _note(report)
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


def _note(report: Report) -> None:
    """The reason goes with the report, which may travel from one process to another."""
    reason = _reason(report)
    vars(report)["skipped_because"] = reason
    if everything_is_required():
        report.outcome = "failed"
        report.longrepr = f"Skipped, while HUB_TEST_REQUIRE_ALL=1 asks for every test: {reason}"


def _reason(report: Report) -> str:
    """The words after "Skipped: "; pytest reports a skip as (file, line, text)."""
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return str(text).removeprefix("Skipped: ")
