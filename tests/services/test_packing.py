"""What a pack holds is what the receiving school may see, counted one by one."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from resource_hub.domain.catalogue import IssueEdition, Month
from resource_hub.domain.errors import Missing
from resource_hub.domain.people import STRANGER, Person
from resource_hub.domain.permissions import may_open_files
from resource_hub.domain.review import OPERATOR, Action, State
from resource_hub.domain.visibility import Audience
from resource_hub.models import Blob, Highlighted, Resource, Revision
from resource_hub.pack.data import PackErratum, PackIssue, Stored
from resource_hub.services import catalogue, review
from resource_hub.services.issue_files import Written, add_erratum, note_file
from resource_hub.services.packed_issues import issues_for
from resource_hub.services.packing import Wanted, as_a_school, documents_in_order, resources_for
from resource_hub.services.revisions import load_revision, readable
from storage import Storage
from tests.conftest import SHANGHAI
from tests.given import NOON, Clock, Given


def packed(given: Given, person: Person, wanted: Wanted | None = None) -> list[str]:
    found = resources_for(given.session, given.storage, person, NOON, wanted or Wanted())
    return sorted(one.public_id for one in found)


def issues(given: Given, person: Person, language: str = "zh-Hans") -> list[PackIssue]:
    return issues_for(
        given.session, person, SHANGHAI, public_url="https://hub.example", language=language
    )


def one_by_one(given: Given, person: Person) -> list[str]:
    """The rule of ``domain.permissions``, asked about each live revision."""
    live = given.session.execute(
        select(Revision.id, Resource.public_id)
        .join(Revision.resource)
        .where(Revision.state == State.PUBLISHED)
    )
    return sorted(
        public_id
        for revision_id, public_id in live
        if may_open_files(
            person, readable(given.session, load_revision(given.session, revision_id)), NOON
        )
    )


def test_each_school_gets_what_the_rule_lets_it_see_and_nothing_else(given: Given) -> None:
    core, village, far = (given.school(name) for name in ("中心校", "村小", "远校"))
    given.alliance(core, village)
    given.alliance(far, core)
    teachers = [given.teacher(school=school) for school in (core, village, far)]
    for teacher in teachers:
        for audience in Audience:
            given.published(by=teacher, audience=audience)
            given.draft(by=teacher, audience=audience)
        given.submitted(by=teacher)
        given.published(by=teacher, release_on=date(2027, 1, 1))
        gone = given.published(by=teacher, audience=Audience.PUBLIC)
        review.take_step(given.uow, teacher, gone.id, Action.WITHDRAW, comment="有错")
    given.session.flush()
    for name in ("中心校", "村小", "远校"):
        person, _code = as_a_school(given.session, name)
        assert packed(given, person) == one_by_one(given, person)
    assert packed(given, STRANGER) == one_by_one(given, STRANGER)
    village_sees, _code = as_a_school(given.session, "村小")
    assert len(packed(given, village_sees)) == 3 + 2 + 1
    assert len(packed(given, STRANGER)) == 3


def test_a_school_that_is_not_there_is_said(given: Given) -> None:
    with pytest.raises(Missing, match="no school"):
        as_a_school(given.session, "无名小学")


def test_subjects_grades_and_the_month_narrow_it(given: Given) -> None:
    wang = given.teacher(school=given.home())
    math = given.published(by=wang)
    chinese = given.published(by=wang, subject="chinese", grades=("g1", "g2"))
    ids = {name: one.resource.public_id for name, one in (("math", math), ("chinese", chinese))}
    assert packed(given, wang, Wanted(subjects=["math"])) == [ids["math"]]
    assert packed(given, wang, Wanted(grades=["g2", "g3"])) == sorted(ids.values())
    assert packed(given, wang, Wanted(grades=["g2"])) == [ids["chinese"]]
    assert packed(given, wang, Wanted(since=NOON)) == sorted(ids.values())
    assert packed(given, wang, Wanted(since=NOON + timedelta(seconds=1))) == []


def test_a_file_with_a_virus_stays_at_home(given: Given) -> None:
    wang = given.teacher(school=given.home())
    draft = given.draft(by=wang)
    given.file(draft, by=wang, name="好.txt", content=b"good")
    given.file(draft, by=wang, name="坏.txt", content=b"bad")
    given.admit(draft)
    blobs = given.session.scalars(select(Blob).order_by(Blob.size)).all()
    blobs[0].virus = "Eicar"
    given.session.flush()
    found = resources_for(given.session, given.storage, wang, NOON, Wanted())
    assert [[file.name for file in one.files] for one in found] == [["好.txt"]]
    assert found[0].files[0].original.size == 4


def test_the_issues_hold_what_the_school_may_see(given: Given, clock: Clock) -> None:
    own, other = given.school("本校"), given.school("别校")
    alliances = given.alliance(own), given.alliance(other)
    given.published(by=given.teacher(school=own), title="本校的课")
    given.published(by=given.teacher(school=other), title="别校的课")
    given.published(by=given.teacher(school=own), title="公开的课", audience=Audience.PUBLIC)
    clock.pass_(days=30)
    for alliance in alliances:
        catalogue.publish(given.uow, OPERATOR, alliance.id, Month(2026, 10), preface="本期的话")
    person, _code = as_a_school(given.session, "本校")
    [issue] = issues(given, person)
    assert (issue.month, issue.preface) == ("2026-10", "本期的话")
    assert sorted(entry.title for entry in issue.entries) == ["公开的课", "本校的课"]
    assert issue.pdf is None


def test_an_issue_goes_in_as_it_is_printed_for_those_who_read_it(
    given: Given, clock: Clock, storage: Storage
) -> None:
    """The alliance's edition for its school, the public one for everybody else, errata included."""
    own = given.school("本校")
    alliance = given.alliance(own)
    given.published(by=given.teacher(school=own), title="本校的课")
    clock.pass_(days=30)
    issue = catalogue.publish(given.uow, OPERATOR, alliance.id, Month(2026, 10))
    files = {
        (edition, errata): storage.put(BytesIO(f"{edition} {errata}".encode())).key
        for edition in IssueEdition
        for errata in (0, 1)
    }
    written = [
        Written(edition, "pdf", "zh-Hant", errata, key, 9)
        for (edition, errata), key in files.items()
    ]
    for file in written:
        note_file(given.uow, storage, issue.id, file)
    person, _code = as_a_school(given.session, "本校")
    for reader, edition in ((person, IssueEdition.ALLIANCE), (STRANGER, IssueEdition.PUBLIC)):
        [found] = issues(given, reader, "zh-Hant")
        assert found.pdf is not None
        assert found.pdf.original == Stored(files[edition, 1], 9)
        assert found.pdf.name == "catalogue-2026-10.pdf"
        assert issues(given, reader, "zh-Hans")[0].pdf is None
        assert issues(given, reader, "en")[0].pdf is None


