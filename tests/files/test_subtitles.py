"""Subtitles: read whatever their encoding, shown by browsers, found with their second."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as some

from resource_hub.files.facts import Part, PlaceKind, Trouble
from resource_hub.files.guard import Unreadable
from resource_hub.files.subtitles import (
    MAX_BYTES,
    Cue,
    belongs_to,
    is_subtitles,
    read_subtitles,
    to_webvtt,
)
from tests.files.conftest import FactsOf

SUBRIP = """1
00:00:01,000 --> 00:00:03,500
大家好，今天我们学习月相。

2
00:01:20,250 --> 00:01:24,000
<i>新月</i>的时候，
{\\an8}我们看不见月亮。

3
01:00:00,000 --> 01:00:02,000
下课。
"""
CUES = (
    Cue(1.0, 3.5, "大家好，今天我们学习月相。"),
    Cue(80.25, 84.0, "新月的时候，\n我们看不见月亮。"),
    Cue(3600.0, 3602.0, "下课。"),
)
TRADITIONAL = "1\n00:00:01,000 --> 00:00:03,500\n這個課題我們學習月亮的圓缺。\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk"]
)
def test_the_encoding_does_not_matter(encoding: str) -> None:
    assert read_subtitles(SUBRIP.encode(encoding)) == CUES


@pytest.mark.parametrize("encoding", ["big5", "utf-8"])
def test_nor_does_it_for_traditional_characters(encoding: str) -> None:
    assert read_subtitles(TRADITIONAL.encode(encoding)) == (
        Cue(1.0, 3.5, "這個課題我們學習月亮的圓缺。"),
    )


@pytest.mark.parametrize("line_end", ["\r\n", "\r"])
def test_nor_do_the_ends_of_lines(line_end: str) -> None:
    assert read_subtitles(SUBRIP.replace("\n", line_end).encode()) == CUES


def test_webvtt_is_read_with_its_header_notes_and_settings() -> None:
    raw = (
        b"WEBVTT - Moon\nKind: captions\n\nNOTE\nby a teacher\n\nSTYLE\n::cue { color: red }\n\n"
        b"first\n00:01.000 --> 00:03.000 line:0 position:20%\n<v Li>Look &amp; see &lt;here&gt;\n\n"
        b"00:05.000 --> 00:06.000\n<00:05.500><c>word</c>\n"
    )

    assert read_subtitles(raw) == (
        Cue(1.0, 3.0, "Look & see <here>"),
        Cue(5.0, 6.0, "word"),
    )


def test_missing_empty_lines_and_a_wrong_order_do_no_harm() -> None:
    raw = (
        b"2\n00:00:05,000 --> 00:00:06,000\nsecond\n"
        b"1\n00:00:01,000 --> 00:00:02,000\nfirst\n3\n00:00:07,5 --> 00:00:08\nthird"
    )

    assert [(cue.start, cue.text) for cue in read_subtitles(raw)] == [
        (1.0, "first"),
        (5.0, "second"),
        (7.5, "third"),
    ]


def test_what_ends_before_it_begins_or_says_nothing_is_left_out() -> None:
    raw = (
        b"00:02.000 --> 00:01.000\nbackwards\n\n00:03.000 --> 00:04.000\n<i></i>\n\n"
        b"00:05.000 --> 00:06.000\nstays\n\n999:00:00.000 --> 999:00:01.000\nfar away\n"
    )

    assert read_subtitles(raw) == (Cue(5.0, 6.0, "stays"),)


@pytest.mark.parametrize(
    ("raw", "trouble"),
    [
        pytest.param(b"", Trouble.DAMAGED, id="empty"),
        pytest.param("没有时间的文字".encode(), Trouble.DAMAGED, id="no times"),
        pytest.param(bytes(range(256)) * 4, Trouble.DAMAGED, id="no text"),
        pytest.param(b" " * (MAX_BYTES + 1), Trouble.TOO_LARGE, id="too much"),
    ],
)
def test_what_is_no_subtitles_is_refused(raw: bytes, trouble: Trouble) -> None:
    with pytest.raises(Unreadable) as refused:
        read_subtitles(raw)

    assert refused.value.trouble is trouble


def test_a_line_of_signs_is_no_riddle() -> None:
    """Subtitles are read while a browser waits: hostile ones may not keep the web busy."""
    signs = "<p " + "=" * 400
    raw = b"1\n00:00:01,000 --> 00:00:02,000\n" + f"{signs}\n".encode() * 9_000
    began = time.process_time()

    assert read_subtitles(raw) == (Cue(1.0, 2.0, "\n".join([signs] * 9_000)),)
    assert time.process_time() - began < 5


def test_what_a_lesson_of_mathematics_says_is_no_tag() -> None:
    said = "若 a<b 且 c>d，<i>则</i> a+d<b+c；<FONT color='red'>v<u</FONT> 且 s>t"

    (cue,) = read_subtitles(f"1\n00:00:01,000 --> 00:00:02,000\n{said}\n".encode())

    assert cue.text == "若 a<b 且 c>d，则 a+d<b+c；v<u 且 s>t"
    assert "若 a&lt;b 且 c&gt;d" in to_webvtt([cue])


def test_browsers_are_given_webvtt() -> None:
    assert to_webvtt(CUES) == (
        "WEBVTT\n\n"
        "00:00:01.000 --> 00:00:03.500\n大家好，今天我们学习月相。\n\n"
        "00:01:20.250 --> 00:01:24.000\n新月的时候，\n我们看不见月亮。\n\n"
        "01:00:00.000 --> 01:00:02.000\n下课。\n"
    )


def test_words_stay_words() -> None:
    cues = (Cue(0.0, 1.0, "<script>alert(1)</script> & --> 5"),)

    assert "<script>" not in to_webvtt(cues)
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; --&gt; 5" in to_webvtt(cues)


@given(
    raw=some.binary(max_size=400)
    | some.text(alphabet="0123456789:.,-> \n<i>月", max_size=200).map(str.encode)
)
def test_whatever_comes_it_is_read_or_refused(raw: bytes) -> None:
    try:
        cues = read_subtitles(raw)
    except Unreadable:
        return

    assert read_subtitles(to_webvtt(cues).encode()) == cues


@pytest.mark.parametrize(
    ("subtitles", "film", "belongs"),
    [
        ("月相.srt", "月相.mp4", True),
        ("月相.zh.srt", "月相.mp4", True),
        ("月相.mp4.zh-Hant.VTT", "月相.mp4", True),
        ("Moon.EN.srt", "moon.webm", True),
        ("月相第二课.srt", "月相.mp4", False),
        ("月.srt", "月相.mp4", False),
        ("第1.2课.srt", "第1.2课.mp4", True),
    ],
)
def test_subtitles_are_called_like_their_film(subtitles: str, film: str, *, belongs: bool) -> None:
    assert is_subtitles(subtitles)
    assert belongs_to(subtitles, film) is belongs


def test_a_text_is_no_subtitles() -> None:
    assert not is_subtitles("月相.txt")


def test_what_is_said_is_found_with_its_second(facts_of: FactsOf) -> None:
    facts = facts_of(SUBRIP.encode("gb18030"), "月相.srt")

    assert (facts.file_type.code, facts.file_type.misnamed, facts.trouble) == ("srt", False, None)
    assert facts.text == ("大家好，今天我们学习月相。\n\n新月的时候，\n我们看不见月亮。\n\n下课。")
    assert facts.parts == (
        Part(PlaceKind.SECOND, "1", 0),
        Part(PlaceKind.SECOND, "80", 15),
        Part(PlaceKind.SECOND, "3600", 32),
    )


def test_webvtt_is_known_by_its_first_word(facts_of: FactsOf) -> None:
    facts = facts_of(to_webvtt(CUES).encode(), "月相.txt")

    assert facts.file_type.code == "vtt"
    assert facts.parts[1] == Part(PlaceKind.SECOND, "80", 15)
