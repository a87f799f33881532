"""Films that browsers cannot play become films that they can; nothing is encoded without need."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from resource_hub.files.bounded import scratch
from resource_hub.files.browsers import Wrap
from resource_hub.files.facts import Trouble
from resource_hub.files.guard import Unreadable
from resource_hub.files.media import MediaFacts, media_facts
from resource_hub.files.playable import LONGEST, make_at_a_distance
from resource_hub.files.tracks import fitted
from resource_hub.files.transcode import Made, make_playable
from tests.files.films import Film
from tests.samples import SAMPLES, needs_samples

Case = tuple[Film, Made, MediaFacts]


def film_of(
    seconds: float, *, video: str = "h264", audio: str = "aac", size: tuple[int, int] = (160, 90)
) -> MediaFacts:
    return MediaFacts(seconds, *size, video, audio, playable=True)


COPIED: list[Case] = [
    (
        Film("a.mov", audio="aac"),
        Made(Wrap.MP4, encoded=False, seconds=3.0, width=160, height=90),
        film_of(3.0),
    ),
    (
        Film("a.mkv", audio="aac"),
        Made(Wrap.MP4, encoded=False, seconds=3.0, width=160, height=90),
        film_of(3.0),
    ),
    (
        Film("a.ts", audio="aac"),
        Made(Wrap.MP4, encoded=False, seconds=3.0, width=160, height=90),
        film_of(3.0),
    ),
    (
        Film("a.flv", audio="aac"),
        Made(Wrap.MP4, encoded=False, seconds=3.0, width=160, height=90),
        film_of(3.0),
    ),
    (
        Film("vp8.mkv", "libvpx", "libopus"),
        Made(Wrap.WEBM, encoded=False, seconds=3.0, width=160, height=90),
        film_of(3.0, video="vp8", audio="opus"),
    ),
    (
        Film("held-upright.mov", rotation=90),
        Made(Wrap.MP4, encoded=False, seconds=3.0, width=90, height=160),
        film_of(3.0, audio="", size=(90, 160)),
    ),
]
ENCODED: list[Case] = [
    (
        Film("sound.mkv", audio="ac3"),
        Made(Wrap.MP4, encoded=True, seconds=3.0, width=160, height=90),
        film_of(3.0),
    ),
    (
        Film("a.avi", "mpeg4", "mp3"),
        Made(Wrap.MP4, encoded=True, seconds=3.1, width=160, height=90),
        film_of(3.1, audio="mp3"),
    ),
    (
        Film("a.wmv", "wmv2", "wmav2"),
        Made(Wrap.MP4, encoded=True, seconds=3.0, width=160, height=90),
        film_of(3.0),
    ),
    (
        Film("a.flv", "flv1", "mp3", sample_rate=44_100),
        Made(Wrap.MP4, encoded=True, seconds=3.0, width=160, height=90),
        film_of(3.0, audio="mp3"),
    ),
    (
        Film("a.mpg", "mpeg2video", "mp2", frames=75, rate=Fraction(25)),
        Made(Wrap.MP4, encoded=True, seconds=3.0, width=160, height=90),
        film_of(3.0),
    ),
    (
        Film("hevc.mp4", "libx265", "aac", options={"x265-params": "log-level=none"}),
        Made(Wrap.MP4, encoded=True, seconds=3.0, width=160, height=90),
        film_of(3.0),
    ),
    (
        Film("odd.mp4", size=(161, 91), pixels="yuv444p"),
        Made(Wrap.MP4, encoded=True, seconds=3.0, width=160, height=92),
        film_of(3.0, audio="", size=(160, 92)),
    ),
    (
        Film("turned.mp4", "mpeg4", rotation=90),
        Made(Wrap.MP4, encoded=True, seconds=3.0, width=90, height=160),
        film_of(3.0, audio="", size=(90, 160)),
    ),
    (
        Film("wide.mkv", "mpeg4", pixel_shape=Fraction(4, 3)),
        Made(Wrap.MP4, encoded=True, seconds=3.0, width=212, height=90),
        film_of(3.0, audio="", size=(212, 90)),
    ),
    (
        Film("uneven.mkv", "mpeg4", frames=5, moments=(0, 100, 1_000, 1_100, 4_000)),
        Made(Wrap.MP4, encoded=True, seconds=4.1, width=160, height=90),
        film_of(4.1, audio=""),
    ),
    (
        Film("large.avi", "mpeg4", size=(1920, 1080), frames=5),
        Made(Wrap.MP4, encoded=True, seconds=0.5, width=1280, height=720),
        film_of(0.5, audio="", size=(1280, 720)),
    ),
]
SOUND = (
    Film("a.wma", "", "wmav2"),
    Made(Wrap.MP4, encoded=True, seconds=3.0, width=None, height=None),
    MediaFacts(3.0, None, None, "", "aac", playable=True),
)


@pytest.mark.parametrize(
    "case", [*COPIED, *ENCODED, SOUND], ids=lambda case: case[0].name + case[0].video
)
def test_every_film_becomes_one_that_browsers_play(case: Case, tmp_path: Path) -> None:
    film, expected, plays = case
    target = tmp_path / "made"

    made = make_playable(film.write(tmp_path), target)

    found = media_facts(target)
    # Encoders of sound work in pieces of a fiftieth of a second.
    assert made.seconds == pytest.approx(expected.seconds, abs=0.05)
    assert replace(made, seconds=0) == replace(expected, seconds=0)
    assert found.duration == made.seconds
    assert replace(found, duration=None, poster=None) == replace(plays, duration=None)


def test_a_film_begins_to_play_before_all_of_it_is_there(tmp_path: Path) -> None:
    target = tmp_path / "made"
    make_playable(Film("a.avi", "mpeg4", "mp3").write(tmp_path), target)

    content = target.read_bytes()

    assert 0 < content.index(b"moov") < content.index(b"mdat")


def test_a_copy_keeps_every_picture_as_it_was(tmp_path: Path) -> None:
    source, target = Film("a.mkv").write(tmp_path), tmp_path / "made"
    make_playable(source, target)

    assert _pictures(target) == _pictures(source)


def test_a_film_of_one_picture_is_a_film(tmp_path: Path) -> None:
    source = Film("one.avi", "mpeg4", frames=1).write(tmp_path)

    made = make_playable(source, tmp_path / "made")

    assert made == Made(Wrap.MP4, encoded=True, seconds=0.1, width=160, height=90)


def test_sixty_pictures_a_second_become_thirty(tmp_path: Path) -> None:
    source = Film("a.avi", "mpeg4", rate=Fraction(60), frames=120).write(tmp_path)
    make_playable(source, tmp_path / "made")

    assert len(_pictures(tmp_path / "made")) == 60


def test_the_progress_is_told_in_seconds_of_the_film(tmp_path: Path) -> None:
    told: list[float] = []
    make_playable(Film("a.avi", "mpeg4").write(tmp_path), tmp_path / "made", progress=told.append)

    assert told == sorted(told)
    assert told[-1] == pytest.approx(2.9)


@pytest.mark.parametrize(
    ("size", "made"),
    [
        ((1920, 1080), (1280, 720)),
        ((1080, 1920), (720, 1280)),
        ((3840, 1600), (1280, 534)),
        ((1024, 768), (960, 720)),
        ((640, 480), (640, 480)),
        ((161, 91), (160, 92)),
        ((1, 1), (2, 2)),
    ],
)
def test_an_encoded_film_fits_720_lines(size: tuple[int, int], made: tuple[int, int]) -> None:
    assert fitted(*size) == made


@pytest.fixture(scope="module")
def old_film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return Film("a.avi", "mpeg4", "mp3").write(tmp_path_factory.mktemp("old")).read_bytes()


@given(share=some.floats(0, 1), wrong=some.binary(min_size=1, max_size=40))
@settings(max_examples=25)
def test_a_damaged_film_plays_as_far_as_it_goes_or_is_refused(
    old_film: bytes, share: float, wrong: bytes
) -> None:
    at = int(len(old_film) * share)
    with scratch() as folder:
        source, target = folder / "a.avi", folder / "made"
        source.write_bytes(
            old_film[:at] + wrong + old_film[at + 2 * len(wrong) :][: -at // 2 or None]
        )
        try:
            made = make_playable(source, target)
        except Unreadable:
            return

        assert 0 <= made.seconds < 7
        assert media_facts(target).playable


def test_at_a_distance_the_same_is_made(tmp_path: Path) -> None:
    source = Film("a.avi", "mpeg4", "mp3").write(tmp_path)
    with scratch(tmp_path) as folder:
        made = make_at_a_distance(source, folder, seconds=3.1)

        assert (made.media_type, made.encoded, made.seconds) == ("video/mp4", True, 3.1)
        assert (made.width, made.height) == (160, 90)
        assert media_facts(made.path).playable
    assert not made.path.exists()


def test_a_sound_at_a_distance_is_a_sound(tmp_path: Path) -> None:
    source = Film("a.wma", "", "wmav2").write(tmp_path)
    with scratch(tmp_path) as folder:
        made = make_at_a_distance(source, folder, seconds=3.0)

        assert (made.media_type, made.width, made.height) == ("audio/mp4", None, None)


def test_what_is_longer_than_a_school_day_is_not_begun(tmp_path: Path) -> None:
    source = Film("a.avi", "mpeg4").write(tmp_path)

    with scratch(tmp_path) as folder, pytest.raises(Unreadable) as refused:
        make_at_a_distance(source, folder, seconds=LONGEST + 1)

    assert refused.value.trouble is Trouble.TOO_LARGE


def test_noise_at_a_distance_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "a.avi"
    source.write_bytes(b"RIFF" + bytes(400))

    with scratch(tmp_path) as folder, pytest.raises(Unreadable) as refused:
        make_at_a_distance(source, folder, seconds=3.0)

    assert refused.value.trouble is Trouble.DAMAGED


@needs_samples
def test_a_real_film_in_a_foreign_container_is_copied(tmp_path: Path) -> None:
    source = SAMPLES / "video" / "rabbit320.mp4"
    foreign = tmp_path / "rabbit.mkv"
    with av.open(str(source)) as given_film, av.open(str(foreign), "w") as target:
        streams = {s.index: target.add_stream_from_template(s) for s in given_film.streams}
        for packet in given_film.demux():
            if packet.dts is not None:
                packet.stream = streams[packet.stream_index]
                target.mux(packet)

    made = make_playable(foreign, tmp_path / "made")

    assert (made.encoded, made.width, made.height) == (False, 320, 240)
    assert made.seconds == pytest.approx(7.8, abs=0.05)
    assert _pictures(tmp_path / "made") == _pictures(source)


def _pictures(path: Path) -> list[bytes]:
    """Every picture of a film, as it is decoded."""
    with av.open(str(path)) as film:
        return [bytes(frame.planes[0]) for frame in film.decode(video=0)]