def test_an_issue_takes_its_highlights_and_errata_along_as_far_as_they_may_be_seen(
    given: Given, clock: Clock
) -> None:
    own = given.school("本校")
    alliance = given.alliance(own)
    teacher = given.teacher(school=own)
    ours = given.published(by=teacher, title="本校的课").resource.public_id
    clock.pass_(days=30)
    october = Month(2026, 10)
    draft = catalogue.build(given.uow, OPERATOR, alliance.id, october)
    draft.highlights.append(Highlighted(position=1, public_id=ours, words="值得一看"))
    catalogue.publish(given.uow, OPERATOR, alliance.id, october)
    for words, public_id in (("第3页有误", ours), ("封面日期有误", "")):
        add_erratum(given.uow, OPERATOR, alliance.id, october, words, public_id)
    person, _code = as_a_school(given.session, "本校")
    [issue] = issues(given, person)
    today = clock().astimezone(SHANGHAI).date()
    assert issue.highlights == ((ours, "值得一看"),)
    assert issue.errata == (
        PackErratum(today, "第3页有误", ours),
        PackErratum(today, "封面日期有误", ""),
    )
    [public] = issues(given, STRANGER)
    assert (public.highlights, public.errata) == ((), (PackErratum(today, "封面日期有误", ""),))


def test_what_is_searched_comes_in_the_order_of_the_lists(given: Given) -> None:
    wang = given.teacher(school=given.home())
    ids = [given.published(by=wang, title=f"第{number}课").resource_id for number in range(3)]
    wanted = [ids[2], 999_999, ids[0]]
    found = list(documents_in_order(given.session, wanted, NOON))
    assert [one.title if one else None for one in found] == ["第2课", None, "第0课"]
