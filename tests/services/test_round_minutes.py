"""Minutes: drafted from what happened, written by one host at a time, published and frozen."""

import pypdfium2
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.catalogue.labels import Labels
from resource_hub.domain.discussion_round import MAX_MINUTES, RoundAct, RoundState
from resource_hub.domain.errors import Invalid, Missing, NotAllowed, WrongState
from resource_hub.models import Artefact, Job
from resource_hub.services import discussion, follow_ups, issue_files, round_minutes
from resource_hub.services.blob_uses import used
from resource_hub.services.moderation import conclude_thread
from resource_hub.services.queries.rounds import round_page
from resource_hub.services.round_access import find_round
from resource_hub.services.round_attendance import sign_list
from resource_hub.services.round_planning import change_round
from resource_hub.services.round_talk import talk_about, talk_freely
from resource_hub.services.unit_of_work import UnitOfWork
from storage import Storage
from tests.conftest import SHANGHAI
from tests.given import Clock, Given
from tests.services.test_issue_files import labels
from tests.services.test_issue_rounds import CLOSES, OCTOBER, OPENS, PLAN, Cast

PLACE = round_minutes.Place("https://hub", SHANGHAI)
ENGLISH = Labels(label=lambda code, _scheme: code, say=lambda text: text, language="en")


@pytest.fixture
def cast(given: Given, uow: UnitOfWork, clock: Clock) -> Cast:
    """A round in which something was said, concluded and asked; it is over."""
    cast = Cast(given, uow, clock)
    item = cast.planned(uow).agenda[0].id
    clock.at = OPENS
    thread = talk_about(uow, cast.wang, *cast.at, item)
    discussion.post(uow, cast.wang, thread.id, "折纸很好。")
    conclude_thread(uow, cast.host, thread.id, "先**折纸**，后算式。", seen=thread.version)
    free = talk_freely(uow, cast.zhao, *cast.at, "下月[怎么]办")
    conclude_thread(uow, cast.editor, free.id, "一起备课。", seen=free.version)
    sign_list(uow, cast.zhao, *cast.at)
    follow_ups.ask(uow, cast.host, *cast.at, cast.public_id, "补充练习")
    clock.at = CLOSES
    return cast


def publish(uow: UnitOfWork, cast: Cast, text: str = "## 结论\n\n先折纸。") -> int:
    return round_minutes.publish_minutes(uow, cast.host, *cast.at, text, seen=0).id


def written(uow: UnitOfWork, storage: Storage, round_id: int) -> list[Artefact]:
    """What the job does, twice: as if it had been killed after the first time."""
    for _ in range(2):
        issue_id, files = round_minutes.write_minutes(uow.session, storage, round_id, labels, PLACE)
        for file in files:
            issue_files.note_file(uow, storage, issue_id, file)
    wanted = select(Artefact).where(Artefact.format == "minutes").order_by(Artefact.id)
    return list(uow.session.scalars(wanted))


def test_the_draft_says_what_happened(session: Session, cast: Cast) -> None:
    found = find_round(session, cast.host, *cast.at)
    assert round_minutes.draft_minutes(session, cast.host, found, ENGLISH) == (
        "## Agenda and conclusions\n\n"
        "### 1. 分数的初步认识\n\n"
        "先**折纸**，后算式。\n\n"
        "## Further conclusions\n\n"
        "### 下月\\[怎么\\]办\n\n"
        "一起备课。\n\n"
        "## Tasks\n\n"
        f"- **分数的初步认识** ({cast.public_id}): 补充练习 [to be done]\n\n"
        "## Took part\n\n"
        "%(count)s people\n\n".replace("%(count)s", "2")
        + "- 实验小学: 赵雷\n"
        "- 青石小学: 王敏"
    )  # fmt: skip


def test_the_second_host_is_told_that_the_first_one_wrote(uow: UnitOfWork, cast: Cast) -> None:
    round_minutes.save_minutes(uow, cast.host, *cast.at, "甲写的", seen=0)
    with pytest.raises(WrongState, match="still in the field"):
        round_minutes.save_minutes(uow, cast.editor, *cast.at, "乙写的", seen=0)
    with pytest.raises(WrongState, match="still in the field"):
        round_minutes.publish_minutes(uow, cast.editor, *cast.at, "乙写的", seen=0)
    kept = round_minutes.save_minutes(uow, cast.editor, *cast.at, "两人写的\r\n", seen=1)
    assert (kept.minutes, kept.minutes_edits) == ("两人写的", 2)


