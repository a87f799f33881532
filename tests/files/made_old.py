"""Files as old programs wrote them: Word and PowerPoint in OLE; OpenDocument; EPUB."""

import struct
from collections.abc import Sequence

from tests.files import made

FREE, CHAIN_END, TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def ole(streams: dict[str, bytes]) -> bytes:
    """An OLE file with these streams at its root, each filled up to 4,096 bytes at least."""
    contents = [content.ljust(4096, b"\0") for content in streams.values()]
    lengths = [-(-len(content) // 512) for content in contents]
    folder_sectors = (len(streams) + 4) // 4
    tables = 1
    while tables * 128 < tables + folder_sectors + sum(lengths):
        tables += 1
    table = [TABLE] * tables
    table += [*range(tables + 1, tables + folder_sectors), CHAIN_END]
    entries = [made._entry("Root Entry", 5, child=1)]
    for number, (name, content) in enumerate(zip(streams, contents, strict=True)):
        right = number + 2 if number + 1 < len(streams) else FREE
        entries.append(made._entry(name, 2, right=right, start=len(table), size=len(content)))
        table += [*range(len(table) + 1, len(table) + lengths[number]), CHAIN_END]
    table += [FREE] * (tables * 128 - len(table))
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<HHHHH", header, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<I", header, 44, tables)
    struct.pack_into("<I", header, 48, tables)
    struct.pack_into("<III", header, 56, 4096, CHAIN_END, 0)
    struct.pack_into("<II", header, 68, CHAIN_END, 0)
    struct.pack_into("<109I", header, 76, *range(tables), *([FREE] * (109 - tables)))
    folder = b"".join(entries).ljust(512 * folder_sectors, b"\0")
    sectors = b"".join(
        content.ljust(512 * length, b"\0")
        for content, length in zip(contents, lengths, strict=True)
    )
    return bytes(header) + struct.pack(f"<{len(table)}I", *table) + folder + sectors


def word(
    *stories: str,
    narrow: bool = False,
    flags: int = 0x0200,
    kind: int = 0xA5EC,
    deleted: Sequence[tuple[int, int]] = (),
) -> bytes:
    """A doc of up to eight stories: body, footnotes, headers, macros, comments, endnotes, boxes.

    Each story is a piece of its own; ``narrow`` ones are written in Windows-1252. ``deleted`` says
    from which to which character of the first story changes that are followed took them away.
    """
    main = bytearray(1024)
    struct.pack_into("<HH", main, 0, kind, 0xC1)
    struct.pack_into("<H", main, 10, flags)
    positions, places, at = [0], [], 0
    for number, story in enumerate(stories):
        struct.pack_into("<I", main, 76 + 4 * number, len(story))
        places.append(len(main) * 2 | 0x4000_0000 if narrow else len(main))
        main += story.encode("cp1252" if narrow else "utf-16-le")
        at += len(story)
        positions.append(at)
    plc = struct.pack(f"<{len(positions)}I", *positions)
    plc += b"".join(struct.pack("<HIH", 0, place, 0) for place in places)
    listing = b"\x01\x02\x00\xff\xff" + b"\x02" + struct.pack("<I", len(plc)) + plc
    struct.pack_into("<II", main, 418, 8, len(listing))
    table = bytes(8) + listing
    if deleted:
        main += bytes(-len(main) % 512)
        width = 1 if narrow else 2
        struct.pack_into("<II", main, 250, len(table), 12)
        table += struct.pack("<III", 1024, 1024 + 512, len(main) // 512)
        main += _runs([(1024 + width * begin, 1024 + width * end) for begin, end in deleted])
    return ole({"WordDocument": bytes(main), "1Table": table})


def _runs(deleted: Sequence[tuple[int, int]]) -> bytes:
    """A page of runs: each deleted one, and the plain ones between them."""
    places = [place for span in deleted for place in span]
    count = len(places) - 1
    page = bytearray(512)
    struct.pack_into(f"<{count + 1}I", page, 0, *places)
    # A run in bold and italics (of which one says so with a word of its own length), then deleted.
    changes = bytes.fromhex("3508 01 0dca 03010203 0008 01")
    page[480 : 481 + len(changes)] = bytes([len(changes)]) + changes
    for number in range(0, count, 2):
        page[4 * (count + 1) + number] = 240
    page[511] = count
    return bytes(page)


def record(kind: int, content: bytes, *, instance: int = 0, holds: bool = False) -> bytes:
    head = instance << 4 | (0xF if holds else 0)
    return struct.pack("<HHI", head, kind, len(content)) + content


def wide(text: str) -> bytes:
    return record(4000, text.encode("utf-16-le"))


def narrow(text: str) -> bytes:
    return record(4008, text.encode("latin-1"))


def word_art(text: str) -> bytes:
    content = f"{text}\0".encode("utf-16-le")
    options = struct.pack("<HIHI", 0x0080, 7, 0xC0C0, len(content))
    return record(0xF00B, options + content, instance=2)


def powerpoint(
    *slides: bytes,
    outlines: Sequence[bytes] = (),
    notes: dict[int, bytes] | None = None,
    order: Sequence[int] = (),
    macros: bool = False,
    lose: bool = False,
) -> bytes:
    """A ppt whose slides hold these records.

    Args:
        outlines: For each slide the texts that the document's list holds.
        notes: Slide, from 0 -> the records of its page of notes.
        order: In which the slides are shown, when not as given.
        lose: The place where the last time of saving is noted.
    """
    notes = notes or {}
    order = order or range(len(slides))
    stream, places = bytearray(), {}
    for number, slide in enumerate(slides):
        facts = struct.pack("<I8xIIHH", 0, 0, 300 + number if number in notes else 0, 0, 0)
        places[2 + number] = len(stream)
        drawing = record(1036, record(0xF002, slide, holds=True), holds=True)
        stream += record(1006, record(1007, facts) + drawing, holds=True)
    for number, page in notes.items():
        places[50 + number] = len(stream)
        stream += record(1008, record(1036, page, holds=True), holds=True)
    listed = b""
    for number in order:
        listed += record(1011, struct.pack("<IIIII", 2 + number, 0, 0, 256 + number, 0))
        listed += outlines[number] if number < len(outlines) else b""
    beside = b"".join(
        record(1011, struct.pack("<IIIII", 50 + number, 0, 0, 300 + number, 0)) for number in notes
    )
    inside = record(4080, listed, holds=True) + record(4080, beside, instance=2, holds=True)
    inside += record(1023, record(1024, struct.pack("<III", 1, macros, 2)), holds=True)
    places[1] = len(stream)
    stream += record(1000, inside, holds=True)
    listing = len(stream)
    words = b"".join(struct.pack("<II", 1 << 20 | key, place) for key, place in places.items())
    stream += record(6002, words)
    edit = len(stream)
    stream += record(4085, struct.pack("<IIIIIII", 256, 0, 0, listing, 1, 60, 0))
    user = struct.pack("<IIIIHBB", 20, 0xE391C05F, 0, 0, 0, 0, 0)
    where = 0 if lose else edit
    current = record(4086, struct.pack("<III", 20, 0xE391C05F, where) + user)
    return ole({"PowerPoint Document": bytes(stream), "Current User": current})


OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
NAMES = (
    'xmlns:office="o" xmlns:text="t" xmlns:table="b" xmlns:draw="d" xmlns:presentation="p"'
    ' xmlns:style="s" xmlns:manifest="m"'
)


def open_document(kind: str, body: str, *, styles: str = "", manifest: str = "") -> bytes:
    """An odt, odp or ods of raw XML; ``kind`` is text, presentation or spreadsheet."""
    parts: dict[str, str | bytes] = {
        "mimetype": OPEN_DOCUMENT + kind,
        "content.xml": f"<office:document-content {NAMES}>{body}</office:document-content>",
        "META-INF/manifest.xml": f"<manifest:manifest {NAMES}>{manifest}</manifest:manifest>",
    }
    if styles:
        parts["styles.xml"] = f"<office:document-styles {NAMES}>{styles}</office:document-styles>"
    return made.packed(parts, stored=True)


def epub(*pages: str, locks: str = "") -> bytes:
    """A book whose pages are read from the last to the first."""
    listed = "".join(
        f'<item id="p{number}" href="text/p%20{number}.xhtml"/>' for number in range(len(pages))
    )
    order = "".join(f'<itemref idref="p{number}"/>' for number in reversed(range(len(pages))))
    parts: dict[str, str | bytes] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<c><rootfile full-path="OEBPS/book.opf"/></c>',
        "OEBPS/book.opf": f"<package>{listed}{order}</package>",
        **{
            f"OEBPS/text/p {number}.xhtml": (
                '<?xml version="1.0"?><!DOCTYPE html><html><head><meta charset="utf-8"/></head>'
                f"<body>{page}</body></html>"
            )
            for number, page in enumerate(pages)
        },
    }
    if locks:
        parts["META-INF/encryption.xml"] = f'<e><CipherReference URI="{locks}"/></e>'
    return made.packed(parts, stored=True)
