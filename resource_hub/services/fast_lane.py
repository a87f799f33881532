"""The fast lane: where next to nothing was changed, one approval is enough."""

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from resource_hub.domain.differences import is_small
from resource_hub.domain.policy import Policy, only_at
from resource_hub.domain.review import State
from resource_hub.models import Revision
from resource_hub.services.descriptions import description_of


def in_its_lane(session: Session, revision: Revision, policy: Policy) -> Policy:
    """``policy``, or its last stage with one approval if ``revision`` may take the fast lane.

    That is where the policy has one, and the revision differs from a reviewed live version in
    title, summary or keywords alone. What was imported was never reviewed and takes the long way.
    """
    if not policy.fast_lane:
        return policy
    live = session.scalar(
        select(Revision)
        .where(
            Revision.resource_id == revision.resource_id,
            Revision.state == State.PUBLISHED,
            Revision.basis == "review",
        )
        .options(selectinload(Revision.attachments))
    )
    if live is None or not is_small(
        description_of(revision.resource, live),
        description_of(revision.resource, revision),
        [(each.filename, each.blob_key) for each in live.attachments],
        [(each.filename, each.blob_key) for each in revision.attachments],
    ):
        return policy
    return only_at(policy, policy.stages[-1], approvals=1)
