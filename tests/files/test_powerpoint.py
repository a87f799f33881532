"""Exact text out of PowerPoint's binary files."""

import struct

import pytest

from resource_hub.files.facts import Trouble
from tests.files import made_old
from tests.files.conftest import FactsOf
from tests.files.made_old import narrow, powerpoint, wide, word_art


def test_slides_know_their_places_and_bring_their_notes(facts_of: FactsOf) -> None:
    content = powerpoint(
        wide("静夜思\r李白"), b"", narrow("The end"), notes={0: wide("先提问\x0b再朗读")}
    )
    facts = facts_of(content, "课件.ppt")
    assert facts.text == "静夜思\n李白\n先提问\n再朗读\n\nThe end"
    assert [(part.place, part.start) for part in facts.parts] == [("slide 1", 0), ("slide 3", 16)]
    assert (facts.file_type.code, facts.pages, facts.trouble) == ("ppt", 3, None)
    assert not facts.file_type.macros


def test_kingsoft_files_are_read_like_those_of_powerpoint(facts_of: FactsOf) -> None:
    facts = facts_of(powerpoint(wide("静夜思")), "a.dps")
    assert (facts.file_type.code, facts.text) == ("dps", "静夜思")


def test_titles_in_the_outline_belong_to_their_slide(facts_of: FactsOf) -> None:
    content = powerpoint(wide("框"), wide("框二"), outlines=[wide("题"), narrow("Title")])
    assert facts_of(content, "a.ppt").text == "题\n框\n\nTitle\n框二"


def test_slides_come_in_the_order_of_the_show(facts_of: FactsOf) -> None:
    content = powerpoint(wide("后"), wide("先"), order=[1, 0])
    assert facts_of(content, "a.ppt").text == "先\n\n后"


def test_decorated_headings_are_words_and_stars_are_not(facts_of: FactsOf) -> None:
    assert facts_of(powerpoint(word_art("勾股定理") + wide("*")), "a.ppt").text == "勾股定理"


def test_slides_are_found_when_their_places_are_lost(facts_of: FactsOf) -> None:
    facts = facts_of(powerpoint(wide("一"), wide("二"), lose=True), "a.ppt")
    assert "一" in facts.text
    assert "二" in facts.text
    assert facts.trouble is None


def test_macros_are_noticed(facts_of: FactsOf) -> None:
    assert facts_of(powerpoint(wide("x"), macros=True), "a.ppt").file_type.macros


def test_a_password_is_said(facts_of: FactsOf) -> None:
    user = made_old.record(4086, struct.pack("<III", 20, 0xF3D1C4DF, 0)).ljust(4096, b"\0")
    content = made_old.ole({"PowerPoint Document": b"", "Current User": user})
    assert facts_of(content, "a.ppt").trouble is Trouble.ENCRYPTED


def test_records_that_contain_themselves_end(facts_of: FactsOf) -> None:
    deep = wide("底")
    for _ in range(200):
        deep = made_old.record(0xF003, deep, holds=True)
    assert facts_of(powerpoint(deep), "a.ppt").trouble is Trouble.NO_TEXT


def test_a_stream_of_nothing_takes_no_memory(facts_of: FactsOf) -> None:
    content = made_old.ole({"PowerPoint Document": bytes(2_000_000), "Current User": b""})
    assert facts_of(content, "a.ppt").trouble is Trouble.DAMAGED


@pytest.mark.parametrize("damage", [b"\xff" * 8, bytes(8), b"\x0f\x00\xee\x03\xff\xff\xff\x7f"])
def test_no_damage_makes_it_stumble(facts_of: FactsOf, damage: bytes) -> None:
    slides = wide("静夜思" * 50), wide("二")
    whole = powerpoint(*slides, notes={0: wide("注")}, outlines=[wide("题")])
    for at in range(512, len(whole) - 8, 97):
        content = bytearray(whole)
        content[at : at + len(damage)] = damage
        facts = facts_of(bytes(content), "a.ppt")
        assert facts.trouble in {None, *Trouble}
        assert len(facts.text) <= 200_000
