"""The text of one page that is a picture, in the process that reads files of strangers.

The engine is RapidOCR with the models in its wheel (extra ``ocr``). It is set to one thread and the
lowest priority, for nobody waits for it, and to the least memory: pages of ``_SIDE`` pixels, a line
at a time. So it needs 580 MB, and 1,150 MB of addresses; see docs/explanation/adr/0024.
"""

import errno
import os
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image

from resource_hub.files.answers import Answer
from resource_hub.files.drawing import is_picture, paper
from resource_hub.files.facts import MAX_TEXT
from resource_hub.files.gathering import clean
from resource_hub.files.pdf import page_picture, unwrapped
from resource_hub.files.preview import as_seen

if TYPE_CHECKING:  # it may not be installed
    from rapidocr import RapidOCR

_SIDE = 1440
"""Longest side of a page in pixels. On A4, text of 7 points is read as well as at 2000, where the
engine needs 1,800 MB of addresses and twice the time."""

_SURE = 0.7  # of 1: what the engine is less sure of is mostly lines and dots of a drawing
_LOWEST_PRIORITY = 19


def recognise(path: Path, arguments: Mapping[str, Any]) -> Iterator[Answer]:  # Any: JSON
    """Recognise one page: one answer, with its ``text`` and how many pages there are (``total``).

    Args:
        path: The bytes.
        arguments: ``code``, what it is; ``page``, which, from 1.

    Raises:
        Unreadable: the file has no pages that could be drawn.
        OSError: the engine does not start.
    """
    picture, total = _page(path, str(arguments["code"]), int(arguments["page"]))
    yield Answer({"text": _text_in(picture) if picture else "", "total": total})


def _page(path: Path, code: str, number: int) -> tuple[Image.Image | None, int]:
    """A page as a picture, None where there is none of this number; and how many there are."""
    if is_picture(code):
        with path.open("rb") as stream:
            return (as_seen(stream, box=(_SIDE, _SIDE))[1] if number == 1 else None), 1
    pages = paper(path, code, number, number)
    try:
        index = number - pages.number_from
        if not 0 <= index < len(pages.document):
            return None, pages.total
        return page_picture(pages.document, index, longest=_SIDE), pages.total
    finally:
        pages.document.close()


def _text_in(picture: Image.Image) -> str:
    import numpy  # noqa: ICN001, PLC0415 - of the extra, and heavy

    # The engine takes colours in the order of OpenCV.
    found = _engine()(numpy.asarray(picture)[:, :, ::-1])
    return unwrapped(clean("\n".join(found.txts or ())))[:MAX_TEXT]


@cache
def _engine() -> "RapidOCR":
    os.nice(_LOWEST_PRIORITY)
    for library in ("OPENBLAS", "OMP"):
        os.environ[f"{library}_NUM_THREADS"] = "1"  # 64 MiB of addresses for each other thread
    try:
        import cv2  # noqa: PLC0415 - as above
        from rapidocr import RapidOCR  # noqa: PLC0415 - as above

        cv2.setNumThreads(1)
        return RapidOCR(
            params={
                "EngineConfig.onnxruntime.intra_op_num_threads": 1,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
                "Global.log_level": "critical",
                "Global.text_score": _SURE,
                # Whether a line stands on its head: pages are upright, and it errs on short lines.
                "Global.use_cls": False,
                "Det.limit_type": "max",
                "Det.limit_side_len": _SIDE,
                "Rec.rec_batch_num": 1,
            }
        )
    except Exception as error:
        # Whatever it is, it says nothing about the file: the job fails, and the page waits.
        raise OSError(
            errno.ENOPKG, f"The engine of the extra ocr does not start: {error}"
        ) from error
