"""Short silent movies: frames from ``scenes``, H.264 in an mp4 that plays while it loads."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

import av

from resource_hub.demo import scenes
from resource_hub.demo.easel import Easel

WIDTH, HEIGHT = 640, 360
FRAMES_A_SECOND = 10
SECONDS = 6

SCENES: dict[str, Callable[[Easel, float], None]] = {
    "circle_area": scenes.circle_area,
    "pythagoras": scenes.pythagoras,
    "clock": scenes.clock,
    "moon_phases": scenes.moon_phases,
    "refraction": scenes.refraction,
    "equal_fractions": scenes.equal_fractions,
}


def movie(scene: str) -> bytes:
    """Draw ``scene`` from its beginning to its end; it rests on the last picture for a second.

    Raises:
        KeyError: there is no such scene.
    """
    moving = FRAMES_A_SECOND * (SECONDS - 1)
    # One thread: the encoder's output must not depend on how many processors there are.
    options = {"preset": "veryfast", "crf": "27", "threads": "1"}
    with TemporaryDirectory() as folder:
        # To move the index to the front, the muxer opens the file a second time by its name.
        path = Path(folder) / "movie.mp4"
        with av.open(str(path), "w", options={"movflags": "faststart"}) as container:
            stream = container.add_stream("libx264", rate=FRAMES_A_SECOND, options=options)
            stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
            for number in [*range(moving + 1), *[moving] * (FRAMES_A_SECOND - 1)]:
                container.mux(stream.encode(_frame(scene, number / moving)))
            container.mux(stream.encode())
        return path.read_bytes()


@lru_cache(maxsize=1)
def _frame(scene: str, at: float) -> av.VideoFrame:
    """One picture; the last is kept, for the movie rests on it."""
    easel = Easel(WIDTH, HEIGHT)
    SCENES[scene](easel, at)
    frame: av.VideoFrame = av.VideoFrame.from_image(  # type: ignore[no-untyped-call]  # untyped in PyAV
        easel.finish()
    )
    return frame
