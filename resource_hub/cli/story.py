"""Tell the demo's story: who does what and when, with a clock that moves from scene to scene."""

from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from functools import partial

from sqlalchemy.orm import Session

from resource_hub.catalogue.labels import Labels
from resource_hub.cli import classroom, judging
from resource_hub.cli.cast import Cast, open_hub
from resource_hub.cli.discussing import what_is_discussed
from resource_hub.cli.looking import look_around
from resource_hub.cli.missing import AFTERNOON, what_was_missed
from resource_hub.cli.office import Office
from resource_hub.demo.content import (
    Demo,
    DemoFile,
    DemoResource,
    DemoRevision,
    DemoStep,
    moment,
)
from resource_hub.domain.catalogue import Month
from resource_hub.domain.description import Description
from resource_hub.domain.errors import N_, WrongState
from resource_hub.domain.review import DECISIONS, Action
from resource_hub.domain.taxonomy import Taxonomy
from resource_hub.domain.uploads import UploadLimits
from resource_hub.services import catalogue, drafting, notices, review, uploading
from resource_hub.services.issue_access import edited_by
from resource_hub.services.queries.status import is_empty
from resource_hub.services.review_forms import form_for
from resource_hub.services.taxonomy import read_taxonomy
from resource_hub.services.unit_of_work import UnitOfWork, unit_of_work
from resource_hub.services.uploading import Kept

Files = Mapping[tuple[str, DemoFile], Kept]
"""By the key of the resource and the file's description."""

NOT_EMPTY = N_(
    "The hub is not empty, and the demo must not mix with real work. Name an empty folder in"
    " HUB_DATA, type hub init, then hub demo."
)

PREFACES = (
    (
        "第一期目录和大家见面了。六所学校上个月共享的资源都在这里，按学科、年级、学校排列。"
        "用过以后，请在下次集体备课时说一说：哪里好用，哪里要改。"
    ),
    (
        "第二期目录来了。谢谢各位老师上传，也谢谢审核员一份一份地看、一条一条地写意见。"
        "教学点的老师可以先看微课，一台投影就能用。欢迎继续上传，尤其欢迎真实课堂里的案例。"
    ),
)
"""Of the two issues, the older first."""

JOINED_BEFORE = 7
"""Days between the accounts and the first draft."""

NOTICES_READ = -6
"""Up to this day everybody has read the own notices; what came later is still new."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What one person does, or everybody at once, at one moment."""

    at: datetime
    play: Callable[[UnitOfWork], object]


