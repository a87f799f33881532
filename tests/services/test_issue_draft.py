"""What an editor does to a draft stays, whoever builds it again, and nobody's words are lost."""

import io

import pytest
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.catalogue import Month
from resource_hub.domain.errors import Invalid, Missing, NotAllowed, WrongState
from resource_hub.domain.people import Person
from resource_hub.domain.review import Action
from resource_hub.models import Entry, Highlighted, Issue, Revision
from resource_hub.services import catalogue, catalogue_draft, review
from resource_hub.services.catalogue_draft import Act, Words
from resource_hub.services.issue_access import find_issue
from resource_hub.services.issue_covers import chosen_cover
from resource_hub.services.queries.stored_files import StoredBytes
from resource_hub.services.unit_of_work import UnitOfWork
from storage import Storage
from tests.given import Clock, Given

OCTOBER = Month(2026, 10)


class Cast:
    """An alliance with an editor and a draft of three lessons and a song."""

    def __init__(self, given: Given, uow: UnitOfWork, clock: Clock) -> None:
        self.alliance = given.alliance()
        self.school = given.school("青石小学", alliance=self.alliance)
        self.wang = given.teacher("王敏", school=self.school)
        self.editor = given.editor(alliance=self.alliance, school=self.school)
        self.ids = {
            title: given.published(by=self.wang, title=title).resource.public_id
            for title in ("一", "三", "二")
        }
        song = given.published(by=self.wang, title="歌", subject="music")
        self.ids["歌"] = song.resource.public_id
        clock.pass_(hours=1)
        catalogue.build(uow, self.editor, self.alliance.id, OCTOBER)


@pytest.fixture
def cast(given: Given, uow: UnitOfWork, clock: Clock) -> Cast:
    return Cast(given, uow, clock)


def press(
    uow: UnitOfWork, cast: Cast, act: Act | None = None, what: str = "", **words: object
) -> Issue:
    issue = find_issue(uow.session, cast.alliance.id, OCTOBER)
    assert issue is not None
    kept = {"preface": issue.preface, "seen": issue.edits}
    subject = cast.ids.get(what, what)
    return catalogue_draft.save(
        uow, cast.editor, cast.alliance.id, OCTOBER,
        Words(**(kept | words)),  # type: ignore[arg-type]  # as the fields of Words are
        (act, subject) if act else None,
    )  # fmt: skip


def titles(uow: UnitOfWork, cast: Cast) -> list[str]:
    issue = find_issue(uow.session, cast.alliance.id, OCTOBER)
    assert issue is not None
    return [entry.title for entry in issue.entries]


def test_an_entry_moves_within_its_school_and_stays_there_when_it_is_built_again(
    uow: UnitOfWork, given: Given, cast: Cast, clock: Clock
) -> None:
    assert titles(uow, cast) == ["一", "三", "二", "歌"]
    press(uow, cast, Act.UP, "二")
    assert titles(uow, cast) == ["一", "二", "三", "歌"]
    press(uow, cast, Act.DOWN, "三")
    press(uow, cast, Act.UP, "一")
    assert titles(uow, cast) == ["一", "二", "三", "歌"]
    given.published(by=cast.wang, title="〇")
    clock.pass_(hours=1)
    catalogue.build(uow, cast.editor, cast.alliance.id, OCTOBER)
    assert titles(uow, cast) == ["一", "二", "三", "〇", "歌"]


def test_a_subject_moves_with_all_that_is_in_it(uow: UnitOfWork, cast: Cast) -> None:
    press(uow, cast, Act.SUBJECT_UP, "music")
    assert titles(uow, cast) == ["歌", "一", "三", "二"]
    catalogue.build(uow, cast.editor, cast.alliance.id, OCTOBER)
    assert titles(uow, cast) == ["歌", "一", "三", "二"]
    press(uow, cast, Act.SUBJECT_DOWN, "music")
    assert titles(uow, cast) == ["一", "三", "二", "歌"]
    with pytest.raises(Missing, match="not in the issue any more"):
        press(uow, cast, Act.SUBJECT_UP, "art")


def test_highlights_are_chosen_said_ordered_and_kept(uow: UnitOfWork, cast: Cast) -> None:
    press(uow, cast, Act.HIGHLIGHT, "三")
    press(uow, cast, Act.HIGHLIGHT, "歌")
    press(uow, cast, Act.HIGHLIGHT, "歌")
    press(uow, cast, preface="好", highlights={cast.ids["歌"]: " 一听\n就会 "})
    press(uow, cast, Act.EARLIER, "歌")
    catalogue.build(uow, cast.editor, cast.alliance.id, OCTOBER)
    issue = find_issue(uow.session, cast.alliance.id, OCTOBER)
    assert issue is not None
    assert [(chosen.public_id, chosen.words) for chosen in issue.highlights] == [
        (cast.ids["歌"], "一听 就会"), (cast.ids["三"], ""),
    ]  # fmt: skip
    press(uow, cast, Act.DROP, "三")
    assert uow.session.scalars(select(Highlighted.public_id)).all() == [cast.ids["歌"]]


