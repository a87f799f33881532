"""Group robots of DingTalk, WeCom and Feishu: which there are, where, and what they post."""

from collections.abc import Mapping
from enum import StrEnum
from urllib.parse import urlsplit

from resource_hub.domain.discussion_round import RoundState
from resource_hub.domain.errors import N_


class Service(StrEnum):
    DINGTALK = "dingtalk"
    WECOM = "wecom"
    FEISHU = "feishu"


SERVICE_LABELS: Mapping[Service, str] = {
    Service.DINGTALK: N_("DingTalk"),
    Service.WECOM: N_("WeCom"),
    Service.FEISHU: N_("Feishu"),
}

HOSTS: Mapping[Service, frozenset[str]] = {
    Service.DINGTALK: frozenset({"oapi.dingtalk.com"}),
    Service.WECOM: frozenset({"qyapi.weixin.qq.com"}),
    Service.FEISHU: frozenset({"open.feishu.cn", "open.larksuite.com"}),
}
"""Where robots live. An address is typed by a person, and the hub must not be led elsewhere."""

SIGNS = frozenset({Service.DINGTALK, Service.FEISHU})
"""Services whose robots may have a secret; for the others the address is one."""


class CardTopic(StrEnum):
    """What a card says: an issue is out, or something has happened to its round."""

    ISSUE = "issue"
    ROUND = "round"
    ROUND_OPENS = "round_opens"
    ROUND_MOVED = "round_moved"
    ROUND_CALLED_OFF = "round_called_off"
    MINUTES = "minutes"


TOPIC_LABELS: Mapping[CardTopic, str] = {
    CardTopic.ISSUE: N_("Issue published"),
    CardTopic.ROUND: N_("Round planned"),
    CardTopic.ROUND_OPENS: N_("Round opened"),
    CardTopic.ROUND_MOVED: N_("Round moved"),
    CardTopic.ROUND_CALLED_OFF: N_("Round called off"),
    CardTopic.MINUTES: N_("Minutes published"),
}

_STANDS = frozenset({RoundState.PLANNED, RoundState.OPEN})

TRUE_IN: Mapping[CardTopic, frozenset[RoundState]] = {
    CardTopic.ROUND: _STANDS,
    CardTopic.ROUND_OPENS: frozenset({RoundState.OPEN}),
    CardTopic.ROUND_MOVED: _STANDS,
    CardTopic.ROUND_CALLED_OFF: frozenset({RoundState.CALLED_OFF}),
    CardTopic.MINUTES: frozenset({RoundState.PUBLISHED}),
}
"""A card of a round is posted only while what it says is so: its service may be out for hours."""


def accepts(service: Service, address: str, others: frozenset[str] = frozenset()) -> bool:
    """Whether cards may be posted to this address: the service's own host by https.

    Args:
        others: ``host:port`` that the administrator allows beside, by http, too.
    """
    try:
        parts = urlsplit(address)
        if f"{parts.hostname}:{parts.port}" in others:
            return parts.scheme in {"http", "https"}
        is_plain = parts.username is None and parts.port in {None, 443}
    except ValueError:
        return False
    return parts.scheme == "https" and is_plain and parts.hostname in HOSTS[service]
