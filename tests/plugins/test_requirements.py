"""A missing program is named at the end of a run, and is a failure where everything is required."""

import sys

import pytest

from tests.plugins.requirements import find_program

pytest_plugins = ["pytester"]

SUITE = """
import pytest
from tests.plugins.requirements import needs_program, require_program

@pytest.fixture
def abacus():
    return require_program("no-such-abacus")

def test_counts(abacus):
    assert abacus

@needs_program("no-such-abacus")
def test_counts_further():
    assert False

@pytest.mark.skipif(True, reason="it is raining")
def test_walks():
    assert False

@pytest.mark.xfail(reason="known", strict=True)
def test_known_to_fail():
    assert False

def test_breathes():
    assert True
"""

PLUGIN = ("-p", "tests.plugins.requirements", "-W", "ignore::pytest.PytestAssertRewriteWarning")


def last_lines(result: pytest.RunResult) -> list[str]:
    """What follows the headline of the list of skips."""
    lines = [line.strip("= ") for line in result.outlines]
    start = next(n for n, line in enumerate(lines) if line.startswith("skipped"))
    return [line for line in lines[start:] if line]


@pytest.fixture(autouse=True)
def plain_pytest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the other plugins an inner run takes a tenth of a second."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")


def test_what_was_skipped_is_listed_with_its_reason_and_how_often(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HUB_TEST_REQUIRE_ALL", raising=False)
    pytester.makepyfile(SUITE)
    result = pytester.runpytest_inprocess(*PLUGIN)
    result.assert_outcomes(passed=1, skipped=3, xfailed=1)
    headline, *reasons, closing = last_lines(result)
    assert headline == "skipped"
    assert reasons == ["1  it is raining", "2  no-such-abacus is not installed"]
    assert closing.startswith("1 passed, 3 skipped, 1 xfailed in ")
    assert result.ret == pytest.ExitCode.OK


def test_where_everything_is_required_a_skip_is_a_failure(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUB_TEST_REQUIRE_ALL", "1")
    pytester.makepyfile(SUITE)
    result = pytester.runpytest_inprocess(*PLUGIN)
    result.assert_outcomes(passed=1, errors=3, xfailed=1)
    assert "skipped, which is a failure here" in result.stdout.str()
    assert "asks for every test: it is raining" in result.stdout.str()
    assert result.ret == pytest.ExitCode.TESTS_FAILED


@pytest.mark.parametrize("required", ["0", "1"])
def test_a_module_that_skips_itself_counts_too(
    required: str, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUB_TEST_REQUIRE_ALL", required)
    pytester.makepyfile("import pytest; pytest.skip('a holiday', allow_module_level=True)")
    result = pytester.runpytest_inprocess(*PLUGIN)
    assert "1  a holiday" in last_lines(result)
    expected = {"0": pytest.ExitCode.NO_TESTS_COLLECTED, "1": pytest.ExitCode.INTERRUPTED}
    assert result.ret == expected[required]


def test_a_test_that_skips_halfway_counts_too(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUB_TEST_REQUIRE_ALL", "1")
    pytester.makepyfile("import pytest\ndef test_walks(): pytest.skip('tired')")
    result = pytester.runpytest_inprocess(*PLUGIN)
    result.assert_outcomes(failed=1)
    assert result.ret == pytest.ExitCode.TESTS_FAILED


def test_a_run_without_skips_says_nothing(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_breathes(): pass")
    result = pytester.runpytest_inprocess(*PLUGIN)
    assert "skipped" not in result.stdout.str()


def test_a_program_is_found_under_any_of_its_names(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(pytester.path))
    assert find_program("chromium") is None
    browser = pytester.path / "google-chrome"
    browser.symlink_to(sys.executable)
    assert find_program("chromium") == str(browser)
