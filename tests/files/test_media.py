"""Films and sounds: how long, how large, in which codecs, and a picture of what is in them."""

from dataclasses import replace
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from PIL import Image, ImageStat

from resource_hub.files.facts import MAX_SECONDS, Trouble
from resource_hub.files.guard import Unreadable
from resource_hub.files.media import MediaFacts, media_facts
from tests.files.films import Film, black, record_with_cover, stripes
from tests.samples import SAMPLES, needs_samples

PLAYABLE = [
    (Film("a.mp4", audio="aac"), MediaFacts(3.0, 160, 90, "h264", "aac", playable=True)),
    (Film("a.mp4"), MediaFacts(3.0, 160, 90, "h264", "", playable=True)),
    (Film("a.webm", "libvpx", "libopus"), MediaFacts(3.008, 160, 90, "vp8", "opus", playable=True)),
    (Film("a.mp3", "", "mp3"), MediaFacts(2.987, None, None, "", "mp3", playable=True)),
    (Film("a.m4a", "", "aac"), MediaFacts(2.986, None, None, "", "aac", playable=True)),
    (Film("a.wav", "", "pcm_s16le"), MediaFacts(2.987, None, None, "", "pcm_s16le", playable=True)),
    (Film("a.aac", "", "aac"), MediaFacts(3.008, None, None, "", "aac", playable=True)),
    (Film("a.ogg", "", "libopus"), MediaFacts(2.993, None, None, "", "opus", playable=True)),
    (Film("a.flac", "", "flac"), MediaFacts(2.987, None, None, "", "flac", playable=True)),
]
NOT_PLAYABLE = [
    (Film("a.mov", audio="aac"), MediaFacts(3.0, 160, 90, "h264", "aac", playable=False)),
    (Film("a.mkv", audio="aac"), MediaFacts(3.007, 160, 90, "h264", "aac", playable=False)),
    (Film("a.avi", "mpeg4", "mp3"), MediaFacts(3.1, 160, 90, "mpeg4", "mp3", playable=False)),
    (Film("a.wmv", "wmv2", "wmav2"), MediaFacts(3.086, 160, 90, "wmv2", "wmav2", playable=False)),
    (
        Film("a.flv", "flv1", "mp3", sample_rate=44_100),
        MediaFacts(3.025, 160, 90, "flv1", "mp3", playable=False),
    ),
    (
        Film("a.mpg", "mpeg2video", "mp2", frames=75, rate=Fraction(25)),
        MediaFacts(3.01, 160, 90, "mpeg2video", "mp2", playable=False),
    ),
    (Film("a.mp4", "mpeg4"), MediaFacts(3.0, 160, 90, "mpeg4", "", playable=False)),
    (Film("a.mp4", pixels="yuv444p"), MediaFacts(3.0, 160, 90, "h264", "", playable=False)),
    (Film("a.wma", "", "wmav2"), MediaFacts(2.987, None, None, "", "wmav2", playable=False)),
]


def name_of(case: tuple[Film, MediaFacts]) -> str:
    film, _facts = case
    return f"{film.name}-{film.video}-{film.audio}-{film.pixels}"


@pytest.mark.parametrize("case", [*PLAYABLE, *NOT_PLAYABLE], ids=name_of)
def test_a_film_or_sound_says_what_it_is(case: tuple[Film, MediaFacts], tmp_path: Path) -> None:
    film, expected = case

    found = media_facts(film.write(tmp_path))

    assert replace(found, poster=None) == expected
    assert (found.poster is not None) == bool(film.video)


def test_a_telephone_held_upright_gives_an_upright_film(tmp_path: Path) -> None:
    found = media_facts(Film(rotation=90).write(tmp_path))

    assert (found.width, found.height) == (90, 160)
    assert _opened(found).size == (90, 160)


def test_a_film_on_its_head_is_turned_without_changing_sides(tmp_path: Path) -> None:
    def one_corner(_number: int) -> Image.Image:
        picture = Image.new("RGB", (160, 90), "white")
        picture.paste("black", (0, 0, 80, 45))
        return picture

    found = media_facts(Film(rotation=180, picture=one_corner).write(tmp_path))

    assert (found.width, found.height) == (160, 90)
    picture = _opened(found).convert("L")
    assert [picture.getpixel(at) < 128 for at in ((20, 20), (140, 70))] == [False, True]  # type: ignore[operator]  # one number for a grey pixel


def test_wide_pixels_make_a_wide_film(tmp_path: Path) -> None:
    found = media_facts(Film(size=(72, 58), pixel_shape=Fraction(16, 11)).write(tmp_path))

    assert (found.width, found.height) == (105, 58)
    assert _opened(found).size == (105, 58)


def test_odd_sizes_and_an_uneven_pace_do_no_harm(tmp_path: Path) -> None:
    film = Film(size=(161, 91), pixels="yuv444p", frames=5, moments=(0, 100, 1_000, 1_100, 4_000))

    found = media_facts(film.write(tmp_path))

    assert (found.duration, found.width, found.height) == (4.1, 161, 91)


def test_the_poster_is_no_black_picture_where_the_film_begins_with_black(tmp_path: Path) -> None:
    def late(number: int) -> Image.Image:
        return black(number) if number < 25 else stripes(number)

    # One key picture at the very beginning, so that every jump leads back to black.
    film = Film(frames=40, picture=late, options={"g": "250", "sc_threshold": "0"})
    found = media_facts(film.write(tmp_path))

    assert ImageStat.Stat(_opened(found).convert("L")).stddev[0] > 50