def test_a_button_keeps_the_words_that_were_typed(uow: UnitOfWork, cast: Cast) -> None:
    issue = press(uow, cast, Act.UP, "二", preface="写到一半")
    assert (issue.preface, issue.edits) == ("写到一半", 1)


def test_of_two_editors_the_second_is_told_and_nothing_of_the_first_is_lost(
    uow: UnitOfWork, cast: Cast
) -> None:
    press(uow, cast, preface="先来的", seen=0)
    with pytest.raises(WrongState, match="Somebody else changed the words"):
        press(uow, cast, preface="后来的", seen=0)
    assert press(uow, cast, preface="先来的", seen=0).preface == "先来的"
    assert press(uow, cast, preface="两个人的", seen=1).preface == "两个人的"


def test_what_is_too_long_or_too_much_is_refused_in_words(
    uow: UnitOfWork, given: Given, cast: Cast, clock: Clock
) -> None:
    with pytest.raises(Invalid, match="At most 5000 characters; this has 5001"):
        press(uow, cast, preface="好" * 5_001)
    press(uow, cast, Act.HIGHLIGHT, "三")
    with pytest.raises(Invalid, match="At most 300 characters; this has 301"):
        press(uow, cast, highlights={cast.ids["三"]: "好" * 301})
    for number in range(11):
        cast.ids[f"课{number}"] = given.published(
            by=cast.wang, title=f"课{number}"
        ).resource.public_id
    clock.pass_(hours=1)
    catalogue.build(uow, cast.editor, cast.alliance.id, OCTOBER)
    for number in range(11):
        press(uow, cast, Act.HIGHLIGHT, f"课{number}")
    with pytest.raises(Invalid, match="At most 12 highlights"):
        press(uow, cast, Act.HIGHLIGHT, "一")


def test_a_highlight_that_is_gone_is_not_said(uow: UnitOfWork, cast: Cast, clock: Clock) -> None:
    press(uow, cast, Act.HIGHLIGHT, "三")
    entry = uow.session.scalars(select(Entry).where(Entry.public_id == cast.ids["三"])).one()
    revision = uow.session.scalars(
        select(Revision).where(Revision.resource_id == entry.resource_id)
    ).one()
    review.take_step(uow, cast.wang, revision.id, Action.WITHDRAW, comment="有错")
    clock.pass_(hours=1)
    catalogue.build(uow, cast.editor, cast.alliance.id, OCTOBER)
    assert titles(uow, cast) == ["一", "二", "歌"]
    with pytest.raises(Missing):
        press(uow, cast, Act.UP, "三")


def test_only_the_alliances_own_editors_and_only_a_draft(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    other = given.editor(alliance=given.alliance(), school=cast.school)
    words = Words(preface="别的")
    for person in (cast.wang, other, given.coordinator(school=cast.school)):
        with pytest.raises(NotAllowed):
            catalogue_draft.save(uow, person, cast.alliance.id, OCTOBER, words)
        with pytest.raises(NotAllowed):
            catalogue.build(uow, person, cast.alliance.id, OCTOBER)
    with pytest.raises(Missing):
        catalogue_draft.save(uow, cast.editor, cast.alliance.id, OCTOBER.previous, words)
    catalogue.publish(uow, cast.editor, cast.alliance.id, OCTOBER)
    with pytest.raises(WrongState, match="published already"):
        press(uow, cast, Act.UP, "二")
    assert session.scalars(select(Issue.preface)).all() == [""]


def test_a_cover_is_chosen_or_left_to_the_hub_and_a_broken_one_is_refused(
    uow: UnitOfWork, cast: Cast, storage: Storage
) -> None:
    def take(picture: bytes | None) -> Issue:
        return catalogue_draft.choose_cover(
            uow, storage, cast.editor, cast.alliance.id, OCTOBER, picture
        )

    def kept(person: Person = cast.editor) -> StoredBytes:
        return chosen_cover(uow.session, storage, person, cast.alliance.id, OCTOBER)

    with pytest.raises(Missing):
        kept()
    picture = io.BytesIO()
    Image.new("RGB", (3000, 1000), "#1f6f5c").save(picture, "JPEG")
    issue = take(picture.getvalue())
    uow.session.flush()
    with storage.open(kept().key) as content, Image.open(content) as seen:
        assert (seen.format, seen.size) == ("WEBP", (1240, 413))
    with pytest.raises(Missing):  # a draft is for its editors
        kept(cast.wang)
    for broken in (b"", b"GIF89a", picture.getvalue()[:500]):
        with pytest.raises(Invalid, match="no picture that can be read"):
            take(broken)
    with pytest.raises(Invalid, match="at most 10 MB"):
        take(bytes(catalogue_draft.MAX_COVER + 1))
    assert kept().key == issue.cover_key
    take(None)
    uow.session.flush()
    with pytest.raises(Missing):
        kept()
