"""The tests' files lie in memory only where there is room for them."""

from pathlib import Path

from tests.plugins.memory import roomy


def test_a_folder_with_room_is_taken(tmp_path: Path) -> None:
    assert roomy(tmp_path, 1)


def test_a_folder_with_too_little_room_is_not(tmp_path: Path) -> None:
    assert not roomy(tmp_path, 1 << 60)


def test_a_folder_that_is_not_there_is_not(tmp_path: Path) -> None:
    assert not roomy(tmp_path / "nowhere", 1)
