"""``hub quota``: what schools use, and their room."""

import json
from collections.abc import Callable

from tests.cli.conftest import Types

Done = Callable[..., str]


def test_a_school_gets_its_own_room_and_loses_it_again(done: Done, wangmin: str) -> None:
    assert wangmin
    [before] = json.loads(done("quota", "list", "--json"))
    assert before == {
        "code": "s1", "name": "第一小学", "used": 0, "limit": 214748364800, "own": False,
    }  # fmt: skip
    assert done("quota", "set", "s1", "50 GB") == "第一小学 has room for 50.0 GB.\n"
    assert done("quota", "list") == "s1\t第一小学\t0 B\t50.0 GB\n"
    assert done("quota", "set", "第一小学", "0") == "第一小学 has room without limit.\n"
    assert done("quota", "list") == "s1\t第一小学\t0 B\twithout limit\n"
    assert done("quota", "set", "s1", "") == "第一小学 has the room that every school has.\n"
    assert json.loads(done("quota", "list", "--json")) == [before]


def test_nonsense_is_refused_in_a_sentence(hub: Types, wangmin: str) -> None:
    assert wangmin
    assert hub("quota", "set", "s1", "much").stderr == (
        "Error: Write a size such as 50 GB or 500 MB.\n"
    )
    assert hub("quota", "set", "s9", "1 GB").stderr == "Error: There is no such school.\n"
