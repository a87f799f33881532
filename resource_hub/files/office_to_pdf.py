"""Office files as PDF by LibreOffice, where it is installed: their own layout, not our guess."""

import json
import logging
import shutil
from enum import StrEnum
from pathlib import Path
from xml.sax.saxutils import escape

import pylopdf_fonts_zh_cn

from resource_hub.files.bounded import run_bounded
from resource_hub.files.confinement import locks_files
from resource_hub.files.guard import MIB, Unreadable
from resource_hub.files.types import TYPES, Family

_log = logging.getLogger(__name__)

_NAMES = ("soffice", "libreoffice")
_SECONDS = 60.0
_MEMORY = 1_536 * MIB  # address space; real lessons of 40 slides took 0.6 GB of it
_DISK = 500 * MIB
_FILTERS = {
    Family.DOCUMENT: "writer_pdf_Export",
    Family.SLIDES: "impress_pdf_Export",
    Family.SHEET: "calc_pdf_Export",
}
# Kingsoft's own names for what are files of Word, Excel and PowerPoint.
_ENDINGS = {"wps": "doc", "et": "xls", "dps": "ppt", "works": "wps"}
_NOT_OFFICE = {"epub", "mht", "ofd", "office", "doc-xml", "xls-xml"}
# Nothing of the author's runs, and nothing outside the file is read: neither a page of the network
# nor another file of this machine, which would then be seen in the preview. LibreOffice 7.4 obeys
# this for texts, not for the pictures of slides, lists and drawings: so the kernel sees to it too.
_SETTINGS = (
    ("Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Common/Misc", "FirstRun", "false"),
    ("Writer/Content/Update", "Link", "2"),
    ("Calc/Content/Update", "Link", "1"),
)
_SERIF = (
    "SimSun", "宋体", "NSimSun", "新宋体", "FangSong", "仿宋", "FangSong_GB2312", "仿宋_GB2312",
    "KaiTi", "楷体", "KaiTi_GB2312", "楷体_GB2312", "STSong", "华文宋体", "STFangsong", "STKaiti",
    "华文楷体", "PMingLiU", "新細明體", "MingLiU", "細明體", "DFKai-SB", "標楷體",
)  # fmt: skip
_SANS = (
    "SimHei", "黑体", "Microsoft YaHei", "微软雅黑", "DengXian", "等线", "STHeiti", "STXihei",
    "华文细黑", "Microsoft JhengHei", "微軟正黑體", "PingFang SC", "PingFang TC", "幼圆", "YouYuan",
    "隶书", "LiSu", "Calibri", "Calibri Light", "Aptos", "Aptos Display",
)  # fmt: skip


class OfficeState(StrEnum):
    """Whether pages of office files are as LibreOffice draws them, on this machine."""

    DRAWS = "draws"
    MISSING = "missing"
    NOT_LOCKED = "not_locked"
    """It is installed, and not asked: the kernel cannot keep it from other files."""


def office_state() -> OfficeState:
    if find_office() is None:
        return OfficeState.MISSING
    return OfficeState.DRAWS if locks_files() else OfficeState.NOT_LOCKED


def find_office() -> str | None:
    """The path of LibreOffice's program, or None where it is not installed."""
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


def is_office(code: str) -> bool:
    """Whether LibreOffice reads files of this type."""
    return TYPES[code].family in _FILTERS and code not in _NOT_OFFICE


def to_pdf(source: Path, code: str, folder: Path, *, last_page: int) -> Path | None:
    """Have LibreOffice turn an office file into a PDF.

    Args:
        source: The bytes, under any name.
        code: What it is, as in ``TYPES``.
        folder: An empty folder of its own, see ``bounded.scratch``.
        last_page: Pages after it are left out.

    Returns:
        The PDF, inside ``folder``; None where LibreOffice is missing, or cannot, or takes too long,
        or where the kernel cannot keep it from the other files of this machine.
    """
    program = find_office()
    if program is None or not is_office(code) or office_state() is not OfficeState.DRAWS:
        return None
    profile = folder / "profile"
    copy = folder / f"source.{_ENDINGS.get(code, code)}"
    copy.symlink_to(source.absolute())
    _prepare(profile, folder / "fonts.conf", folder / "fonts")
    command = [
        program,
        f"-env:UserInstallation={profile.as_uri()}",
        "--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck",
        "--convert-to", f"pdf:{_FILTERS[TYPES[code].family]}:{_options(last_page)}",
        "--outdir", str(folder),
        str(copy),
    ]  # fmt: skip
    environment = {"FONTCONFIG_FILE": str(folder / "fonts.conf"), "SAL_USE_VCLPLUGIN": "svp"}
    try:
        ran = run_bounded(
            command,
            seconds=_SECONDS,
            memory=_MEMORY,
            folder=folder,
            # Where it is installed in a place of its own, such as /opt, it reads itself there.
            readable=[source, _fonts_of_ours(), Path(program).resolve().parents[1]],
            folder_bytes=_DISK,
            environment=environment,
        )
    except (Unreadable, FileNotFoundError) as error:
        _log.warning("LibreOffice did not finish with a %s: %s", code, error)
        return None
    made = copy.with_suffix(".pdf")
    # It ends with 0 also when it failed.
    if not made.is_file():
        _log.warning("LibreOffice made nothing of a %s (%d): %s", code, ran.code, ran.said[-500:])
        return None
    return made


def _fonts_of_ours() -> Path:
    return Path(pylopdf_fonts_zh_cn.sans_path()).parent


def _options(last_page: int) -> str:
    said = {
        "PageRange": ("string", f"1-{last_page}"),
        "ExportHiddenSlides": ("boolean", "true"),  # a slide keeps the number that the text gives
        "ReduceImageResolution": ("boolean", "true"),
        "MaxImageResolution": ("long", "150"),
        "ExportBookmarks": ("boolean", "false"),
        "UseTaggedPDF": ("boolean", "false"),
    }
    return json.dumps(
        {name: {"type": kind, "value": value} for name, (kind, value) in said.items()}
    )


def _prepare(profile: Path, fonts: Path, cache: Path) -> None:
    """Write the settings and the list of fonts."""
    items = "".join(
        f'<item oor:path="/org.openoffice.Office.{path}">'
        f'<prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry">' + items + "</oor:items>",
        encoding="utf-8",
    )
    aliases = "".join(_alias(name, "Noto Serif SC") for name in _SERIF)
    aliases += "".join(_alias(name, "Noto Sans SC") for name in _SANS)
    # Of a variable font LibreOffice writes blanks into the PDF.
    fonts.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<dir>{escape(str(_fonts_of_ours()))}</dir><dir>/usr/share/fonts</dir><dir>/usr/local/share/fonts</dir>"
        f"<cachedir>{escape(str(cache))}</cachedir>"
        '<selectfont><rejectfont><pattern><patelt name="variable"><bool>true</bool></patelt>'
        f"</pattern></rejectfont></selectfont>{aliases}"
        "</fontconfig>",
        encoding="utf-8",
    )


def _alias(family: str, ours: str) -> str:
    return (
        f'<alias binding="same"><family>{escape(family)}</family>'
        f"<accept><family>{ours}</family></accept></alias>"
    )
