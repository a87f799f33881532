"""Numbers of people in a text: found with their place, never shown in full."""

import json
import random
import time

import pytest

from resource_hub.files.facts import Finding, Part, PersonalData, PlaceKind
from resource_hub.files.personal_data import MAX_FINDINGS, findings
from tests.samples import SAMPLES, needs_samples

CARD = "11010519491231002X"  # the example of the standard itself
PHONE = "13812345678"


def found(text: str) -> list[str]:
    return [finding.masked for finding in findings(text)]


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (f"身份证号：{CARD}", "110*************2X"),
        (CARD.lower(), "110*************2x"),
        ("１１０１０５１９４９１２３１００２Ｘ", "110*************2X"),
        ("身份证 130503670401001", "130**********01"),
        ("統一編號 A123456789", "A12*****89"),
        ("身分證 F131104093", "F13*****93"),
        ("香港身份證 A123456(3)", "A12***63"),
        (f"电话{PHONE}", "138******78"),
        ("手机：138 1234 5678。", "138******78"),
        ("+86-138-1234-5678", "138******78"),
        ("008613812345678", "138******78"),
        (f"{PHONE}@qq.com", "138******78"),
        ("110105 19491231 002X", "110*************2X"),
        ("1101 0519 4912 3100 2X", "110*************2X"),
        ("１１０１０５－１９４９１２３１－００２Ｘ", "110*************2X"),
        ("3\n110105 19491231 002X", "110*************2X"),
        ("11010519491231\n002X", "110*************2X"),
        ("身份证 130503 670401 001", "130**********01"),
        ("永久居留证 911124198108030024", "911*************24"),
        ("138 12345678", "138******78"),
        ("1381 234 5678", "138******78"),
        ("1381 2345 678", "138******78"),
        ("138\u00a01234\u30005678", "138******78"),
        ("138–1234—5678", "138******78"),
        ("138.1234.5678", "138******78"),
        ("+86 (138) 1234 5678", "138******78"),
        ("（138）12345678", "138******78"),
        ("Tel13812345678", "138******78"),
        ("手機 0912-345-678", "091*****78"),
        ("0912345678", "091*****78"),
        ("+886 912 345 678", "+88********78"),
        ("(852) 9123 4567", "912***67"),
        ("+853 6612 3456", "661***56"),
    ],
)
def test_numbers_of_people_are_found_and_masked(text: str, masked: str) -> None:
    assert found(text) == [masked]


@pytest.mark.parametrize(
    "text",
    [
        "110105194912310021",  # the sign at the end checks the others
        "11010519491331002X",  # there is no thirteenth month
        "99010519491231002X",  # there is no such region
        "130503670401001",  # fifteen digits, and nothing says what they are
        "身份证 130503671341001",
        "A123456788",
        "A123456(4)",
        "3.13812345678",
        "138.12345678",
        "6222 1381 2345 678",  # of a bank card
        "6222 0213 8123 4567 8901",
        "110105 19491231 0021",
        "123456789\n123456789",
        "ISBN 978-7-138-12345-6",
        "0755 8212 3456",
        "400-800-8820",
        "x=13812345678",
        "138123456789",
        "2×13812345678",
        "S13812345678",
        "13812345678m",
        "地球到太阳约15000000000厘米",
        "13800000000",
        "18888888888",
        "12345678901",
        "ISBN 0912345678",
        "http://example.org/13812345678",
        "010-62781234",
        "52345678",
        "20261122093000",
    ],
)
def test_numbers_of_exercises_are_left_alone(text: str) -> None:
    assert found(text) == []


def test_several_numbers_in_a_line_are_all_found() -> None:
    text = "13812345678,13912345679/13712345671、15012345672\t18612345673"
    assert len(findings(text)) == 5


def test_a_finding_says_where() -> None:
    text = f"封面\n\n家长电话 {PHONE}\n\n{CARD} {PHONE} {PHONE}"
    parts = [
        Part(PlaceKind.PAGE, "1", 0),
        Part(PlaceKind.PAGE, "2", 4),
        Part(PlaceKind.PAGE, "5", text.index(CARD)),
    ]
    assert findings(text, parts) == (
        Finding(PersonalData.MOBILE_PHONE, PlaceKind.PAGE, "2", "138******78"),
        Finding(PersonalData.IDENTITY_CARD, PlaceKind.PAGE, "5", "110*************2X"),
        Finding(PersonalData.MOBILE_PHONE, PlaceKind.PAGE, "5", "138******78"),
    )
    assert findings(PHONE) == (Finding(PersonalData.MOBILE_PHONE, None, "", "138******78"),)


def test_a_list_of_a_whole_county_is_cut() -> None:
    text = "\n".join(f"138{number:08d}" for number in range(12_345_000, 12_346_000))
    assert len(findings(text)) == MAX_FINDINGS


def test_a_long_row_of_numbers_is_read_in_no_time() -> None:
    begin = time.perf_counter()
    assert len(findings("0912345678 " * 18_000 + PHONE)) == 2
    assert time.perf_counter() - begin < 2  # seconds; 0.2 on an idle machine


def test_random_long_numbers_are_hardly_ever_cards() -> None:
    dice = random.Random(4)  # noqa: S311 - dice, no secret
    text = " ".join(str(dice.randrange(10**17, 10**18)) for _ in range(20_000))
    assert len(findings(text)) <= 4


def test_a_text_of_nothing_but_digits_takes_no_time() -> None:
    for text in ("1" * 200_000, "1 3 8 " * 33_000, "+86 " * 50_000, "13812345 " * 22_000):
        begin = time.perf_counter()
        assert findings(text) == ()
        assert time.perf_counter() - begin < 2  # seconds; 0.1 on an idle machine


@needs_samples
def test_real_exercises_hold_no_numbers_of_people() -> None:
    with (SAMPLES / "items.jsonl").open(encoding="utf-8") as lines:
        texts = ["\n".join(map(str, json.loads(line).values())) for line in lines]
    assert len(texts) == 13_318
    assert [finding for text in texts for finding in findings(text)] == []
