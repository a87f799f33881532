"""What finds room, and what is said of the rest."""

from resource_hub.pack.data import Before, LeftOut, PackIssue, Selection, Stored
from resource_hub.pack.selection import FRAME, LARGEST_FILE, choose, room_left
from tests.pack.props import NOON, file, resource

MB = 1 << 20


def sized(megabytes: float, letter: str) -> Stored:
    return Stored(letter * 64, int(megabytes * MB))


def test_without_a_limit_all_goes_in_the_newest_first() -> None:
    chosen = choose([resource(1), resource(3), resource(2)])
    assert [one.resource_id for one in chosen.taken] == [3, 2, 1]
    assert chosen.left_out == ()


def test_the_newest_go_first_and_a_large_one_keeps_no_small_one_out() -> None:
    found = [
        resource(1, file(sized(1, "a"))),
        resource(2, file(sized(8, "b"))),
        resource(3, file(sized(2, "c"))),
    ]
    chosen = choose(found, room=FRAME + 4 * MB)
    assert [one.resource_id for one in chosen.taken] == [3, 1]
    assert chosen.left_out == (LeftOut("第2课", "R-000002", 8 * MB, "room"),)


def test_the_most_used_go_first_when_that_is_asked_for() -> None:
    found = [resource(1, file(sized(2, "a")), uses=9), resource(2, file(sized(2, "b")))]
    chosen = choose(found, room=FRAME + 3 * MB, most_used_first=True)
    assert [one.resource_id for one in chosen.taken] == [1]


def test_bytes_that_two_share_or_that_are_there_count_once() -> None:
    found = [resource(1, file(sized(2, "a"))), resource(2, file(sized(2, "a")))]
    assert len(choose(found, room=FRAME + 3 * MB).taken) == 2
    assert choose(found, room=FRAME + MB).taken == ()
    assert len(choose(found, room=FRAME + MB, there=["a" * 64]).taken) == 2


def test_what_is_on_the_stick_and_the_printed_issues_take_their_room() -> None:
    before = Before("ab12cd34", 1, Selection(), {"files/a": ("a" * 64, 2 * MB)}, ())
    printed = [
        PackIssue(f"2026-{month}", month, NOON.date(), "", (), pdf=file(sized(1, letter)))
        for month, letter in ((10, "a"), (11, "b"), (12, "b"))
    ]
    assert room_left(Selection(), before, printed) is None
    assert room_left(Selection(max_size=8 * MB), None, printed) == 6 * MB
    assert room_left(Selection(max_size=8 * MB), before, printed) == 5 * MB
    full = room_left(Selection(max_size=2 * MB), before, ())
    assert full == 0
    assert choose([resource(1)], room=full).taken == ()


def test_a_file_that_no_stick_takes_is_left_out_whatever_the_room() -> None:
    film = Stored("f" * 64, LARGEST_FILE + 1)
    assert choose([resource(1, file(film))]).left_out == (
        LeftOut("第1课", "R-000001", LARGEST_FILE + 1, "file_size"),
    )
