"""A small world with one thing of every kind, for trying every address as every kind of person."""

import io
import shutil
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from flask import Flask
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from config import Settings
from resource_hub.app import create_app
from resource_hub.domain.catalogue import Month
from resource_hub.domain.people import STRANGER, Person, Role
from resource_hub.domain.review import OPERATOR, Action
from resource_hub.domain.visibility import Audience
from resource_hub.edge.current import utc_now
from resource_hub.edge.extensions import db
from resource_hub.jobs.worker import Worker
from resource_hub.models import (
    Appointed,
    Attachment,
    Blob,
    Job,
    JobState,
    Revision,
    SignIn,
    Submission,
    User,
)
from resource_hub.models.database import WRITING, open_database
from resource_hub.services import catalogue, drafting, passwords, search_words
from resource_hub.services.review import take_step
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
    app = create_app(Settings(data=folder, secret_key="test").with_defaults())
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
        picture = io.BytesIO()
        Image.new("RGB", (40, 30), (len(title), ord(title[0]) % 256, 90)).save(picture, "PNG")
        given.file(revision, by=author, name=f"{title}.png", content=picture.getvalue())
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
    catalogue.publish(uow, OPERATOR, last_month)
    catalogue.build(uow, OPERATOR, last_month.next)
    draft = written("草稿")
    waiting = written("待审的课")
    take_step(uow, author, waiting.id, Action.SUBMIT, rights_declared=True)
    further = written("终审的课")
    take_step(uow, author, further.id, Action.SUBMIT, rights_declared=True)
    take_step(uow, world.people["reviewer"], further.id, Action.APPROVE)
    next_one = drafting.revise(uow, author, live["shared"].id)
    world.places |= {
        "draft": draft.id,
        "waiting": waiting.id,
        "further": further.id,
        "live": live["open"].id,
        "next": next_one.id,
        "published": str(last_month),
        "unpublished": str(last_month.next),
    } | {name: revision.resource.public_id for name, revision in live.items()}
    world.places["waiting_id"] = waiting.resource.public_id
    wish = leave_wish(
        uow, author, text="圆的面积", subject="math", grade="g6", note="要有动画"
    ).wish
    world.places["wish"] = wish.id
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
        world.places["job"] = session.scalar(select(Job.id).where(Job.state == JobState.SET_ASIDE))
        world.places["appointment"] = session.scalar(
            select(Appointed.id).where(Appointed.user_id == world.people["colleague"].id)
        )
        world.places["editor_id"] = world.people["editor"].id
        owner = session.get_one(User, world.people["colleague"].id)
        world.places["token"] = passwords.reset_token("test", owner)
    engine.dispose()
