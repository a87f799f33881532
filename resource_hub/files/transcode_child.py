"""The process that makes films playable; ``bounded`` keeps it within its limits."""

import json
import sys
import time
from pathlib import Path

from av.error import FFmpegError

from resource_hub.files.facts import Trouble
from resource_hub.files.guard import trouble_of
from resource_hub.files.playable import UNREADABLE
from resource_hub.files.transcode import NO_ROOM, make_playable

_EVERY = 1.0  # seconds between two lines about the progress


def main() -> int:
    """Arguments: the film, and where to write the new one.

    Writes to standard output, line by line, how many seconds of the film are done, and last what
    was made, as JSON.
    """
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    said = 0.0

    def say(seconds: float) -> None:
        nonlocal said
        if time.monotonic() - said >= _EVERY:
            said = time.monotonic()
            print(f"{seconds:.1f}", flush=True)  # noqa: T201 - the parent listens

    try:
        made = make_playable(source, target, progress=say)
    except Exception as error:  # whatever a decoder thinks of
        if getattr(error, "errno", None) in NO_ROOM:
            raise
        trouble = Trouble.DAMAGED if isinstance(error, FFmpegError) else trouble_of(error)
        if trouble is None:
            raise
        sys.stderr.write(f"{error!r} {trouble}\n")
        return UNREADABLE
    facts = {
        "wrap": made.wrap,
        "encoded": made.encoded,
        "seconds": made.seconds,
        "width": made.width,
        "height": made.height,
    }
    print(json.dumps(facts), flush=True)  # noqa: T201 - the parent listens
    return 0


if __name__ == "__main__":
    sys.exit(main())
