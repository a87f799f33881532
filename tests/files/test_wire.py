"""Whatever is found in a file reaches the hub as it was found."""

import pytest

from resource_hub.files.answers import Answer
from resource_hub.files.facts import Facts, Finding, Listing, Member, PersonalData, PlaceKind
from resource_hub.files.types import TYPES
from resource_hub.files.wire import pack, unpack
from tests.files import made, made_old
from tests.files.conftest import FactsOf


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (made.packed({"教案.docx": "x", "家长 13812345678.txt": "y"}), "包.zip"),
        (made_old.powerpoint(made_old.wide("电话 13812345678"), macros=True), "课件.ppt"),
        (made.pdf("静夜思", "手机 13812345678"), "a.pdf"),
        (made.packed({}), "a.zip"),
    ],
)
def test_what_is_packed_is_unpacked(facts_of: FactsOf, content: bytes, name: str) -> None:
    facts = facts_of(content, name)
    assert unpack(pack(facts)) == facts


def test_numbers_of_people_come_with_their_place(facts_of: FactsOf) -> None:
    facts = unpack(pack(facts_of(made.pdf("静夜思", "手机 13812345678"), "a.pdf")))
    assert facts.findings == (
        Finding(PersonalData.MOBILE_PHONE, PlaceKind.PAGE, "2", "138******78"),
    )


def test_lists_that_are_too_long_are_cut() -> None:
    member = Member("a", 1)
    finding = Finding(PersonalData.MOBILE_PHONE, None, "", "138******78")
    facts = Facts(TYPES["zip"], listing=Listing((member,) * 2_000, 9_000), findings=(finding,) * 99)
    found = unpack(pack(facts))
    assert found.listing is not None
    assert (len(found.listing.members), found.listing.total) == (1_000, 9_000)
    assert len(found.findings) == 50


@pytest.mark.parametrize("listing", [[1], [1, 2], ["many", []], [1, [["a"]]]])
def test_an_odd_list_is_refused(listing: object) -> None:
    said = dict(pack(Facts(TYPES["zip"])).facts)
    with pytest.raises(ValueError, match=r"."):
        unpack(Answer({**said, "listing": listing}))
