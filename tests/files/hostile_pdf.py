"""PDF files that nobody means well with."""

import zlib
from collections.abc import Callable, Mapping

MIB = 1024 * 1024


def pdf_of(*objects: str | bytes, tail: str = "") -> bytes:
    """A PDF of these objects, numbered from 1; the first is the catalogue."""
    result, places = bytearray(b"%PDF-1.7\n"), []
    for number, content in enumerate(objects, start=1):
        places.append(len(result))
        body = content.encode("latin-1") if isinstance(content, str) else content
        result += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    at, count = len(result), len(objects) + 1
    result += f"xref\n0 {count}\n0000000000 65535 f \n".encode()
    result += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    result += f"trailer\n<</Size {count}/Root 1 0 R{tail}>>\nstartxref\n{at}\n%%EOF".encode()
    return bytes(result)


def stream(content: bytes, head: str = "") -> bytes:
    return f"<<{head}/Length {len(content)}>>\nstream\n".encode() + content + b"\nendstream"


def page_of(
    content: bytes, *, box: str = "0 0 600 800", resources: str = "<<>>"
) -> tuple[str, ...]:
    """Catalogue, pages and one page whose content is the fourth object."""
    return (
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[{box}]/Contents 4 0 R/Resources {resources}>>",
        stream(content).decode("latin-1"),
    )


LINE = b"0 0 m 100 100 l S\n"


def _pages_two_billion_wide() -> bytes:
    return pdf_of(*page_of(LINE, box="0 0 2000000000 2000000000"))


def _pages_thin_as_a_thread() -> bytes:
    return pdf_of(*page_of(LINE, box="0 0 0.000001 14400"))


def _pages_of_no_size() -> bytes:
    return pdf_of(*page_of(LINE, box="nan inf -1e99 -inf"))


def _two_hundred_thousand_objects() -> bytes:
    return pdf_of(*page_of(LINE), *(["<</A[1 2 3]>>"] * 200_000))


def _pages_that_are_their_own_parents() -> bytes:
    return pdf_of(
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[2 0 R 3 0 R 2 0 R]/Count 2147483647/Parent 3 0 R>>",
        "<</Type/Pages/Kids[2 0 R]/Count 1000000/Parent 2 0 R>>",
    )


def _a_million_pages_that_are_not_there() -> bytes:
    return pdf_of(
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[" + "3 0 R " * 1_000_000 + "]/Count 1000000>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 10 10]>>",
    )


def _a_list_that_goes_before_itself() -> bytes:
    raw = pdf_of(*page_of(LINE), tail="/Prev 000000000")
    at = raw.index(b"\nxref") + 1
    return raw.replace(b"/Prev 000000000", f"/Prev {at:09}".encode())


def _content_of_256_megabytes() -> bytes:
    squeezer = zlib.compressobj(9)
    line = LINE * (MIB // len(LINE))
    packed = b"".join(squeezer.compress(line) for _ in range(256)) + squeezer.flush()
    twice = zlib.compress(packed, 9)
    content = stream(twice, "/Filter[/FlateDecode/FlateDecode]")
    return pdf_of(*page_of(b"")[:3], content)


def _forms_that_draw_ten_of_the_next() -> bytes:
    """Ten to the tenth times one line."""
    forms = []
    for level in range(10):
        following = f"/Resources<</XObject<</F {level + 6} 0 R>>>>"
        head = f"/Type/XObject/Subtype/Form/BBox[0 0 100 100]{following}"
        forms.append(stream(b"/F Do\n" * 10, head))
    last = stream(LINE, "/Type/XObject/Subtype/Form/BBox[0 0 100 100]")
    return pdf_of(*page_of(b"/F Do", resources="<</XObject<</F 5 0 R>>>>"), *forms, last)


def _a_form_that_draws_itself() -> bytes:
    head = "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F 5 0 R>>>>"
    return pdf_of(
        *page_of(b"/F Do", resources="<</XObject<</F 5 0 R>>>>"), stream(b"/F Do /F Do", head)
    )


def _a_picture_of_sixty_thousand_pixels_a_side() -> bytes:
    squeezer = zlib.compressobj(9)
    packed = b"".join(squeezer.compress(bytes(MIB)) for _ in range(50)) + squeezer.flush()
    head = (
        "/Type/XObject/Subtype/Image/Width 60000/Height 60000/ColorSpace/DeviceRGB"
        "/BitsPerComponent 8/Filter/FlateDecode"
    )
    content = b"600 0 0 800 0 0 cm /I Do"
    return pdf_of(*page_of(content, resources="<</XObject<</I 5 0 R>>>>"), stream(packed, head))


def _lists_in_lists() -> bytes:
    return pdf_of(*page_of(LINE), "[" * 100_000 + "]" * 100_000)


def _a_pattern_of_a_billion_tiles() -> bytes:
    head = (
        "/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 1 1]"
        "/XStep 0.0001/YStep 0.0001/Resources<<>>"
    )
    content = b"/Pattern cs /P scn 0 0 600 800 re f"
    return pdf_of(*page_of(content, resources="<</Pattern<</P 5 0 R>>>>"), stream(LINE, head))


def _a_function_that_never_ends() -> bytes:
    program = b"{" + b"dup " * 90 + b"{" * 50 + b"}" * 50 + b" if }"
    shading = "<</ShadingType 1/ColorSpace/DeviceGray/Domain[0 1e9 0 1e9]/Function 6 0 R>>"
    function = stream(program, "/FunctionType 4/Domain[0 1e9 0 1e9]/Range[0 1]")
    return pdf_of(*page_of(b"/S sh", resources="<</Shading<</S 5 0 R>>>>"), shading, function)


def _text_of_ten_million_letters() -> bytes:
    font = "<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
    words = b"BT /F 1 Tf " + (b"(" + b"a" * 1_000 + b") Tj ") * 10_000 + b"ET"
    content = stream(zlib.compress(words, 9), "/Filter/FlateDecode")
    return pdf_of(*page_of(b"", resources=font)[:3], content)


def _scripts_and_programs() -> bytes:
    return pdf_of(
        "<</Type/Catalog/Pages 2 0 R/OpenAction<</S/Launch/F(/bin/sh)>>"
        "/AA<</WC<</S/JavaScript/JS(app.alert(1\\))>>>>"
        "/AcroForm<</Fields[]/XFA(<a>)>>>>",
        *page_of(LINE)[1:],
    )


PDFS: Mapping[str, Callable[[], bytes]] = {
    "two-billion-wide.pdf": _pages_two_billion_wide,
    "thread.pdf": _pages_thin_as_a_thread,
    "no-size.pdf": _pages_of_no_size,
    "objects.pdf": _two_hundred_thousand_objects,
    "own-parents.pdf": _pages_that_are_their_own_parents,
    "million-pages.pdf": _a_million_pages_that_are_not_there,
    "before-itself.pdf": _a_list_that_goes_before_itself,
    "content.pdf": _content_of_256_megabytes,
    "ten-of-the-next.pdf": _forms_that_draw_ten_of_the_next,
    "draws-itself.pdf": _a_form_that_draws_itself,
    "huge-picture.pdf": _a_picture_of_sixty_thousand_pixels_a_side,
    "lists.pdf": _lists_in_lists,
    "tiles.pdf": _a_pattern_of_a_billion_tiles,
    "function.pdf": _a_function_that_never_ends,
    "letters.pdf": _text_of_ten_million_letters,
    "scripts.pdf": _scripts_and_programs,
}
"""By the name under which an author might upload it."""
