"""A small world with one thing of every kind, for trying every address as every kind of person."""

import io
import shutil
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from flask import Flask
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config import Settings
from resource_hub.app import create_app
from resource_hub.domain.catalogue import IssueEdition, Month
from resource_hub.domain.people import STRANGER, Person, Role
from resource_hub.domain.remarks import Target, Weight
from resource_hub.domain.review import OPERATOR, Action
from resource_hub.domain.school_year import SchoolCalendar, Span
from resource_hub.domain.uploads import PATIENCE
from resource_hub.domain.visibility import Audience
from resource_hub.edge.current import utc_now
from resource_hub.edge.extensions import db
from resource_hub.jobs.worker import Worker
from resource_hub.models import (
    Appointed,
    Artefact,
    Attachment,
    Blob,
    FoundAlike,
    Job,
    JobState,
    PostPicture,
    Revision,
    SignIn,
    Submission,
    Upload,
    User,
)
from resource_hub.models.database import WRITING, open_database
from resource_hub.services import (
    catalogue,
    drafting,
    follow_ups,
    passwords,
    round_planning,
    search_words,
)
from resource_hub.services.absences import go_away
from resource_hub.services.catalogue_draft import choose_cover
from resource_hub.services.discussion import comment
from resource_hub.services.mentoring import pair
from resource_hub.services.post_pictures import add_pictures, keep_pictures
from resource_hub.services.remarks import write_remark
from resource_hub.services.review import take_step
from resource_hub.services.round_agenda import PlanAct
from resource_hub.services.round_planning import Plan
from resource_hub.services.round_talk import talk_freely
from resource_hub.services.sign_in import token_hash
from resource_hub.services.unit_of_work import UnitOfWork
from resource_hub.services.wishes import leave_wish
from storage import LocalStorage
from tests.conftest import SHANGHAI
from tests.given import Clock, Given

PEOPLE = (
    "anonymous", "stranger", "neighbour", "colleague", "author", "reviewer", "judge",
    "coordinator", "editor", "administrator",
)  # fmt: skip
"""``stranger``: of a school outside the alliance; ``neighbour``: of another school inside it;
``reviewer``: at the author's school; ``judge``: at the alliance stage."""


@dataclass
class World:
    """The application, its people, and what stands for each place in an address."""

    app: Flask
    folder: Path
    people: dict[str, Person] = field(default_factory=dict)
    places: dict[str, object] = field(default_factory=dict)

    def rewind(self) -> None:
        """Bring the database back to the beginning."""
        with self.app.app_context():
            db.engine.dispose()
        for leftover in self.folder.glob("hub.db*"):
            leftover.unlink()
        shutil.copy(self.folder / "beginning.db", self.folder / "hub.db")


def make_world(folder: Path, template: Path) -> World:
    """Everything through the services, then one copy of the database to come back to."""
    shutil.copy(template, folder / "hub.db")
    app = create_app(Settings(data=folder, secret_key="test", ocr=False).with_defaults())
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    world = World(app, folder)
    engine = open_database(f"sqlite:///{folder / 'hub.db'}")
    with Session(engine) as session:
        session.connection(execution_options={WRITING: True})
        clock = Clock(utc_now() - timedelta(days=40))
        uow = UnitOfWork(session, clock, SHANGHAI)
        given = Given(session, uow, LocalStorage(folder / "blobs"))
        _people(world, given)
        _things(world, given, clock)
        session.commit()
    engine.dispose()
    Worker(app).drain()
    _names(world)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    shutil.copy(folder / "hub.db", folder / "beginning.db")
    return world


