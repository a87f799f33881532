"""Group robots get cards that they take, and say what became of them."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from resource_hub.domain.robots import HOSTS, Service, accepts
from resource_hub.notifications.robots import Busy, Card, Refused, Robot, posting, send
from tests.notifications.robot_server import SECRET, Group, robot_server

NOW = datetime(2026, 11, 1, 7, 30, tzinfo=UTC)
CARD = Card(
    "城乡联盟 2026年第10期",
    ("新上架 12 份，更新 3 份", "本期推荐：《分数的初步认识》*第一课时*"),
    "https://hub.school.example/catalogue/2026-10/1",
    "打开目录",
)


@pytest.fixture(scope="module")
def server() -> Iterator[Group]:
    with robot_server() as group:
        yield group


@pytest.fixture
def group(server: Group) -> Group:
    server.arrived.clear()
    server.answers.clear()
    server.asked = 0
    return server


def robots(group: Group) -> dict[Service, Robot]:
    return {
        Service.DINGTALK: Robot(Service.DINGTALK, f"{group.url}/dingtalk?access_token=t", SECRET),
        Service.WECOM: Robot(Service.WECOM, f"{group.url}/wecom?key=of-the-group"),
        Service.FEISHU: Robot(Service.FEISHU, f"{group.url}/feishu", SECRET),
    }


@pytest.mark.parametrize("service", Service)
def test_a_card_arrives_signed_as_the_service_documents(group: Group, service: Service) -> None:
    send(robots(group)[service], CARD, NOW)
    [arrived] = group.arrived
    said = str(arrived)
    assert CARD.link in said
    assert CARD.title in said
    assert "新上架 12 份，更新 3 份" in said


def test_dingtalk_reads_a_title_as_words_not_as_markup(group: Group) -> None:
    send(robots(group)[Service.DINGTALK], CARD, NOW)
    assert "\\*第一课时\\*" in group.arrived[0]["actionCard"]["text"]


def test_wecom_gets_no_more_than_it_shows() -> None:
    long = Card("目" * 40, ("录" * 80, "期" * 80), CARD.link, CARD.button)
    body = posting(Robot(Service.WECOM, "https://qyapi.weixin.qq.com/x?key=k"), long, NOW).body
    text = body.decode()
    assert f'"title": "{"目" * 25}…"' in text
    assert "录" * 80 + "\\n" + "期" * 30 + "…" in text


@pytest.mark.parametrize("service", [Service.DINGTALK, Service.FEISHU])
def test_a_wrong_secret_is_refused_for_good(group: Group, service: Service) -> None:
    robot = robots(group)[service]
    with pytest.raises(Refused, match=r"^(310000 sign not match|19021 sign match fail)"):
        send(Robot(service, robot.address, "another"), CARD, NOW)
    assert group.arrived == []


def test_a_wrong_address_is_refused_for_good(group: Group) -> None:
    with pytest.raises(Refused, match=r"^93000 invalid webhook url$"):
        send(Robot(Service.WECOM, f"{group.url}/wecom?key=of-another"), CARD, NOW)


@pytest.mark.parametrize(
    ("service", "status", "answer"),
    [
        (Service.DINGTALK, 200, {"errcode": 410100, "errmsg": "too fast"}),
        (Service.WECOM, 200, {"errcode": 45009, "errmsg": "api freq out of limit"}),
        (Service.FEISHU, 200, {"code": 11232, "msg": "frequency limited"}),
        (Service.WECOM, 429, {}),
        (Service.FEISHU, 503, {}),
        (Service.DINGTALK, 200, {"something": "else"}),
    ],
)
def test_what_is_busy_is_tried_again(
    group: Group,
    service: Service,
    status: int,
    answer: dict[str, object],
) -> None:
    group.answers.append((status, answer))
    with pytest.raises(Busy):
        send(robots(group)[service], CARD, NOW)
    send(robots(group)[service], CARD, NOW)
    assert len(group.arrived) == 1


def test_no_redirect_is_followed(group: Group) -> None:
    group.answers.append((302, {}))
    with pytest.raises(Refused, match=r"^HTTP 302$"):
        send(robots(group)[Service.WECOM], CARD, NOW)
    assert group.asked == 1


def test_nobody_there_is_no_refusal() -> None:
    with pytest.raises(ConnectionRefusedError):
        send(Robot(Service.WECOM, "http://127.0.0.1:1/wecom?key=k"), CARD, NOW)


@pytest.mark.parametrize("service", Service)
def test_cards_go_to_the_services_own_hosts(service: Service) -> None:
    for host in HOSTS[service]:
        assert accepts(service, f"https://{host}/robot/send?access_token=t")
        assert not accepts(service, f"http://{host}/robot/send?access_token=t")
        assert not accepts(service, f"https://{host}:8443/robot/send")
        assert not accepts(service, f"https://{host}@127.0.0.1/robot/send")
        assert not accepts(service, f"https://{host}.example.org/robot/send")


@pytest.mark.parametrize(
    "address", ["", "file:///etc/passwd", "https://127.0.0.1/", "https://[::1", "https://host:x/"]
)
def test_cards_go_nowhere_else(address: str) -> None:
    assert not accepts(Service.WECOM, address)


def test_a_service_of_ones_own_is_allowed_by_name(group: Group) -> None:
    host = frozenset({group.url.removeprefix("http://")})
    assert accepts(Service.FEISHU, f"{group.url}/feishu", host)
    assert not accepts(Service.FEISHU, "http://127.0.0.1:1/feishu", host)
