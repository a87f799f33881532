"""Every setting of the hub: typed, with its unit, all problems named at once."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

MIB = 1024 * 1024
GIB = 1024 * MIB
CLAMD = re.compile(r"tcp://[^/\s:]+:[0-9]{1,5}|tcp://\[[0-9a-fA-F:.]+\]:[0-9]{1,5}|unix:/.+")


UPLOADS_WAIT = 7
"""Days for which an upload is kept that has not been attached yet."""


class ConfigError(ValueError):
    """One or more settings are missing or malformed; the text names each."""


def setting(default: object, explanation: str) -> Any:  # Any: dataclasses.field does the same
    """Declare a setting; ``explanation`` goes to ``docs/reference/settings.md``, unit included."""
    return field(default=default, metadata={"explanation": explanation})


@dataclass(frozen=True, slots=True)
class Settings:
    """Typed, immutable settings. Sizes are in bytes, durations in seconds.

    An empty URL means the embedded default below ``data``: see :meth:`from_env`.
    """

    data: Path = setting(Path("var"), "Folder in which the embedded defaults live.")
    database_url: str = setting("", "SQLAlchemy URL; empty: SQLite in the data folder.")
    storage_url: str = setting("", "`file:///…` or `s3://…`; empty: `blobs` in the data folder.")
    downloads: str = setting(
        "",
        "Who sends files: `hub`; `nginx`, from the folder of the storage; `link`, S3 by a signed"
        " link; empty: a link on S3, the hub on a disk.",
    )
    search_url: str = setting(
        "",
        "`tantivy:///…`, `whoosh:///…` or `opensearch://host:9200/hub`; empty: tantivy in the data"
        " folder.",
    )
    secret_key: str = setting(
        "", "Signs cookies and links; empty: made once and kept in the data folder."
    )
    smtp_url: str = setting(
        "", "`smtp://user:password@host:587?from=hub@example.org`; empty: no mail is sent."
    )
    public_url: str = setting(
        "http://127.0.0.1:8000", "The address under which people reach the hub, without a path."
    )
    language: str = setting(
        "zh_Hans", "Language of strangers and commands: zh_Hans, zh_Hant or en."
    )
    timezone: str = setting("Asia/Shanghai", "IANA time zone in which days and months are counted.")
    https_only: bool = setting(False, "1 where the hub is reached by https: cookies then need it.")
    trusted_proxies: int = setting(0, "How many reverse proxies set X-Forwarded headers.")
    max_file: int = setting(2 * GIB, "Largest file, in bytes.")
    max_revision: int = setting(8 * GIB, "All files of one revision, in bytes.")
    max_files: int = setting(50, "Files of one revision.")
    max_unpublished: int = setting(20 * GIB, "A person's work that is not published, in bytes.")
    quota_person: int = setting(
        40 * GIB, "All files of a person's resources, in bytes; 0: without limit."
    )
    quota_school: int = setting(
        200 * GIB,
        "All files of a school's resources, in bytes, unless the administrator gave the school"
        " another figure; 0: without limit.",
    )
    second_storage_url: str = setting(
        "",
        "A second copy of the blobs, `file:///…` or `s3://…`, from which `hub verify --repair`"
        " fetches; empty: none.",
    )
    unused_days: int = setting(
        30,
        "Days after which bytes that nothing uses any more are removed, at least 8: an upload that"
        " has arrived may wait for a week.",
    )
    verify_rate: int = setting(
        50 * MIB, "How fast the nightly verification reads, in bytes a second; 0: without limit."
    )
    refuse_types: str = setting(
        "exe msi com scr pif bat cmd ps1 vbs lnk dll",
        "Endings of file names that are refused before a byte travels, with spaces between.",
    )
    accept_encrypted: bool = setting(
        True, "0: files that ask for a password are refused; 1: their author is told."
    )
    accept_damaged: bool = setting(
        True, "0: a draft with a damaged file cannot be submitted; 1: its author is told."
    )
    accept_macros: bool = setting(
        True, "0: files with macros are refused; 1: their author is told."
    )
    accept_misnamed: bool = setting(
        True, "0: files whose extension lies are refused; 1: their author is told."
    )
    file_seconds: int = setting(120, "Time to look into one file, in seconds.")
    file_memory: int = setting(1536 * MIB, "Memory to look into one file, in bytes.")
    clamd: str = setting(
        "",
        "Virus scanner, a ClamAV daemon: `tcp://host:3310` or `unix:/path/of/the/socket`;"
        " empty: none.",
    )
    ocr: bool = setting(
        True,
        "1: text in pictures of pages is recognised, where the extra `ocr` is installed; 0: never.",
    )
    robot_hosts: str = setting(
        "",
        "Where group robots may be beside DingTalk, WeCom and Feishu themselves: `host:port`, with"
        " spaces between.",
    )
    sign_in_days: int = setting(30, "A sign-in lasts this many days without use.")
    sign_in_failures: int = setting(
        10, "Failed sign-ins per account or address in 15 minutes before a pause."
    )
    web_workers: int = setting(2, "Web processes of `hub serve`.")
    web_threads: int = setting(
        64, "Threads of each web process; a quarter is kept for pages while files arrive."
    )
    allow_demo: bool = setting(False, "1 lets a hub with demo accounts listen beyond loopback.")

    @property
    def refused_endings(self) -> frozenset[str]:
        return frozenset(ending.lower().lstrip(".") for ending in self.refuse_types.split())

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "Settings":
        """Build settings from ``HUB_*`` variables, or ``HUB_*_FILE`` that name a file holding one.

        Raises:
            ConfigError: naming every unknown, unreadable or malformed variable.
        """
        problems: list[str] = []
        known = {f"HUB_{item.name.upper()}": item for item in fields(cls)}
        values: dict[str, Any] = {}  # Any: each setting has its own type
        for name in sorted(env):
            if not name.startswith("HUB_") or name.startswith("HUB_TEST_"):
                continue
            target = name if name in known else name.removesuffix("_FILE")
            if target not in known:
                problems.append(f"{name} is not a setting")
                continue
            try:
                text = env[name] if target == name else Path(env[name]).read_text("utf-8").strip()
                values[known[target].name] = PARSERS[known[target].type](text)
            except (OSError, ValueError) as error:
                problems.append(f"{name}: {error}")
        settings = cls(**values)
        problems += settings.problems()
        if problems:
            raise ConfigError("; ".join(problems))
        return settings.with_defaults()

    def problems(self) -> list[str]:
        """Name what is well-formed but cannot be used."""
        found = []
        if self.language not in {"zh_Hans", "zh_Hant", "en"}:
            found.append("HUB_LANGUAGE must be zh_Hans, zh_Hant or en")
        if self.downloads not in {"", "hub", "nginx", "link"}:
            found.append("HUB_DOWNLOADS must be hub, nginx, link or empty")
        try:
            ZoneInfo(self.timezone)
        except (KeyError, ValueError, OSError):
            found.append(f"HUB_TIMEZONE: there is no time zone {self.timezone!r}")
        if self.clamd and not CLAMD.fullmatch(self.clamd):
            found.append("HUB_CLAMD must be tcp://host:3310 or unix:/path/of/the/socket")
        at_least_one = (
            "max_file",
            "max_revision",
            "max_files",
            "file_seconds",
            "web_workers",
        )
        if self.unused_days <= UPLOADS_WAIT:
            found.append(f"HUB_UNUSED_DAYS must be at least {UPLOADS_WAIT + 1}")
        return found + [
            f"HUB_{name.upper()} must be at least 1"
            for name in at_least_one
            if getattr(self, name) < 1
        ]

    def with_defaults(self) -> "Settings":
        """Fill the empty URLs with the embedded defaults below ``data``."""
        data = self.data.absolute()
        filled = {item.name: getattr(self, item.name) for item in fields(self)}
        filled |= {
            "data": data,
            "database_url": self.database_url or f"sqlite:///{data / 'hub.db'}",
            "storage_url": self.storage_url or f"file://{data / 'blobs'}",
            "search_url": self.search_url or f"tantivy://{data / 'index'}",
            "public_url": self.public_url.rstrip("/"),
        }
        return Settings(**filled)


def _switch(text: str) -> bool:
    words = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    if text.lower() not in words:
        raise ValueError(f"{text!r} is neither 1 nor 0")
    return words[text.lower()]


PARSERS: dict[Any, Callable[[str], object]] = {str: str, int: int, bool: _switch, Path: Path}


def read_env(folder: Path | None = None) -> dict[str, str]:
    """The environment over the ``.env`` file of ``folder`` (default: where the hub was started)."""
    path = (folder or Path.cwd()) / ".env"
    written: dict[str, str] = {}
    if path.is_file():
        for line in path.read_text("utf-8").splitlines():
            name, equals, value = line.strip().partition("=")
            if equals and not name.startswith("#"):
                written[name.strip()] = value.strip().strip("\"'")
    return written | dict(os.environ)
