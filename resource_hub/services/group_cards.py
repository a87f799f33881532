"""Cards for the groups of an alliance: promised to its robots, dropped when overtaken.

A card is written down in the transaction of the change that it tells, and posted by a job. It says
how things are when its turn comes: of dates moved twice meanwhile the group hears once.
"""

from sqlalchemy import select

from resource_hub.domain.discussion_round import RoundState
from resource_hub.domain.robots import TRUE_IN, CardTopic
from resource_hub.models import IssueRound, Posting, RobotRow
from resource_hub.services.unit_of_work import UnitOfWork

JOB = "post_card"
"""Posts one card; its subject is the number of the posting."""


_DATES = frozenset({CardTopic.ROUND, CardTopic.ROUND_MOVED})


def promise_cards(
    uow: UnitOfWork, issue_id: int, alliance_id: int, topic: CardTopic, turn: int = 0
) -> None:
    """One card for each robot of the alliance that posts such."""
    robots = select(RobotRow).where(RobotRow.alliance_id == alliance_id).order_by(RobotRow.id)
    if topic is not CardTopic.ISSUE:
        robots = robots.where(RobotRow.tells_rounds)
    for robot in uow.session.scalars(robots).all():
        posting = Posting(
            issue_id=issue_id,
            robot_id=robot.id,
            robot_name=robot.name,
            topic=topic,
            turn=turn,
            promised_at=uow.now(),
            begun_at=None,
            sent_at=None,
            is_refused=False,
        )
        uow.session.add(posting)
        uow.session.flush()
        uow.promise(JOB, posting.id)


def tell_groups(uow: UnitOfWork, found: IssueRound, alliance_id: int, topic: CardTopic) -> None:
    """Promise cards of a round, if what they say is so; see ``domain.robots.TRUE_IN``."""
    state = found.dates.state(uow.now())
    opens_now = state is RoundState.OPEN and found.opening_told_at is None
    if state not in TRUE_IN[topic] or (opens_now and topic in _DATES):
        return  # that it is open is told in a moment, with its dates
    promise_cards(uow, found.issue_id, alliance_id, topic, found.sequence)


def round_to_tell(uow: UnitOfWork, posting: Posting, robot: RobotRow) -> IssueRound | None:
    """The round of a card, if what the card says is so, and wanted, and nothing later is said."""
    later = (
        select(Posting.id)
        .where(
            Posting.issue_id == posting.issue_id,
            Posting.robot_id == robot.id,
            Posting.topic != CardTopic.ISSUE,
            Posting.id > posting.id,
        )
        .limit(1)
    )
    found = uow.session.scalar(
        select(IssueRound)
        .where(IssueRound.issue_id == posting.issue_id)
        .execution_options(populate_existing=True)
    )
    if found is None or not robot.tells_rounds or uow.session.scalar(later) is not None:
        return None
    return found if found.dates.state(uow.now()) in TRUE_IN[posting.topic] else None
