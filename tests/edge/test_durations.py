"""How long something takes, as players write it."""

import pytest

from resource_hub.edge.durations import clock


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0:00"),
        (7.4, "0:07"),
        (80, "1:20"),
        (199.6, "3:20"),
        (3600, "1:00:00"),
        (3723, "1:02:03"),
    ],
)
def test_a_duration_is_written_as_players_do(seconds: float, words: str) -> None:
    assert clock(seconds) == words
