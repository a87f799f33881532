"""Give a resource stars: one rating a person, which may be changed and taken back."""

from sqlalchemy import delete

from resource_hub.domain.discussion import TalkPlace, why_no_post
from resource_hub.domain.errors import N_, NotAllowed
from resource_hub.domain.feedback import checked_stars
from resource_hub.domain.people import Person
from resource_hub.models import Rating, Resource
from resource_hub.services.discussion_access import authors_of, live_revision
from resource_hub.services.revisions import hold_still
from resource_hub.services.unit_of_work import UnitOfWork

OWN_WORK = N_("Nobody rates the own work; say how it went in class instead.")


def rate(uow: UnitOfWork, person: Person, resource_id: int, stars: int | None) -> Rating:
    """Give one to five stars, in the place of those that the person gave before.

    Raises:
        Missing, WrongState: see ``discussion_access.live_revision``.
        NotAllowed: the person has no account, or wrote the resource.
        Invalid: not one to five.
    """
    resource, stars = _to_rate(uow, person, resource_id), checked_stars(stars)
    rating = uow.session.get(Rating, (resource.id, person.id))
    if rating is None:
        rating = Rating(resource_id=resource.id, person_id=person.id, owner_id=resource.owner_id)
        uow.session.add(rating)
    elif rating.stars == stars:
        return rating
    rating.stars, rating.at = stars, uow.now()
    uow.session.flush()
    uow.record("rating:give", by=person, resource=resource, stars=stars)
    return rating


def take_rating_back(uow: UnitOfWork, person: Person, resource_id: int) -> None:
    """Give no stars any more; without a rating nothing happens.

    Raises:
        Missing, WrongState, NotAllowed: see ``rate``.
    """
    resource = _to_rate(uow, person, resource_id)
    gone = uow.session.scalars(
        delete(Rating)
        .where(Rating.resource_id == resource.id, Rating.person_id == person.id)
        .returning(Rating.stars)
    ).all()
    if gone:
        uow.record("rating:take_back", by=person, resource=resource)


def _to_rate(uow: UnitOfWork, person: Person, resource_id: int) -> Resource:
    """The resource, held: whoever presses twice waits for the first time."""
    revision = live_revision(uow.session, person, resource_id, uow.now())
    hold_still(uow.session, revision.id)
    if refusal := why_no_post(person, TalkPlace()):
        raise refusal
    if person.id in authors_of(uow.session, revision.resource):
        raise NotAllowed(OWN_WORK)
    return revision.resource
