"""The demo's texts are complete, of the promised number, and speak the taxonomy's codes."""

from collections import Counter
from importlib import resources
from tomllib import loads

import pytest

from resource_hub.demo.content import LIVE, DemoRevision, Fate
from resource_hub.demo.load import StoryError, _resource, load
from resource_hub.domain.people import Role
from resource_hub.domain.taxonomy import Kind, Language, Section

TAXONOMY = loads(resources.files("resource_hub").joinpath("taxonomy.toml").read_text("utf-8"))


def revisions() -> list[DemoRevision]:
    return [revision for resource in load().resources for revision in resource.revisions]


def stages_of(scheme: str, code: str) -> set[str]:
    """The stages of school of a term; empty means all of them."""
    row = TAXONOMY[scheme][code]
    return set(row[3].split()) if len(row) > 3 else set()


def test_there_are_six_schools_one_alliance_and_thirty_people() -> None:
    demo = load()
    assert len(demo.schools) == 6
    assert [school.key for school in demo.schools if school.core] == ["qingxi"]
    assert demo.alliance.schools == ("qingxi", "shiqiao", "lutan", "fenglin", "baiyun", "xihe")
    assert len(demo.people) == len({person.email for person in demo.people}) == 30
    assert all(person.email == f"{person.account}@example.org" for person in demo.people)


def test_every_role_is_taken() -> None:
    roles = Counter(role.role for person in load().people for role in person.roles)
    assert roles == {
        Role.TEACHER: 30,
        Role.REVIEWER: 21,
        Role.COORDINATOR: 6,
        Role.EDITOR: 1,
        Role.ADMINISTRATOR: 1,
    }


def test_the_resources_are_of_every_kind() -> None:
    assert Counter(resource.kind for resource in load().resources) == {
        Kind.LESSON_PLAN: 27,
        Kind.EXERCISE: 13,
        Kind.COURSEWARE: 10,
        Kind.MICRO_LESSON: 7,
        Kind.CASE: 6,
        Kind.OUTLINE: 5,
    }


def test_the_resources_stand_in_every_state() -> None:
    fates = Counter(resource.fate for resource in load().resources)
    assert fates == {
        Fate.PUBLISHED: 41,
        Fate.REVISED: 3,
        Fate.REVISING: 1,
        Fate.EMBARGOED: 1,
        Fate.WITHDRAWN: 1,
        Fate.IN_REVIEW_SCHOOL: 6,
        Fate.IN_REVIEW_ALLIANCE: 8,
        Fate.CHANGES_REQUESTED: 2,
        Fate.REJECTED: 2,
        Fate.DRAFT: 3,
    }
    assert sum(fates[fate] for fate in LIVE) == 45


def test_three_people_write_nine_traditional_texts_and_one_text_is_english() -> None:
    languages = Counter(resource.revisions[0].language for resource in load().resources)
    assert languages == {Language.SIMPLIFIED: 58, Language.TRADITIONAL: 9, Language.ENGLISH: 1}
    authors = {
        resource.author
        for resource in load().resources
        if resource.revisions[0].language is Language.TRADITIONAL
    }
    assert authors == {"chang.chiahao", "hsu.peiyu", "wu.yijun"}


def test_every_code_is_one_of_the_taxonomy_and_fits_the_stage_of_school() -> None:
    demo = load()
    for resource in demo.resources:
        school = demo.school(demo.person(resource.author).school)
        assert resource.stage in school.stages, resource.key
        assert resource.stage in (stages_of("subject", resource.subject) or {resource.stage})
        for revision in resource.revisions:
            assert revision.grades, resource.key
            assert {resource.stage} == set().union(
                *(stages_of("grade", grade) for grade in revision.grades)
            ), resource.key
            assert revision.volume in {"", *TAXONOMY["volume"]}, resource.key
            assert revision.edition in {"", *TAXONOMY["edition"]}, resource.key


def test_every_person_teaches_and_reviews_by_known_codes() -> None:
    for person in load().people:
        assert set(person.subjects) <= set(TAXONOMY["subject"]), person.account
        assert set(person.grades) <= set(TAXONOMY["grade"]), person.account
        for role in person.roles:
            assert role.subjects <= set(TAXONOMY["subject"]), person.account
            assert role.stages <= set(TAXONOMY["school_stage"]), person.account
            assert (role.role is Role.REVIEWER) == bool(role.subjects), person.account


def test_every_description_is_concrete() -> None:
    for revision in revisions():
        limit = 300 if revision.language is Language.ENGLISH else 200
        assert 60 <= len(revision.summary) <= limit, revision.title
        assert 2 <= len(revision.keywords) <= 5, revision.title


def test_eight_lesson_plans_have_most_of_their_sections() -> None:
    complete = [revision for revision in revisions() if len(revision.sections) >= 6]
    assert len(complete) >= 8
    assert any(set(revision.sections) == set(Section) for revision in complete)


def test_what_was_submitted_has_a_file_or_a_text() -> None:
    for resource in load().resources:
        for revision in resource.revisions:
            assert bool(resource.steps) <= bool(revision.files or revision.text), resource.key


def test_a_second_revision_says_what_is_new() -> None:
    changed = [resource for resource in load().resources if len(resource.revisions) == 2]
    assert [resource.key for resource in changed] == [
        "circle-lesson",
        "beiying",
        "fraction-lesson",
        "solar-terms-outline",
    ]
    for resource in changed:
        first, second = resource.revisions
        assert not first.changes
        assert second.changes
        assert set(first.files).isdisjoint(second.files)


DRAFT = {
    "key": "draft",
    "title": "草稿",
    "kind": "case",
    "subject": "math",
    "stage": "primary",
    "grades": ["g1"],
    "author": "ada",
    "audience": "alliance",
    "keywords": [],
    "summary": "",
    "fate": "draft",
}


def test_a_story_that_does_not_hold_together_is_refused() -> None:
    bylines = {"ada": "Ada", "rui": "Rui"}
    submit = {"day": -3, "do": "submit"}
    approve = {"day": -2, "do": "approve", "by": "rui"}
    with pytest.raises(StoryError, match="draft: should end as draft, ends as in_review_school"):
        _resource({**DRAFT, "steps": [submit]}, bylines)
    with pytest.raises(StoryError, match="draft: cannot approve when draft"):
        _resource({**DRAFT, "steps": [approve]}, bylines)
    with pytest.raises(StoryError, match="draft: day -3 is out of order"):
        _resource({**DRAFT, "steps": [{**submit, "day": -1}, {**approve, "day": -3}]}, bylines)
    with pytest.raises(StoryError, match="draft: unknown account rob"):
        _resource({**DRAFT, "steps": [submit, {**approve, "by": "rob"}]}, bylines)
    with pytest.raises(StoryError, match="draft: unknown author ada"):
        _resource(DRAFT, {})
    with pytest.raises(StoryError, match="draft: request_changes needs a comment"):
        _resource(
            {**DRAFT, "steps": [submit, {**approve, "do": "request_changes"}]},
            bylines,
        )
