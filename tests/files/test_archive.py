"""What an archive holds, by its own list."""

import io
import struct
import zipfile
import zlib

import pytest

from resource_hub.files.archive import list_zip
from resource_hub.files.facts import MAX_LISTED, Listing, Member, Trouble
from tests.files import made
from tests.files.conftest import FactsOf


def zip_of(*names: bytes, size: int = 3, flags: int = 0, extra: bytes = b"") -> bytes:
    """A zip whose names are these bytes, as programs without Unicode wrote them."""
    listing, files = b"", b""
    for name in names:
        common = struct.pack("<HHHHHIIIHH", 20, flags, 0, 0, 0, 0, 3, size, len(name), len(extra))
        start = len(files)
        files += b"PK\x03\x04" + common[:22] + b"\x00\x00\x00\x00" + name + b"abc"
        listing += b"PK\x01\x02\x14\x00" + common + struct.pack("<HHHII", 0, 0, 0, 0, start)
        listing += name + extra
    end = struct.pack("<HHHHIIH", 0, 0, len(names), len(names), len(listing), len(files), 0)
    return files + listing + b"PK\x05\x06" + end


def listed(content: bytes) -> tuple[Listing, Trouble | None]:
    return list_zip(io.BytesIO(content))


def names_of(content: bytes) -> list[str]:
    return [member.name for member in listed(content)[0].members]


@pytest.mark.parametrize("codec", ["gbk", "utf-8", "gb18030"])
def test_names_are_read_in_the_encoding_of_their_time(codec: str) -> None:
    names = ["第一单元/", "第一单元/静夜思教案.doc", "第一单元/readme.txt"]
    assert names_of(zip_of(*(name.encode(codec) for name in names))) == names[1:]


def test_traditional_names_are_read_too() -> None:
    names = ["第一單元/靜夜思教學設計.doc", "第一單元/學習單.doc"]
    assert names_of(zip_of(*(name.encode("big5") for name in names))) == names


def test_names_that_say_unicode_are_believed_beside_old_ones() -> None:
    with io.BytesIO() as written:
        with zipfile.ZipFile(written, "w") as archive:
            archive.writestr("静夜思.txt", "x")
            archive.writestr("plain.txt", "x")
        assert names_of(written.getvalue()) == ["静夜思.txt", "plain.txt"]
    old = "教案.doc".encode("gbk")
    better = struct.pack("<BI", 1, zlib.crc32(old)) + "教案🌱.doc".encode()
    extra = struct.pack("<HH", 0x7075, len(better)) + better
    assert names_of(zip_of(old, extra=extra)) == ["教案🌱.doc"]


def test_names_are_the_text_and_sizes_are_kept(facts_of: FactsOf) -> None:
    content = made.packed({"教案/静夜思.docx": "x" * 70_000, "课件.pptx": "y"})
    facts = facts_of(content, "包.zip")
    assert facts.listing == Listing((Member("教案/静夜思.docx", 70_000), Member("课件.pptx", 1)), 2)
    assert (facts.text, facts.trouble) == ("教案/静夜思.docx\n课件.pptx", None)


def test_folders_are_neither_listed_nor_counted(facts_of: FactsOf) -> None:
    facts = facts_of(made.packed({"教案/": "", "教案/静夜思.docx": "x"}), "包.zip")
    assert facts.listing == Listing((Member("教案/静夜思.docx", 1),), 1)


def test_an_empty_archive_is_no_damage(facts_of: FactsOf) -> None:
    facts = facts_of(made.packed({}), "a.zip")
    assert (facts.listing, facts.trouble) == (Listing((), 0), None)


def test_long_lists_are_cut_and_counted() -> None:
    listing, trouble = listed(made.packed({f"{number}.txt": "" for number in range(2_500)}))
    assert (len(listing.members), listing.total, trouble) == (MAX_LISTED, 2_500, None)


def test_a_password_is_said_and_the_names_are_shown() -> None:
    listing, trouble = listed(zip_of(b"secret.txt", flags=1))
    assert (listing.members[0].name, trouble) == ("secret.txt", Trouble.ENCRYPTED)


def test_a_bomb_is_called_too_large_without_being_unpacked() -> None:
    assert listed(zip_of(b"zeros", size=4_000_000_000))[1] is Trouble.TOO_LARGE


@pytest.mark.parametrize("name", [b"../evil.txt", b"/etc/passwd", b"C:\\x", b"a\\..\\..\\b"])
def test_names_that_lead_elsewhere_are_said(name: bytes) -> None:
    assert listed(zip_of(name))[1] is Trouble.STRAY_NAMES


def test_names_with_dots_are_no_harm() -> None:
    assert listed(zip_of(b"a/..b/c...txt"))[1] is None


def test_files_beyond_the_old_limits_are_listed() -> None:
    large = struct.pack("<HHQ", 1, 8, 5_000_000_000)
    content = zip_of(b"film.mp4", size=0xFFFFFFFF, extra=large)
    at = content.index(b"PK\x05\x06")
    start = content.index(b"PK\x01\x02")
    end = struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, 1, 1, at - start, start)
    where = struct.pack("<IQI", 0, at, 1)
    none = struct.pack("<HHHHIIH", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    modern = content[:at] + b"PK\x06\x06" + end + b"PK\x06\x07" + where + b"PK\x05\x06" + none
    listing, _ = listed(modern)
    assert listing == Listing((Member("film.mp4", 5_000_000_000),), 1)


def test_a_cut_archive_is_damaged(facts_of: FactsOf) -> None:
    content = made.packed({"a.txt": "x" * 999})
    assert facts_of(content[:-30], "a.zip").trouble is Trouble.DAMAGED


def test_other_archives_are_told_in_a_sentence(facts_of: FactsOf) -> None:
    heads = {"rar": b"Rar!\x1a\x07\x00", "7z": b"7z\xbc\xaf\x27\x1c", "gz": b"\x1f\x8b\x08"}
    for code, head in heads.items():
        assert facts_of(head + bytes(40), f"a.{code}").trouble is Trouble.CLOSED_ARCHIVE


def test_no_damage_makes_it_stumble(facts_of: FactsOf) -> None:
    whole = made.packed({"教案.txt": "x", "b/c.txt": "y"})
    for at in range(len(whole) - 4):
        content = bytearray(whole)
        content[at : at + 4] = b"\xff\xff\xff\x7f"
        facts = facts_of(bytes(content), "a.zip")
        assert facts.trouble in {None, *Trouble}
