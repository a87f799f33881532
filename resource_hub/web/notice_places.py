"""Where a notice leads."""

from flask import url_for

from resource_hub.services.queries.notices import Told

TO_THE_WORK = {
    "request_changes": "submit.edit",
    "all_request_changes": "submit.edit",
    "marks_too_low": "submit.edit",
    "found_alike": "alike.answers",
}
"""Notices after which the author writes on, or answers a question; and on which page."""
TO_THE_DESK = frozenset(
    {"remind", "assigned", "handed_over", "nobody_available"}
    | {"due_soon", "due_today", "late", "review_late", "reviewer_away"}
    | {"hidden_alike", "guest_late"}
)
"""Notices for those who review, or who look after it."""

TO_THE_THREAD = frozenset({"message", "remark_answered"})


TO_THE_ROUND = frozenset(
    {"round_opens", "round_closes", "round_moved", "round_called_off", "task_done"}
)


def place_of(notice: Told) -> str | None:
    """To the words that were said, to the form when something is to be done, else to the page."""
    if notice.kind in TO_THE_THREAD and notice.submission_id is not None:
        message = notice.values.get("message")
        anchor = f"message-{message}" if message else None
        return url_for("thread.show", submission_id=notice.submission_id, _anchor=anchor)
    if notice.kind in TO_THE_DESK and notice.submission_id is not None:
        return url_for("review.desk", submission_id=notice.submission_id)
    if notice.kind in TO_THE_WORK and notice.revision_id is not None:
        return url_for(TO_THE_WORK[notice.kind], revision_id=notice.revision_id)
    if (post := notice.values.get("post")) is not None:
        return url_for("discussion.find", post_id=post)
    return _page(notice)


def _page(notice: Told) -> str | None:
    """Of the round, the issue or the resource that it is about."""
    if notice.kind in TO_THE_ROUND:
        month, alliance_id = notice.values["month"], notice.values["alliance"]
        anchor = "tasks" if notice.kind == "task_done" else None
        return url_for("rounds.show", month=month, alliance_id=alliance_id, _anchor=anchor)
    if notice.kind in {"issue_built", "issue_out"}:
        month, alliance_id = notice.values["month"], notice.values["alliance"]
        return url_for("catalogue.issue", month=month, alliance_id=alliance_id)
    if notice.kind.startswith("figures_"):
        return _figures(notice)
    if notice.public_id is None:
        return None
    if notice.number is None:
        return url_for("resource.show", public_id=notice.public_id)
    return url_for("resource.version", public_id=notice.public_id, number=notice.number)


def _figures(notice: Told) -> str:
    """An objection leads to the school's sheet, everything else to the own figures."""
    values = notice.values
    if notice.kind == "figures_objection":
        return url_for(
            "figures.school",
            alliance_id=values["alliance"],
            period=values["period"],
            school_id=values["school"],
        )
    return url_for("figures.own", period=values["period"])
