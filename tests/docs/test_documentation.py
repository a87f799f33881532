"""The documentation says what the program does: nothing is missing, and nothing is made up."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from sqlalchemy import CheckConstraint, UniqueConstraint

from config import Settings
from resource_hub.app import create_app
from resource_hub.domain.errors import HubError
from resource_hub.domain.people import Role
from resource_hub.domain.review import (
    WORKFLOW,
    Place,
    Policy,
    Reviewable,
    Rule,
    Stage,
    State,
    Step,
    answers_for_it,
    back_to_stage,
    has_not_judged,
    is_author,
    is_complete,
    is_free,
    is_free_or_mine,
    is_held,
    is_holder,
    is_reviewer_of_it,
    may_hand_over,
    may_release,
    may_still_appeal,
    no_open_revision,
    runs_the_hub,
    usual_policy,
)
from resource_hub.domain.review import after_approval as next_after_approval
from resource_hub.domain.review import enters_review as first_stage
from resource_hub.domain.review import stays as unmoved
from resource_hub.domain.visibility import Audience
from resource_hub.edge.errors import STATUS, status_of
from resource_hub.models import Base
from resource_hub.services import manifest_words, people_import

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
FRONT = [ROOT / name for name in ("README.md", "README.zh-CN.md", "CHANGELOG.md")]
PAGES = sorted([*DOCS.rglob("*.md"), *FRONT])

LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]*)(?:#[^)\s]*)?\)")
ROW = re.compile(r"^\| `([^`]+)` \|(.*)\|$", re.MULTILINE)
SECTION = re.compile(r"^## `(\w+)`\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)

CHOOSES = (
    "who holds it, at `school` the school's coordinator, at `alliance` an administrator of another"
    " school; never the author"
)

WHO: dict[Rule, str] = {
    is_author: "the author",
    answers_for_it: "the author, the school's coordinator, an administrator",
    is_reviewer_of_it: "a reviewer of it",
    is_holder: "who holds it",
    may_release: CHOOSES,
    may_hand_over: CHOOSES,
    runs_the_hub: "the operator at the command line",
}

NEEDS: dict[Rule, str] = {
    is_complete: "nothing is missing",
    is_free: "nobody holds it",
    is_free_or_mine: "nobody else holds it",
    is_held: "somebody holds it",
    has_not_judged: "not yet decided by this person",
    may_still_appeal: "no second appeal, no newer version",
    no_open_revision: "no other version is open",
}


def without_code(page: Path) -> str:
    return re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text("utf-8"), flags=re.DOTALL)


def links(page: Path) -> Iterator[Path]:
    """Where the page's links lead, those to other places in the world left out."""
    for target in LINK.findall(without_code(page)):
        if target and not re.match(r"[a-z]+:", target):
            yield (page.parent / target).resolve()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_link_leads_nowhere(page: Path) -> None:
    assert [str(target) for target in links(page) if not target.exists()] == []


def test_every_page_can_be_reached_from_the_index() -> None:
    reached, waiting = set[Path](), [DOCS / "index.md"]
    while waiting:
        page = waiting.pop()
        if page not in reached:
            reached.add(page)
            waiting += [target for target in links(page) if target.suffix == ".md"]
    assert sorted(str(page) for page in set(DOCS.rglob("*.md")) - reached) == []


def kinds_of_error(kind: type[HubError] = HubError) -> Iterator[type[HubError]]:
    yield kind
    for narrower in kind.__subclasses__():
        yield from kinds_of_error(narrower)


def test_every_error_code_is_described_with_its_status() -> None:
    described = {
        code: int(cells.split("|")[0])
        for code, cells in ROW.findall((DOCS / "reference" / "errors.md").read_text("utf-8"))
    }
    known = {kind.code: int(status_of(kind.__new__(kind))) for kind in kinds_of_error()}
    assert described == known
    assert set(STATUS) <= set(kinds_of_error())


def item(state: State) -> Reviewable:
    return Reviewable(1, 1, 1, "math", "primary", state, Policy((Stage.SCHOOL,)))


def where(step: Step) -> str:
    """In words for the three that compute it, else the state."""
    words: dict[Callable[[Reviewable], Place], str] = {
        unmoved: "stays where it is",
        first_stage: "`in_review`, first stage",
        next_after_approval: "next stage, or `published`",
        back_to_stage: "`in_review`, the stage that rejected it",
    }
    return words.get(step.leads) or f"`{step.leads(item(State.IN_REVIEW)).state}`"