def _people(world: World, given: Given) -> None:
    village, town = given.school("山口小学"), given.school("镇中心小学")
    alliance = given.alliance(village, town)
    far = given.school("远方小学")
    world.people = {
        "anonymous": STRANGER,
        "stranger": given.teacher("陌生人", school=far),
        "neighbour": given.teacher("邻校老师", school=town),
        "colleague": given.teacher("同事", school=village),
        "author": given.teacher("作者", school=village),
        "reviewer": given.reviewer("校审", school=village),
        "judge": given.reviewer("终审", school=town, alliance=alliance),
        "coordinator": given.coordinator("校管理员", school=village),
        "editor": given.editor("编辑", alliance=alliance, school=town),
        "administrator": given.with_role(given.teacher("管理员", school=town), Role.ADMINISTRATOR),
    }
    for person in world.people.values():
        if person.id is not None:
            given.session.add(
                SignIn(
                    token_hash=token_hash(f"token of {person.id}"),
                    user_id=person.id,
                    created_at=utc_now(),
                    seen_at=utc_now(),
                )
            )
    world.places |= {
        "school": village.code,
        "school_id": village.id,
        "alliance": alliance.id,
        "person": world.people["colleague"].id,
    }


def _things(world: World, given: Given, clock: Clock) -> None:
    author = world.people["author"]
    uow = given.uow

    def written(title: str, audience: Audience = Audience.ALLIANCE) -> Revision:
        revision = given.draft(by=author, title=title, audience=audience)
        colour = (len(title), ord(title[0]) % 256, 90)
        given.file(revision, by=author, name=f"{title}.png", content=_picture(colour))
        return revision

    live = {
        "open": written("公开的课", Audience.PUBLIC),
        "shared": written("联盟的课"),
        "own": written("本校的课", Audience.SCHOOL),
        "gone": written("撤下的课"),
    }
    for revision in live.values():
        given.admit(revision)
    clock.pass_(days=1)
    take_step(uow, author, live["gone"].id, Action.WITHDRAW, comment="有误")
    clock.at = utc_now()
    last_month = Month.of(utc_now(), SHANGHAI).previous
    begun = SchoolCalendar().around((utc_now() - timedelta(days=40)).astimezone(SHANGHAI).date())
    alliance_id = min(author.alliance_ids)
    for month in (last_month, last_month.next):
        catalogue.build(uow, OPERATOR, alliance_id, month)
        choose_cover(uow, given.storage, OPERATOR, alliance_id, month, _picture((9, 99, 9)))
    catalogue.publish(uow, OPERATOR, alliance_id, last_month)
    _round(world, given, last_month, live["shared"])
    draft = written("草稿")
    waiting = written("待审的课")
    take_step(uow, author, waiting.id, Action.SUBMIT, rights_declared=True)
    further = written("终审的课")
    take_step(uow, author, further.id, Action.SUBMIT, rights_declared=True)
    reviewer = world.people["reviewer"]
    for place, revision in (("own_remark", waiting), ("sent_remark", further)):
        submission = given.session.scalars(
            select(Submission.id).where(Submission.revision_id == revision.id)
        ).one()
        world.places[place] = write_remark(
            uow, reviewer, submission, Target(field="title"),
            text="标题可以更短", weight=Weight.SUGGESTION,
        ).id  # fmt: skip
    take_step(uow, reviewer, further.id, Action.APPROVE)
    next_one = drafting.revise(uow, author, live["shared"].id)
    world.places |= {
        "draft": draft.id,
        "waiting": waiting.id,
        "further": further.id,
        "live": live["open"].id,
        "next": next_one.id,
        "published": str(last_month),
        "term": begun[Span.TERM].key,
        "school_year": begun[Span.SCHOOL_YEAR].key,
        "unpublished": str(last_month.next),
    } | {name: revision.resource.public_id for name, revision in live.items()}
    world.places["waiting_id"] = waiting.resource.public_id
    colleague, later = world.people["colleague"], uow.today() + timedelta(days=30)
    leave = go_away(uow, colleague, colleague.id or 0, later, later, "进修")
    world.places |= {"absence": leave.id, "yesterday": uow.today() - timedelta(days=1)}
    mentor, pupil = world.people["coordinator"], colleague.id or 0
    made = pair(uow, mentor, mentor_id=world.people["editor"].id or 0, mentee_id=pupil)
    world.places |= {"pair": made.id, "mentor": mentor.id}
    wish = leave_wish(
        uow, author, text="圆的面积", subject="math", grade="g6", note="要有动画"
    ).wish
    world.places["wish"] = wish.id
    _talk(world, given, live["shared"].resource_id)
    upload = "a" * 32
    given.session.add(
        Upload(
            id=upload,
            owner_id=author.id,
            revision_id=draft.id,
            filename="微课.mp4",
            size=1000,
            created_at=clock(),
            expires_at=clock() + PATIENCE,
        )
    )
    world.places["upload"] = upload
    world.places["search_word"] = search_words.add_word(uow, OPERATOR, "空中课堂").id
    given.session.add(
        Job(
            kind="mail_password",
            subject="0",
            state=JobState.SET_ASIDE,
            run_at=clock(),
            created_at=clock(),
            error="no mail",
        )
    )