def test_a_film_that_is_black_throughout_has_a_black_poster(tmp_path: Path) -> None:
    found = media_facts(Film(picture=black).write(tmp_path))

    darkest, lightest = _opened(found).convert("L").getextrema()
    assert (darkest, lightest) <= (0, 1)


def test_a_large_film_gets_a_small_poster(tmp_path: Path) -> None:
    found = media_facts(Film(size=(1280, 720), frames=3).write(tmp_path))

    assert (found.width, found.height) == (1280, 720)
    assert _opened(found).size == (640, 360)


def test_the_picture_of_a_record_is_its_poster_and_no_film(tmp_path: Path) -> None:
    found = media_facts(record_with_cover(tmp_path))

    assert replace(found, poster=None) == MediaFacts(0.981, None, None, "", "mp3", playable=True)
    assert _opened(found).size == (160, 90)


def test_a_recording_of_a_browser_has_no_duration_inside_and_is_counted(tmp_path: Path) -> None:
    path = Film("a.webm", "libvpx", muxer={"live": "1"}).write(tmp_path)

    assert media_facts(path).duration == 3.0


def test_a_mad_duration_is_not_believed(tmp_path: Path) -> None:
    path = Film().write(tmp_path)
    content = bytearray(path.read_bytes())
    for box in (b"mvhd", b"mdhd"):
        at = content.index(box) + 4
        content[at + 16 : at + 20] = b"\x7f\xff\xff\xff"
    at = content.index(b"tkhd") + 4
    content[at + 20 : at + 24] = b"\x7f\xff\xff\xff"
    path.write_bytes(content)

    found = media_facts(path)

    assert found.duration is None or 0 < found.duration <= MAX_SECONDS
    assert found.poster is not None


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"#EXTM3U\n#EXTINF:1,\n/etc/passwd\n", id="playlist"),
        pytest.param(b"ffconcat version 1.0\nfile /etc/passwd\n", id="list of files"),
        pytest.param(b"v=0\r\nm=video 9 RTP/AVP 96\r\nc=IN IP4 127.0.0.1\r\n", id="address"),
        pytest.param(b"\x00\x00\x00\x18ftypisom" + bytes(200), id="nothing inside"),
    ],
)
def test_what_is_no_film_is_refused_without_looking_elsewhere(
    content: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(content)

    with pytest.raises(Unreadable) as refused:
        media_facts(path)

    assert refused.value.trouble is Trouble.DAMAGED


_MADE = {
    film.name: film
    for film in (
        Film("a.mp4", audio="aac", muxer={"movflags": "faststart"}),
        Film("a.mkv", audio="aac"),
        Film("a.webm", "libvpx", "libopus"),
        Film("a.avi", "mpeg4", "mp3"),
        Film("a.flv", "flv1", "mp3", sample_rate=44_100),
        Film("a.wav", "", "pcm_s16le"),
        Film("a.mp3", "", "mp3"),
    )
}


@pytest.fixture(scope="module")
def whole_films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    for film in _MADE.values():
        film.write(folder)
    return folder


@given(name=some.sampled_from(sorted(_MADE)), share=some.floats(0, 0.5))
@settings(max_examples=60)
def test_a_film_cut_anywhere_is_known_as_cut(whole_films: Path, name: str, share: float) -> None:
    content = (whole_films / name).read_bytes()
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content[: int(len(content) * share)])
        try:
            found = media_facts(path)
        except Unreadable:
            return

    assert found.duration is None or 0 < found.duration <= 3.2
    # Of what says its length nowhere but by its size, the rest is simply shorter.
    assert not found.whole or found.duration is None or found.duration < 1.7


@needs_samples
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("03-meiosis-II.mp4", MediaFacts(16.043, 1920, 1080, "h264", "aac", playable=True)),
        ("03-slope.mp4", MediaFacts(12.053, 1920, 1080, "h264", "aac", playable=True)),
        ("chunxiao-qch.mp4", MediaFacts(24.043, 1920, 1080, "h264", "aac", playable=True)),
        ("rabbit320.mp4", MediaFacts(7.8, 320, 240, "h264", "aac", playable=True)),
        ("rabbit320.webm", MediaFacts(7.8, 320, 240, "vp8", "vorbis", playable=True)),
        ("testMP4AudioOnly.mp4", MediaFacts(1.437, None, None, "", "mp3", playable=True)),
        ("煙.mp4", MediaFacts(8.6, 720, 720, "h264", "", playable=True)),
    ],
)
def test_real_films_say_what_they_are(name: str, expected: MediaFacts) -> None:
    found = media_facts(SAMPLES / "video" / name)

    assert replace(found, poster=None) == expected
    if expected.video_codec:
        assert ImageStat.Stat(_opened(found).convert("L")).stddev[0] > 10


@needs_samples
def test_a_real_film_that_was_cut_keeps_its_poster() -> None:
    found = media_facts(SAMPLES / "nasty" / "made_truncated.mp4")

    assert replace(found, poster=None) == MediaFacts(
        12.053, 1920, 1080, "h264", "aac", playable=True, whole=False
    )
    assert _opened(found).size == (640, 360)


def _opened(facts: MediaFacts) -> Image.Image:
    assert facts.poster is not None
    return Image.open(BytesIO(facts.poster))
