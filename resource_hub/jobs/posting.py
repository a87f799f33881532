"""What the worker posts to groups: cards of an issue and of its round."""

import http.client

from resource_hub.edge.current import hub, writing
from resource_hub.edge.robot_cards import card_of, robot_of
from resource_hub.notifications.robots import Busy, Refused, send
from resource_hub.services import delivering


def card(posting_id: int) -> None:
    """Post a card that was not posted before; see ``services.delivering``.

    Raises:
        Busy, OSError, HTTPException: not now; the job is tried again, ever more slowly.
    """
    with writing() as uow:
        due = delivering.begin(uow, posting_id)
        ready = None if due is None else (robot_of(due.robot), card_of(due))
    if ready is None:
        return
    try:
        send(*ready, hub().now())
    except Refused as error:
        with writing() as uow:
            delivering.note_refusal(uow, posting_id, str(error))
        return
    except (Busy, OSError, http.client.HTTPException) as error:
        with writing() as uow:
            delivering.take_back(uow, posting_id, str(error) or type(error).__name__)
        raise
    with writing() as uow:
        delivering.note_sent(uow, posting_id)