class Story:
    """The demo as scenes in the order of time.

    Args:
        files: every file of the demo, kept in the storage already.
        password_hash: of the one password of all.
        now: when the story ends; it begins about a hundred days earlier.
        labels: the words that the hub puts between those of the people.
        secret: of the hub, for the links that it gives to people from outside.
    """

    _cast: Cast
    _taxonomy: Taxonomy

    def __init__(
        self,
        demo: Demo,
        files: Files,
        *,
        password_hash: str,
        limits: UploadLimits,
        now: datetime,
        zone: tzinfo,
        labels: Labels,
        secret: str,
    ) -> None:
        self._demo = demo
        self._files = files
        self._password_hash = password_hash
        self._limits = limits
        self._now = now
        self._zone = zone
        self._labels = labels
        self._secret = secret
        self._resources: dict[str, int] = {}
        self._revisions: dict[str, int] = {}
        """The newest revision of each resource."""
        self._scenes = sorted(self._all_scenes(), key=lambda scene: scene.at)

    def __len__(self) -> int:
        return len(self._scenes)

    def tell(self, session: Session) -> Generator[int, None, None]:
        """Play every scene at its own moment; yields how many are over.

        All of it is one transaction: a hub that is killed meanwhile is as empty as before, and
        the story can be told again.

        Raises:
            WrongState: somebody uses this hub already.
        """
        at = self._scenes[0].at
        with unit_of_work(session, lambda: at, self._zone) as uow:
            if not is_empty(uow.session):
                raise WrongState(NOT_EMPTY)
            self._taxonomy = read_taxonomy(uow.session)
            for done, scene in enumerate(self._scenes, start=1):
                at = scene.at
                scene.play(uow)
                yield done

    def _all_scenes(self) -> Iterator[Scene]:
        first = min(resource.begun for resource in self._demo.resources)
        yield Scene(moment(first - JOINED_BEFORE, 9 * 60, self._now), self._gather)
        for resource in self._demo.resources:
            yield Scene(resource.begun_at(self._now), partial(self._begin, resource=resource))
            for step in resource.steps:
                play = partial(self._take, resource=resource, step=step)
                yield Scene(step.at(self._now), play)
        for day, scene in what_was_missed(lambda: self._cast.people):
            yield Scene(moment(day, AFTERNOON, self._now), scene)
        for day, scene in judging.what_is_said(lambda: self._cast.people, self._newest):
            yield Scene(moment(day, judging.MORNING, self._now), scene)
        for day, scene in classroom.what_is_said(lambda: self._cast, self._resources):
            yield Scene(moment(day, classroom.EVENING, self._now), scene)
        office = Office(lambda: self._cast, self._newest, self._now, self._zone, self._secret)
        for at, scene in office.what_is_arranged():
            yield Scene(at, scene)
        yield Scene(moment(NOTICES_READ, 21 * 60, self._now), self._read_notices)
        # What falls on this very moment comes after the steps of today: sorting keeps the order.
        yield from self._issues()
        yield Scene(self._now, lambda uow: look_around(uow, self._demo.resources, self._resources))

    def _issues(self) -> Iterator[Scene]:
        """The two months before the current one, each built and published when it was over."""
        this_month = Month.of(self._now, self._zone)
        months = (this_month.previous.previous, this_month.previous)
        out = []
        for month, preface in zip(months, PREFACES, strict=True):
            over = month.next.first_day
            built = datetime.combine(over, time(16, 30), self._zone)
            published = datetime.combine(over + timedelta(days=1), time(9, 10), self._zone)
            yield Scene(min(built, self._now), partial(self._build, month=month))
            play = partial(self._publish, month=month, preface=preface)
            yield Scene(min(published, self._now), play)
            out.append((month, min(published, self._now)))
        for at, scene in what_is_discussed(
            out, lambda: self._cast, self._now, self._zone, self._labels
        ):
            yield Scene(at, scene)

    def _build(self, uow: UnitOfWork, month: Month) -> None:
        editor = self._cast.editor
        catalogue.build(uow, editor, min(edited_by(editor)), month)

    def _publish(self, uow: UnitOfWork, month: Month, preface: str) -> None:
        editor = self._cast.editor
        catalogue.publish(uow, editor, min(edited_by(editor)), month, preface=preface)

    def _gather(self, uow: UnitOfWork) -> None:
        self._cast = open_hub(uow, self._demo, password_hash=self._password_hash)
        judging.alliance_policy(uow, self._cast.people, self._cast.alliance_id)

    def _newest(self, key: str) -> int:
        return self._revisions[key]

    def _begin(self, uow: UnitOfWork, resource: DemoResource) -> None:
        described = resource.revisions[0]
        revision = drafting.create_draft(
            uow,
            self._cast.people[resource.author],
            resource.kind,
            self._description(resource, described),
            taxonomy=self._taxonomy,
        )
        self._resources[resource.key] = revision.resource_id
        self._revisions[resource.key] = revision.id
        self._attach(uow, resource, described)

    def _description(self, resource: DemoResource, revision: DemoRevision) -> Description:
        release_on = None
        if revision.release_in_days is not None:
            today = self._now.astimezone(self._zone).date()
            release_on = today + timedelta(days=revision.release_in_days)
        return Description(
            kind=resource.kind,
            title=revision.title,
            summary=revision.summary,
            school_stage=resource.stage,
            subject=resource.subject,
            grades=revision.grades,
            volume=revision.volume,
            edition=revision.edition,
            unit=revision.unit,
            keywords=revision.keywords,
            language=revision.language,
            licence=revision.licence,
            audience=resource.audience,
            alliance_id=self._cast.alliance_id,
            release_on=release_on,
            sections=revision.sections,
            text=revision.text,
        )

    def _attach(self, uow: UnitOfWork, resource: DemoResource, described: DemoRevision) -> None:
        author = self._cast.people[resource.author]
        for spec in described.files:
            kept = self._files[resource.key, spec]
            uploading.attach(uow, author, self._revisions[resource.key], kept, limits=self._limits)

    def _take(self, uow: UnitOfWork, resource: DemoResource, step: DemoStep) -> None:
        if step.action is Action.REVISE:
            self._revise(uow, resource)
            return
        comment = step.comment
        if step.action is Action.SUBMIT and not comment:
            comment = resource.revisions[step.revision].changes
        person, revision_id = self._cast.people[step.by], self._revisions[resource.key]
        if step.action is Action.REQUEST_CHANGES:
            judging.remark_on(uow, person, revision_id, resource.key)
        if step.action is Action.SUBMIT:
            judging.answer_all(uow, person, revision_id, resource.key)
        form = form_for(uow.session, resource.kind)
        is_submitted = step.action is Action.SUBMIT
        review.take_step(
            uow,
            person,
            revision_id,
            step.action,
            comment=comment,
            reason=step.reason,
            rights_declared=is_submitted,
            checked=frozenset(item.code for item in form.criteria) if is_submitted else None,
            sheet=judging.sheet_of(form, resource.key, comment)
            if step.action in DECISIONS
            else None,
        )

    def _revise(self, uow: UnitOfWork, resource: DemoResource) -> None:
        """Open the second revision, describe it anew, and exchange the files that differ."""
        author, described = self._cast.people[resource.author], resource.revisions[1]
        revision = drafting.revise(uow, author, self._revisions[resource.key])
        self._revisions[resource.key] = revision.id
        drafting.describe(
            uow,
            author,
            revision.id,
            self._description(resource, described),
            taxonomy=self._taxonomy,
        )
        wanted = {self._files[resource.key, spec].key for spec in described.files}
        for attachment in list(revision.attachments):
            if attachment.blob_key not in wanted:
                uploading.remove(uow, author, revision.id, attachment.id)
        self._attach(uow, resource, described)

    def _read_notices(self, uow: UnitOfWork) -> None:
        for person in self._cast.people.values():
            notices.mark_read(uow, person)
