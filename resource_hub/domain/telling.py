"""How people want to be told: by topic, at once, in the morning, or in the hub alone."""

from collections.abc import Mapping
from enum import StrEnum

from resource_hub.domain.errors import N_


class Topic(StrEnum):
    """What a notice is about; each has a switch of its own."""

    OWN_WORK = "own_work"
    TALK = "talk"
    DISCUSSION = "discussion"
    TO_REVIEW = "to_review"
    CATALOGUE = "catalogue"
    OTHER = "other"


class How(StrEnum):
    """Whether a mail is sent; in the hub every notice stands anyway."""

    AT_ONCE = "at_once"
    MORNING = "morning"
    NEVER = "never"


TOPIC_LABELS: Mapping[Topic, str] = {
    Topic.OWN_WORK: N_("Decisions on my own work"),
    Topic.TALK: N_("Messages of authors and reviewers to me"),
    Topic.DISCUSSION: N_("Comments on my work, answers to me and mentions of me"),
    Topic.TO_REVIEW: N_("What waits for my review, and reminders"),
    Topic.CATALOGUE: N_("The month's catalogue of my alliance"),
    Topic.OTHER: N_("Wishes and everything else"),
}
HOW_LABELS: Mapping[How, str] = {
    How.AT_ONCE: N_("at once"),
    How.MORNING: N_("together, in the morning"),
    How.NEVER: N_("no mail"),
}

USUAL: Mapping[Topic, How] = {
    Topic.OWN_WORK: How.AT_ONCE,
    Topic.TALK: How.AT_ONCE,
    Topic.DISCUSSION: How.MORNING,
    Topic.TO_REVIEW: How.MORNING,
    Topic.CATALOGUE: How.AT_ONCE,
    Topic.OTHER: How.MORNING,
}
"""Where a person has chosen nothing."""

_OWN_WORK = frozenset(
    {"claim", "release", "approve", "passed_stage", "published", "request_changes", "reject"}
    | {"one_judged", "all_request_changes", "all_reject", "marks_too_low"}
    | {"found_alike", "virus", "withdraw", "task_asked", "task_back"}
)
_TALK = frozenset({"message", "remark_answered"})
_DISCUSSION = frozenset(
    {"post_answer", "post_mention", "post_on_work", "class_use"}
    | {"post_hidden", "post_shown", "post_reported"}
    | {"round_opens", "round_closes", "task_done"}
)
_CATALOGUE = frozenset({"issue_out", "round_moved", "round_called_off"})
"""Also what is usually too late in the morning: when people do not meet, or at another hour."""
_OTHER = frozenset(
    {"wish_answered", "virus_of_others", "co_author", "issue_built"}
    | {"figures_objection", "figures_answer", "figures_fixed"}
)


def topic_of(kind: str) -> Topic:
    """The topic of a kind of notice; what is neither of the author nor of wishes is to review."""
    if kind in _TALK:
        return Topic.TALK
    if kind in _DISCUSSION:
        return Topic.DISCUSSION
    if kind in _CATALOGUE:
        return Topic.CATALOGUE
    if kind in _OWN_WORK:
        return Topic.OWN_WORK
    return Topic.OTHER if kind in _OTHER else Topic.TO_REVIEW


def chosen(kept: Mapping[Topic, How]) -> Mapping[Topic, How]:
    """Every topic with what the person has chosen, or what is usual."""
    return {topic: kept.get(topic, USUAL[topic]) for topic in Topic}