def test_who_writes_and_when(uow: UnitOfWork, given: Given, clock: Clock, cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        round_minutes.save_minutes(uow, cast.zhao, *cast.at, "记", seen=0)
    with pytest.raises(Missing):
        round_minutes.save_minutes(uow, cast.outsider, *cast.at, "记", seen=0)
    for text in (" \n", "x" * (MAX_MINUTES + 1)):
        with pytest.raises(Invalid):
            round_minutes.save_minutes(uow, cast.host, *cast.at, text, seen=0)
    clock.at = OPENS
    round_minutes.save_minutes(uow, given.administrator(), *cast.at, "先记", seen=0)
    with pytest.raises(WrongState, match="close it first"):
        round_minutes.publish_minutes(uow, cast.host, *cast.at, "记", seen=1)


def test_published_the_round_is_frozen(
    session: Session, uow: UnitOfWork, clock: Clock, cast: Cast
) -> None:
    thread = round_page(session, cast.zhao, *cast.at, clock()).agenda[0].thread
    assert thread is not None
    round_id = publish(uow, cast)
    assert (round_minutes.JOB, str(round_id)) in session.execute(
        select(Job.kind, Job.subject)
    ).all()
    page = round_page(session, cast.host, *cast.at, clock())
    assert (page.state, page.acts) == (RoundState.PUBLISHED, frozenset[RoundAct]())
    with pytest.raises(WrongState, match="frozen"):
        change_round(uow, cast.host, *cast.at, PLAN)
    for again in (round_minutes.save_minutes, round_minutes.publish_minutes):
        with pytest.raises(WrongState):
            again(uow, cast.editor, *cast.at, "别的", seen=1)
    with pytest.raises(WrongState):
        conclude_thread(uow, cast.editor, thread.thread_id, "别的", seen=2)
    with pytest.raises(WrongState):
        follow_ups.ask(uow, cast.host, *cast.at, cast.public_id, "太晚")


def test_the_pdf_is_written_once_in_each_script_for_the_alliance_alone(
    session: Session, uow: UnitOfWork, cast: Cast, storage: Storage
) -> None:
    files = written(uow, storage, publish(uow, cast))
    assert [(file.script, file.edition.value, file.errata) for file in files] == [
        ("zh-Hans", "alliance", 0), ("zh-Hant", "alliance", 0),
    ]  # fmt: skip
    assert {file.blob_hash for file in files} <= {
        key for key, _use, _size in session.execute(used())
    }
    with storage.open(files[0].blob_hash) as stored:
        document = pypdfium2.PdfDocument(stored.read())
    text = "".join(document[0].get_textpage().get_text_range().split())
    assert "先折纸。" in text
    assert "城乡联盟" in text
    found = issue_files.find_file(session, cast.zhao, *cast.at, files[0].id)
    assert found.id == files[0].id
    with pytest.raises(Missing):
        issue_files.find_file(session, cast.outsider, cast.alliance.id, OCTOBER, files[0].id)


def test_an_erratum_of_the_issue_leaves_the_minutes_where_they_are(
    session: Session, uow: UnitOfWork, clock: Clock, cast: Cast, storage: Storage
) -> None:
    written(uow, storage, publish(uow, cast))
    issue_files.add_erratum(uow, cast.editor, *cast.at, "封面的月份印错了")
    page = round_page(session, cast.zhao, *cast.at, clock())
    assert [file.script for file in page.files] == ["zh-Hans", "zh-Hant"]
    assert issue_files.files_of(session, cast.zhao, page.round.issue) == []


def test_a_round_whose_minutes_are_not_published_has_no_pdf(
    uow: UnitOfWork, cast: Cast, storage: Storage
) -> None:
    found = find_round(uow.session, cast.host, *cast.at)
    assert round_minutes.write_minutes(uow.session, storage, found.id, labels, PLACE) == (0, [])
