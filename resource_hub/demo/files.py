"""Make the demo's files: the same bytes each time, for nothing in them asks what day it is."""

from collections.abc import Callable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from resource_hub.demo.content import DemoFile, DemoResource, DemoRevision
from resource_hub.demo.documents import document
from resource_hub.demo.movie import movie
from resource_hub.demo.pictures import picture
from resource_hub.demo.sheets import sheets
from resource_hub.demo.slides import slides
from resource_hub.demo.worksheets import worksheet


def make_file(spec: DemoFile, resource: DemoResource) -> tuple[str, bytes]:
    """Make one file of ``resource``.

    Returns:
        Its name, in Chinese, with the ending that fits its format, and its bytes.

    Raises:
        KeyError: no generator for that ending, or no such drawing.
        StopIteration: ``spec`` belongs to another resource.
    """
    revision = next(revision for revision in resource.revisions if spec in revision.files)
    return spec.name, _MAKERS[spec.format](spec, revision, resource.byline)


def _document(spec: DemoFile, revision: DemoRevision, byline: str) -> bytes:
    return _steady(document(spec, revision, byline))


def _slides(spec: DemoFile, revision: DemoRevision, byline: str) -> bytes:
    return _steady(slides(spec, revision, byline))


def _text(spec: DemoFile, revision: DemoRevision, byline: str) -> bytes:
    del revision, byline
    return (spec.content + "\n").encode()


def _picture(spec: DemoFile, revision: DemoRevision, byline: str) -> bytes:
    del byline
    return picture(spec, title=revision.title)


def _movie(spec: DemoFile, revision: DemoRevision, byline: str) -> bytes:
    del revision, byline
    return movie(spec.drawing)


_MAKERS: dict[str, Callable[[DemoFile, DemoRevision, str], bytes]] = {
    "docx": _document,
    "pptx": _slides,
    "pdf": worksheet,
    "xlsx": sheets,
    "txt": _text,
    "png": _picture,
    "jpg": _picture,
    "mp4": _movie,
}


def _steady(archive: bytes) -> bytes:
    """The same office file with every member dated 1980: python-docx and python-pptx write now."""
    target = BytesIO()
    with ZipFile(BytesIO(archive)) as old, ZipFile(target, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(ZipInfo(name), old.read(name), ZIP_DEFLATED)
    return target.getvalue()
