"""Before a work goes to review: what is like it, and how the author says that they are related."""

from datetime import timedelta

from sqlalchemy import delete, exists, select

from resource_hub.domain.errors import N_, Invalid, Missing, NotAllowed, Problem, WrongState
from resource_hub.domain.people import Person
from resource_hub.domain.review import EDITABLE, OPERATOR, State
from resource_hub.models import (
    Comparison,
    FoundAlike,
    Kinship,
    Notice,
    Relation,
    Revision,
)
from resource_hub.services.hidden_likeness import tell_who_may_see_both
from resource_hub.services.joining import become_version
from resource_hub.services.notices import tell
from resource_hub.services.previews import promise_shown_pages
from resource_hub.services.queries.alike import AlikeWorks, alike_works
from resource_hub.services.revisions import (
    NO_SUCH,
    hold_still,
    load_revision,
    readable_revision,
)
from resource_hub.services.same_files import COMPARED
from resource_hub.services.similarity import (
    Compared,
    compare_work,
    is_compared,
    keep_comparison,
)
from resource_hub.services.unit_of_work import UnitOfWork
from resource_hub.services.work_prints import forget_print, keep_print

FRESH = timedelta(minutes=1)

MAX_WHY = 1_000
"""Characters of an explanation."""


def look_for_alike(uow: UnitOfWork, person: Person, revision: Revision) -> AlikeWorks:
    """What is like the revision now; compared here, unless that was done less than a minute ago.

    Others may have submitted since: what comes in between is found by the job that follows.
    """
    if not is_compared(uow.session, revision.id, since=uow.now() - FRESH):
        keep_comparison(uow, compare_work(uow.session, revision.id))
    return alike_works(uow.session, person, revision, uow.now())


def unanswered(uow: UnitOfWork, person: Person, revision: Revision) -> list[Problem]:
    """Each work that is like this one and of which the author has not said how it is related."""
    return [
        Problem(
            f"alike_{each.public_id}",
            N_("%(percent)s %% of it is like “%(title)s”: say how the two are related."),
            {"percent": each.percent, "title": each.title},
        )
        for each in look_for_alike(uow, person, revision).unanswered
    ]


def refuse_unless_compared(uow: UnitOfWork, revision: Revision) -> None:
    """Keep a work from being approved while something alike was found that nobody has been shown.

    It was submitted before its files were read, and no job has written the comparison down yet.

    Raises:
        WrongState: there is something new; the desk shows it as soon as the job has run.
    """
    if is_compared(uow.session, revision.id):
        return
    shown = _found(uow, revision.id)
    if any(alike.other_id not in shown for alike in compare_work(uow.session, revision.id).alike):
        raise WrongState(
            N_(
                "A file has just been read, and the alliance has something like it. In a moment"
                " this page shows what: look at it, then decide."
            )
        )


def _found(uow: UnitOfWork, revision_id: int) -> set[int]:
    return set(
        uow.session.scalars(
            select(FoundAlike.other_id).where(FoundAlike.revision_id == revision_id)
        )
    )


def answer(
    uow: UnitOfWork,
    person: Person,
    revision_id: int,
    public_id: str,
    relation: Relation,
    *,
    why: str = "",
) -> None:
    """Note how the revision is related to the resource ``public_id``; saying so again replaces it.

    "A new version" is done, not noted: the draft moves into that resource.

    Raises:
        Missing: there is no such revision or resource, as far as the person may know, or nobody
            found the two alike.
        NotAllowed: the person is not the author.
        WrongState: it is decided.
        Invalid: "different" without a reason, or a very long one; or it cannot become a version.
    """
    hold_still(uow.session, revision_id)
    revision = readable_revision(uow.session, person, revision_id, uow.now())
    if revision.resource.owner_id != person.id:
        raise NotAllowed(N_("Only the author can change this."))
    if revision.state not in EDITABLE | {State.IN_REVIEW}:
        raise WrongState(N_("This is no longer possible: the work has moved on. Look again."))
    works = alike_works(uow.session, person, revision, uow.now())
    other = next((each for each in works.known if each.public_id == public_id), None)
    if other is None:
        raise Missing(NO_SUCH)
    why = why.strip()
    if problem := _why_problem(public_id, relation, why):
        raise Invalid([problem])
    if relation is Relation.NEW_VERSION:
        become_version(uow, person, revision, other.resource_id)
        return
    uow.session.execute(
        delete(Kinship).where(
            Kinship.revision_id == revision.id, Kinship.other_id == other.resource_id
        )
    )
    uow.session.add(
        Kinship(
            revision_id=revision.id,
            other_id=other.resource_id,
            relation=relation,
            why=why,
            said_at=uow.now(),
        )
    )
    uow.record(
        "kinship:say",
        by=person,
        resource=revision.resource,
        revision=revision,
        other=public_id,
        relation=relation.value,
        why=why,
    )
    uow.session.flush()


def _why_problem(public_id: str, relation: Relation, why: str) -> Problem | None:
    if relation is Relation.DIFFERENT and not why:
        return Problem(
            f"why_{public_id}", N_("Say in a sentence why it is different: the reviewers read it.")
        )
    if len(why) > MAX_WHY:
        return Problem(
            f"why_{public_id}",
            N_("At most %(limit)s characters; this has %(length)s."),
            {"limit": MAX_WHY, "length": len(why)},
        )
    return None


def carry_over(uow: UnitOfWork, old: Revision, new: Revision) -> None:
    """What was said of a version holds for the next one, until the author says otherwise."""
    for said in uow.session.scalars(select(Kinship).where(Kinship.revision_id == old.id)).all():
        uow.session.add(
            Kinship(
                revision_id=new.id,
                other_id=said.other_id,
                relation=said.relation,
                why=said.why,
                said_at=said.said_at,
            )
        )


def note_comparison(uow: UnitOfWork, compared: Compared) -> None:
    """Write a job's comparison down: its print while others are compared with it, what it found.

    What was submitted, or even published, before its files were read is found here: the author is
    told once, and the desk shows it. What was published before the hub compared is left in peace.
    """
    revision = uow.session.get(Revision, compared.revision_id)
    if revision is None:
        return
    if revision.state not in COMPARED:
        forget_print(uow, revision.id)
    else:
        keep_print(uow, revision.id, compared.print)
    known, was_compared = _found(uow, revision.id), uow.session.get(Comparison, revision.id)
    keep_comparison(uow, compared)
    promise_shown_pages(
        uow,
        [
            (page.key, page.number)
            for alike in compared.alike
            for pair in alike.same_pages
            for page in (pair.new, pair.old)
        ],
    )
    news = [alike for alike in compared.alike if alike.other_id not in known]
    late = was_compared is not None and revision.basis == "review"
    if revision.state is State.IN_REVIEW or (news and late):
        loaded = load_revision(uow.session, revision.id)
        tell_who_may_see_both(uow, loaded)
        if news:
            _tell_author(uow, loaded)


def _tell_author(uow: UnitOfWork, revision: Revision) -> None:
    was_told = uow.session.scalar(
        select(exists().where(Notice.revision_id == revision.id, Notice.kind == "found_alike"))
    )
    if not was_told:
        tell(
            uow,
            revision.resource.owner_id,
            "found_alike",
            by=OPERATOR,
            resource=revision.resource,
            revision=revision,
        )