def _round(world: World, given: Given, month: Month, work: Revision) -> None:
    """An open round of the published issue, hosted by the reviewer, with a thread and a task."""
    uow, editor, host = given.uow, world.people["editor"], world.people["reviewer"]
    at = (min(editor.alliance_ids), month)
    opens = utc_now().astimezone(SHANGHAI) - timedelta(hours=2)
    closes = opens + timedelta(days=9)
    plan = Plan(f"{opens:%Y-%m-%dT%H:%M}", f"{closes:%Y-%m-%dT%H:%M}", host.name)
    round_planning.plan_round(uow, editor, *at, plan)
    item = replace(plan, new_title="下月怎么办")
    found = round_planning.change_round(uow, host, *at, item, (PlanAct.ADD, 0))
    world.places |= {
        "round_opens": plan.opens,
        "round_closes": plan.closes,
        "round_seen": found.edits,
        "agenda_item": found.agenda[-1].id,
        "round_thread": talk_freely(uow, editor, *at, "随便聊聊").id,
        "task": follow_ups.ask(uow, host, *at, work.resource.public_id, "补充练习").id,
    }


def _picture(colour: tuple[int, int, int]) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(written, "PNG")
    return written.getvalue()


def _talk(world: World, given: Given, resource_id: int) -> None:
    """A neighbour comments on the shared resource, with a picture."""
    post = comment(given.uow, world.people["neighbour"], resource_id, "可以多举一个例子。")
    kept = keep_pictures(given.storage, [_picture((9, 9, 9))])
    add_pictures(given.uow, given.storage, post, kept)
    world.places |= {
        "post": post.id,
        "talk": post.thread_id,
        "post_picture": given.session.scalar(select(PostPicture.id)),
    }


def _names(world: World) -> None:
    """What only the tables know: ids of files and submissions, keys of pictures, a reset link."""
    engine = open_database(f"sqlite:///{world.folder / 'hub.db'}")
    with Session(engine) as session:
        titles = {
            "open": "公开的课",
            "shared": "联盟的课",
            "own": "本校的课",
            "draft": "草稿",
            "waiting": "待审的课",
        }
        for place, title in titles.items():
            attachment_id, key = session.execute(
                select(Attachment.id, Blob.thumbnail_key)
                .join(Attachment.blob)
                .join(Attachment.revision)
                .where(Revision.title == title)
                .order_by(Attachment.id)
                .limit(1)
            ).one()
            world.places |= {f"{place}_file": attachment_id, f"{place}_picture": key}
        for place in ("waiting", "further"):
            world.places[f"{place}_submission"] = session.scalar(
                select(Submission.id).where(Submission.revision_id == world.places[place])
            )
        for edition in IssueEdition:
            world.places[f"{edition}_artefact"] = session.scalar(
                select(func.min(Artefact.id)).where(Artefact.edition == edition)
            )
        world.places["job"] = session.scalar(select(Job.id).where(Job.state == JobState.SET_ASIDE))
        world.places["appointment"] = session.scalar(
            select(Appointed.id).where(Appointed.user_id == world.people["colleague"].id)
        )
        world.places["editor_id"] = world.people["editor"].id
        owner = session.get_one(User, world.people["colleague"].id)
        session.add(
            FoundAlike(
                revision_id=world.places["waiting"],
                other_id=world.places["live"],
                percent=92,
                of_new=0.92,
                of_old=0.5,
                same_files=[],
            )
        )
        session.commit()
        world.places["token"] = passwords.reset_token("test", owner)
    engine.dispose()