def workflow_table() -> str:
    """The actions as states.md shows them; copy it from here when a rule has changed."""
    lines = ["| action | from | to | who | needs |", "| --- | --- | --- | --- | --- |"]
    for action, step in WORKFLOW.items():
        sources = ", ".join(f"`{state}`" for state in State if state in step.sources)
        needs = [NEEDS[rule] for rule in step.needs]
        needs += ["a comment"] * step.needs_comment + ["a reason"] * step.needs_reason
        cells = (f"`{action}`", sources, where(step), WHO[step.who], ", ".join(needs))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def test_the_table_of_actions_is_the_one_that_the_program_uses() -> None:
    assert workflow_table() in (DOCS / "reference" / "states.md").read_text("utf-8")


def test_every_state_and_the_stages_of_every_audience_are_described() -> None:
    rows = dict(ROW.findall((DOCS / "reference" / "states.md").read_text("utf-8")))
    assert {state.value for state in State} <= rows.keys()
    for audience in Audience:
        policy = usual_policy(audience)
        expected = [", ".join(policy.stages), "1"]
        assert {policy.approvals_at(stage) for stage in policy.stages} == {1}
        assert [cell.strip() for cell in rows[audience.value].split("|")] == expected


def test_every_table_and_every_named_constraint_is_described() -> None:
    described = {
        name: set(re.findall(r"`((?:ck|uq)_\w+)`", text))
        for name, text in SECTION.findall((DOCS / "reference" / "tables.md").read_text("utf-8"))
    }
    known = {}
    for table in Base.metadata.sorted_tables:
        rules = {
            str(rule.name)
            for rule in table.constraints
            if isinstance(rule, (CheckConstraint, UniqueConstraint)) and not rule._type_bound
        }
        known[table.name] = rules | {str(index.name) for index in table.indexes if index.unique}
    assert described == known


def test_every_page_of_the_hub_is_listed_with_its_methods(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, secret_key="test").with_defaults()
    rules = create_app(settings).url_map.iter_rules()
    offered: dict[str, set[str]] = {}
    for rule in rules:
        offered.setdefault(rule.rule, set()).update((rule.methods or set()) - {"HEAD", "OPTIONS"})
    listed = {
        address: set(cells.split("|")[0].split())
        for address, cells in ROW.findall((DOCS / "reference" / "pages.md").read_text("utf-8"))
        if address.startswith("/")
    }
    assert listed == offered


@pytest.mark.parametrize("name", ["components.md", "licences.md", "pages.md", "settings.md"])
def test_nothing_is_listed_twice(name: str) -> None:
    text = (DOCS / "reference" / name).read_text("utf-8")
    rows = Counter(thing for thing, _cells in ROW.findall(text))
    assert [thing for thing, times in rows.items() if times > 1] == []


def test_every_table_is_described_once() -> None:
    text = (DOCS / "reference" / "tables.md").read_text("utf-8")
    names = [name for name, _text in SECTION.findall(text)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("import-a-collection.md", manifest_words.COLUMNS),
        ("add-people.md", people_import.COLUMNS),
    ],
)
def test_every_column_of_a_table_to_import_is_described(
    name: str, columns: Mapping[str, str]
) -> None:
    """The role names stand in a table of their own on the page of people."""
    rows = {code for code, _cells in ROW.findall((DOCS / "how-to" / name).read_text("utf-8"))}
    assert rows - set(Role) == set(columns.values())


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        (ROOT / "README.md", ROOT / "README.zh-CN.md"),
        (DOCS / "tutorial" / "first-hour.md", DOCS / "tutorial" / "first-hour.zh-CN.md"),
    ],
)
def test_both_languages_show_the_same_commands(english: Path, chinese: Path) -> None:
    assert commands(english) == commands(chinese)
    assert commands(english) != []


def commands(page: Path) -> list[str]:
    """What is to be typed, without the remarks behind it."""
    line = r"^(?:make|hub|git|cd|\.venv/bin/hub) .*?(?=\s{2,}#|$)"
    return [str(found) for found in re.findall(line, page.read_text("utf-8"), re.MULTILINE)]
