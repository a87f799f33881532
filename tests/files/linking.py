"""Office files that would show a picture which lies elsewhere on the machine that opens them."""

import io
import zipfile
from collections.abc import Callable, Mapping

import docx

from tests.files import made

_OASIS = "urn:oasis:names:tc:opendocument:xmlns"
_SPACES = " ".join(
    f'xmlns:{short}="{name}"'
    for short, name in {
        "office": f"{_OASIS}:office:1.0",
        "text": f"{_OASIS}:text:1.0",
        "table": f"{_OASIS}:table:1.0",
        "draw": f"{_OASIS}:drawing:1.0",
        "style": f"{_OASIS}:style:1.0",
        "fo": f"{_OASIS}:xsl-fo-compatible:1.0",
        "svg": f"{_OASIS}:svg-compatible:1.0",
        "xlink": "http://www.w3.org/1999/xlink",
    }.items()
)
_TAKEN_IN = 'xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"'


def _open_document(kind: str, body: str, *, styles: str = "", drawing: str | None = None) -> bytes:
    media_type = f"application/vnd.oasis.opendocument.{kind}"
    members: dict[str, str | bytes] = {
        "mimetype": media_type,
        "content.xml": (
            f'<office:document-content {_SPACES} office:version="1.2">'
            f"<office:automatic-styles>{styles}</office:automatic-styles>"
            f"<office:body><office:{kind}>{body}</office:{kind}></office:body>"
            "</office:document-content>"
        ),
        "META-INF/manifest.xml": (
            f'<manifest:manifest xmlns:manifest="{_OASIS}:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{media_type}"/>'
            '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
            '<manifest:file-entry manifest:full-path="Pictures/a.svg" manifest:media-type=""/>'
            "</manifest:manifest>"
        ),
    }
    if drawing is not None:
        members["Pictures/a.svg"] = drawing
    return made.packed(members, stored=True)


def _frame(link: str, more: str = "") -> str:
    return (
        f'<draw:frame {more} svg:x="0cm" svg:y="0cm" svg:width="10cm" svg:height="10cm">'
        f'<draw:image xlink:href="{link}" {_TAKEN_IN}/></draw:frame>'
    )


def _drawing(link: str) -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
        f' width="400" height="400"><image width="400" height="400" xlink:href="{link}"/></svg>'
    )


def _slide(link: str) -> bytes:
    return _open_document("presentation", f'<draw:page draw:name="p">{_frame(link)}</draw:page>')


def _sheet(link: str) -> bytes:
    table = (
        f'<table:table table:name="a"><table:shapes>{_frame(link)}</table:shapes><table:table-row>'
        "<table:table-cell><text:p>Before</text:p></table:table-cell></table:table-row>"
        "</table:table>"
    )
    return _open_document("spreadsheet", table)


def _background(link: str) -> bytes:
    styles = (
        '<style:style style:name="P9" style:family="paragraph"><style:paragraph-properties'
        f' fo:padding="5cm"><style:background-image xlink:href="{link}" style:repeat="stretch"'
        f" {_TAKEN_IN}/></style:paragraph-properties></style:style>"
    )
    return _open_document("text", '<text:p text:style-name="P9">Before</text:p>', styles=styles)


def _bullet(link: str) -> bytes:
    styles = (
        '<text:list-style style:name="L9"><text:list-level-style-image text:level="1"'
        f' xlink:href="{link}" {_TAKEN_IN}><style:list-level-properties fo:width="9cm"'
        ' fo:height="9cm"/></text:list-level-style-image></text:list-style>'
    )
    item = "<text:list-item><text:p>Before</text:p></text:list-item>"
    return _open_document(
        "text", f'<text:list text:style-name="L9">{item}</text:list>', styles=styles
    )


def _drawing_in_a_text(link: str) -> bytes:
    frame = _frame("Pictures/a.svg", 'text:anchor-type="as-char"')
    return _open_document("text", f"<text:p>{frame}</text:p>", drawing=_drawing(link))


def _drawing_in_a_document(link: str) -> bytes:
    document, written, drawn = docx.Document(), io.BytesIO(), io.BytesIO()
    document.add_picture(io.BytesIO(made.picture("PNG", (400, 400), "RGB")))
    document.save(written)
    with zipfile.ZipFile(written) as before, zipfile.ZipFile(drawn, "w") as after:
        for name in before.namelist():
            if name.endswith(".png"):
                after.writestr("word/media/image1.svg", _drawing(link))
                continue
            content = before.read(name).replace(b"image1.png", b"image1.svg")
            content = content.replace(b'Extension="png"', b'Extension="svg"')
            after.writestr(name, content)
    return drawn.getvalue()


def _field(link: str) -> bytes:
    return (
        r"{\rtf1\ansi Before\par{\field{\*\fldinst INCLUDEPICTURE " + f'"{link}"'
        r"}{\fldrslt old}}\par}"
    ).encode()


LINKING: Mapping[tuple[str, str], Callable[[str], bytes]] = {
    ("odp", "a picture of a slide"): _slide,
    ("ods", "a picture of a sheet"): _sheet,
    ("odt", "what is behind a paragraph"): _background,
    ("odt", "the dot of a list"): _bullet,
    ("odt", "a picture in a drawing"): _drawing_in_a_text,
    ("docx", "a picture in a drawing"): _drawing_in_a_document,
    ("rtf", "a picture that a field brings in"): _field,
}
"""The kind of file and what is linked -> the file, for the address of a picture."""
