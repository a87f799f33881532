"""Exact text out of Word's binary files."""

import struct

import pytest

from resource_hub.files.facts import Trouble
from tests.files import made, made_old
from tests.files.conftest import FactsOf

TAIL = b"TEXT\x00\x00\x01\x00\x00\x00TEXT"


def test_all_stories_are_read_in_the_order_of_a_reader(facts_of: FactsOf) -> None:
    content = made_old.word(
        "教学目标\r", "脚注\r", "实验小学\r实验小学\r", "",
        "批注\r", "尾注\r", "框中的字\r", "页眉框\r",
    )  # fmt: skip
    facts = facts_of(content, "教案.doc")
    assert facts.text == "教学目标\n\n框中的字\n\n脚注\n\n尾注\n\n实验小学\n\n页眉框"
    assert (facts.file_type.code, facts.trouble, facts.pages) == ("doc", None, None)


def test_kingsoft_files_are_read_like_those_of_word(facts_of: FactsOf) -> None:
    facts = facts_of(made_old.word("静夜思\r"), "诗.wps")
    assert (facts.file_type.code, facts.text, facts.trouble) == ("wps", "静夜思", None)


def test_western_pieces_are_read_in_their_own_encoding(facts_of: FactsOf) -> None:
    facts = facts_of(made_old.word("Café\r", "note – one\r", narrow=True), "a.doc")
    assert facts.text == "Café\n\nnote – one"


def test_rows_of_a_table_are_lines(facts_of: FactsOf) -> None:
    content = made_old.word("环节\x07时间\x07\x07导入\x075 分\x07\x07完\r")
    assert facts_of(content, "a.doc").text == "环节\t时间\n导入\t5 分\n完"


def test_fields_show_their_result_and_not_their_instruction(facts_of: FactsOf) -> None:
    link = '见\x13 HYPERLINK "http://example.org" \x14网站\x15。'
    nested = "\x13 TOC \\o \x14一\x13 PAGEREF a \x142\x15\x15\r"
    assert facts_of(made_old.word(link + nested), "a.doc").text == "见网站。一2"
    assert facts_of(made_old.word("前\x13从不结束\r"), "a.doc").text == "前从不结束"


def test_a_header_that_only_counts_pages_is_left_out(facts_of: FactsOf) -> None:
    content = made_old.word("正文\r", "", "- 1 -\r")
    assert facts_of(content, "a.doc").text == "正文"


def test_word_of_1995_is_read_in_the_encoding_of_its_land(facts_of: FactsOf) -> None:
    text = "床前明月光，疑是地上霜。\r".encode("gbk")
    main = bytearray(128)
    struct.pack_into("<HH", main, 0, 0xA5DC, 104)
    struct.pack_into("<II", main, 24, 128, 128 + len(text))
    content = made_old.ole({"WordDocument": bytes(main) + text})
    assert facts_of(content, "a.doc").text == "床前明月光，疑是地上霜。"


def test_works_is_read_too(facts_of: FactsOf) -> None:
    text = "A lesson plan\r".encode("utf-16-le")
    head = b"CHNKINK " + b"\x18\x00" + TAIL + struct.pack("<II", 512, len(text))
    content = made_old.ole({"CONTENTS": head.ljust(512, b"\0") + text, "MatOST": b""})
    facts = facts_of(content, "a.wps")
    assert (facts.file_type.code, facts.text) == ("works", "A lesson plan")


def test_a_password_is_said(facts_of: FactsOf) -> None:
    facts = facts_of(made_old.word("x\r", flags=0x0300), "a.doc")
    assert (facts.trouble, facts.text) == (Trouble.ENCRYPTED, "")


def test_macros_are_noticed(facts_of: FactsOf) -> None:
    assert facts_of(made.ole("WordDocument", "Macros"), "a.doc").file_type.macros
    assert facts_of(made.ole("Workbook", "_VBA_PROJECT_CUR"), "a.xls").file_type.macros
    assert not facts_of(made_old.word("x\r"), "a.doc").file_type.macros


@pytest.mark.parametrize("damage", [b"\xff" * 8, bytes(8), b"\x01\x02\x00\xff"])
def test_no_damage_makes_it_stumble(facts_of: FactsOf, damage: bytes) -> None:
    whole = made_old.word("教学目标\r" * 40, "脚注\r")
    allowed = {None, Trouble.DAMAGED, Trouble.NO_TEXT, Trouble.TOO_LARGE, Trouble.ENCRYPTED}
    for at in range(512, len(whole) - 8, 61):
        content = bytearray(whole)
        content[at : at + len(damage)] = damage
        assert facts_of(bytes(content), "a.doc").trouble in {*allowed, Trouble.UNSUPPORTED}
    for length in range(1, len(whole), 640):
        assert facts_of(whole[:length], "a.doc").trouble in {*allowed, Trouble.UNSUPPORTED}


def test_pieces_that_claim_more_than_there_is_cost_nothing(facts_of: FactsOf) -> None:
    content = bytearray(made_old.word("教案\r"))
    at = content.rindex(struct.pack("<II", 0, 3))
    content[at + 4 : at + 8] = b"\xff\xff\xff\x7f"
    facts = facts_of(bytes(content), "a.doc")
    assert len(facts.text) <= 200_000


def test_equations_and_characters_below_pinyin_are_read_in_their_fields(facts_of: FactsOf) -> None:
    pinyin = '\x13 EQ \\* jc2 \\* "Font:宋体" \\o\\ad(\\s\\up 9(chuáng),床)\x15前\r'
    half = "\x13 eq \\f(1,2)\x14\x15米和\x13EQ \\r(2)\x14√2\x15\r"
    assert facts_of(made_old.word(pinyin + half), "a.doc").text == "床前\n1/2米和√2"


@pytest.mark.parametrize("narrow", [False, True])
def test_what_was_deleted_while_changes_were_followed_is_not_read(
    facts_of: FactsOf, *, narrow: bool
) -> None:
    content = made_old.word("abcdefgh\r", "note\r", narrow=narrow, deleted=[(1, 3), (6, 7)])
    assert facts_of(content, "a.doc").text == "adefh\n\nnote"
