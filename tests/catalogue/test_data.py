"""An issue as one value: canonical JSON both ways, its schema, its sections."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from jsonschema import Draft202012Validator

from resource_hub.catalogue.data import IssueData, from_json, sections, to_json
from tests.architecture.checkout import ROOT
from tests.catalogue.issues import entry, full_issue, issue, odd_issue, older_issue

SCHEMA = ROOT / "docs" / "reference" / "issue.schema.json"


@pytest.mark.parametrize("made", [issue(), full_issue(), odd_issue()], ids=["empty", "full", "odd"])
def test_what_goes_in_comes_out(made: IssueData) -> None:
    assert from_json(to_json(made)) == made


@pytest.mark.parametrize("made", [issue(), full_issue(), odd_issue()], ids=["empty", "full", "odd"])
def test_the_data_file_is_as_its_schema_says(made: IssueData) -> None:
    schema = json.loads(SCHEMA.read_bytes())
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(json.loads(to_json(made)))


def test_the_schema_names_every_key_and_nothing_else() -> None:
    schema = json.loads(SCHEMA.read_bytes())
    written = json.loads(to_json(full_issue()))
    assert set(schema["properties"]) == set(written) | {"labels"}
    assert set(schema["$defs"]["entry"]["properties"]) == set(written["entries"][0])


def test_an_entry_without_a_badge_is_written_as_before_there_were_any() -> None:
    written = json.loads(to_json(older_issue()))
    badge = {"badge": "endorsed_by_alliance"}
    assert json.loads(to_json(full_issue()))["entries"][0] == written["entries"][0] | badge
    assert sorted(written["entries"][0]) == [
        "address", "author", "change", "grades", "kind", "public_id", "revision", "school", "stage",
        "subject", "summary", "thumbnail", "title",
    ]  # fmt: skip
    assert b"badge" not in to_json(older_issue())
    assert from_json(to_json(older_issue())) == older_issue()


def test_a_badge_that_nobody_knows_is_refused() -> None:
    found = json.loads(to_json(issue([entry(1)])))
    found["entries"][0]["badge"] = "golden"
    with pytest.raises(ValueError, match=r"^issue\.entries\[0\]\.badge: one of not_reviewed, "):
        from_json(json.dumps(found).encode())


def test_the_same_issue_gives_the_same_bytes_with_sorted_keys() -> None:
    content = to_json(full_issue())
    assert content == to_json(from_json(content))
    assert content == to_json(full_issue())
    found = json.loads(content)
    assert list(found) == sorted(found)
    assert content.endswith(b"}\n")


def test_the_number_in_the_year_is_the_month() -> None:
    made = issue()
    assert (made.year, made.number, made.running_number) == (2026, 10, 14)


def test_sections_go_by_subject_then_first_grade_then_school_in_the_order_of_entries() -> None:
    one, two = entry(1), entry(2, school="青山村小学")
    three = entry(3, grades=("g6",))
    four = entry(4, subject="chinese", grades=("g1", "g3"))
    five = entry(5)
    six = entry(6, subject="chinese", grades=())
    found = [
        (section.subject, grade.grade, school.school, school.entries)
        for section in sections([one, two, three, four, five, six])
        for grade in section.grades
        for school in grade.schools
    ]
    assert found == [
        ("math", "g3", "实验小学", (one, five)),
        ("math", "g3", "青山村小学", (two,)),
        ("math", "g6", "实验小学", (three,)),
        ("chinese", "g1", "实验小学", (four,)),
        ("chinese", "", "实验小学", (six,)),
    ]
    assert sections([]) == ()
    assert sections([one, three])[0].entries == (one, three)


def test_a_file_of_something_else_is_refused_with_what_is_wrong() -> None:
    good = json.loads(to_json(full_issue()))

    def refusal(**different: object) -> str:
        with pytest.raises(ValueError, match=r".") as refused:
            from_json(json.dumps({**good, **different}).encode())
        return str(refused.value)

    assert refusal(schema="x") == "not a data file of the catalogue: no schema resource-hub/issue/1"
    assert refusal(title=3) == "issue.title: str was expected"
    assert refusal(running_number=True) == "issue.running_number: int was expected"
    assert refusal(edition="all") == "issue.edition: one of public, alliance was expected"
    assert refusal(covers_to="2026-11-01") == (
        "issue.covers_to: a moment needs its offset, such as +08:00"
    )
    assert refusal(covers_to="soon") == "issue.covers_to: 'soon' is no moment"
    assert refusal(entries={}) == "issue.entries: a list was expected"
    assert refusal(entries=[7]) == "issue.entries[0]: an object was expected"
    assert refusal(errata=[{"words": ""}]) == "issue.errata[0].at is missing"


def test_half_a_character_does_not_stop_the_data_file() -> None:
    """Text from outside may hold half of a pair; UTF-8 cannot."""
    assert "片?段" in to_json(issue([entry(1, "片\ud83d段")])).decode()


def test_a_draft_has_no_running_number_and_no_moment_of_publication() -> None:
    draft = replace(issue(), running_number=None, published_at=None)
    assert from_json(to_json(draft)) == draft


def test_moments_keep_their_offset() -> None:
    utc = replace(issue(), published_at=datetime(2026, 11, 1, 1, 30, tzinfo=UTC))
    assert utc == issue()  # the same moment
    assert b'"published_at": "2026-11-01T01:30:00+00:00"' in to_json(utc)
    assert b'"published_at": "2026-11-01T09:30:00+08:00"' in to_json(issue())
