"""QR codes as pictures for print."""

from functools import lru_cache
from io import BytesIO

import segno
from PIL import Image

_MASK = 3
"""Any mask reads; a fixed one spares trying eight, which is most of the work."""

_SIDE, _QUIET = 4, 2
"""Pixels of a module, and modules of quiet around the code."""

_PAPER_AND_INK = bytes((255, 0, *range(2, 256)))
"""From segno's modules, 0 and 1, to grey."""


@lru_cache(maxsize=2_000)
def qr_png(address: str) -> bytes:
    """A black and white PNG of the code, with two modules of quiet around it.

    The page gives it the rest of the quiet zone: it stands on white, alone. Kept for a while: an
    issue is set in two editions and two scripts, with the same codes.

    Args:
        address: At most about 1,200 characters; a longer one raises ``ValueError``.
    """
    try:
        code = segno.make(address, error="m", mask=_MASK, micro=False, boost_error=False)
    except segno.DataOverflowError as error:
        raise ValueError("this address is too long for a QR code") from error
    # Pillow writes it: segno's own writer, in Python, takes longer than making the code.
    side, modules = len(code.matrix), b"".join(code.matrix).translate(_PAPER_AND_INK)
    drawn = Image.frombytes("L", (side, side), modules).convert("1")
    page = Image.new("1", ((side + 2 * _QUIET) * _SIDE,) * 2, color=1)
    page.paste(drawn.resize((side * _SIDE,) * 2, Image.Resampling.NEAREST), (_QUIET * _SIDE,) * 2)
    content = BytesIO()
    page.save(content, "PNG")
    return content.getvalue()
