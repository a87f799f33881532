"""Set a folder with a manuscript and pictures: run as a program, so that its memory ends with it.

    python -m resource_hub.catalogue.print.setting FOLDER TEMPLATE

reads ``manuscript.json`` in the folder and writes ``volume.pdf`` beside it.
"""

import sys
from importlib import resources
from pathlib import Path

import pylopdf_fonts_zh_cn
import typst

MANUSCRIPT, VOLUME = "manuscript.json", "volume.pdf"
ISSUE = "issue.typ"

_VENDOR = Path(__file__).parents[2] / "static" / "vendor"
"""Noto Emoji lies here once set-up has reached the npm registry."""

_NOTO_CJK = ("/usr/share/fonts/opentype/noto", "/usr/share/fonts/noto-cjk")
"""Debian's and others' package of all of Noto's Chinese; ours by pip lacks rare characters."""


def _faces() -> list[str]:
    """Folders with fonts. typst takes from the later ones what the named faces do not have."""
    ours = Path(pylopdf_fonts_zh_cn.sans_path()).parent
    return [str(folder) for folder in (ours, _VENDOR, *map(Path, _NOTO_CJK)) if folder.is_dir()]


def set_pages(folder: Path, template: str) -> None:
    """Nothing outside the folder is read but the template and the fonts; the words stay literal."""
    source = resources.files(__package__).joinpath(template).read_bytes()
    typst.compile(  # type: ignore[type-var]  # its stubs want a root like the source
        source,
        root=str(folder),
        output=str(folder / VOLUME),
        font_paths=typst.Fonts(include_system_fonts=False, font_paths=_faces()),
        pdf_tags=False,
        timestamp=0,
    )


def main() -> int:
    try:
        set_pages(Path(sys.argv[1]), sys.argv[2])
    except typst.TypstError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
