"""Where an OpenSearch cluster answers, and how its index is to be laid out: one URL says it all.

Such as ``opensearch://host:9200,host2:9200/hub``, or over TLS, with a name and with options,
``opensearchs://hub:secret@search.example.org/hub?shards=6&replicas=1&ca=/etc/hub/search-ca.pem``.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

SCHEMES = ("opensearch", "opensearchs")
"""Plain and over TLS; without TLS only for a network that nobody else hears."""

_PORT = 9200
_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,99}")
_HOST = re.compile(r"\[[0-9A-Fa-f:.]+\]|[\w.-]+")
_NUMBERS = {"shards": (1, 1_000), "replicas": (0, 10), "seconds": (1, 30)}

SEARCH_SECONDS = 3
"""After which a search is given up, whatever the cluster does, unless the URL says otherwise."""


@dataclass(frozen=True, slots=True)
class Address:
    """``index`` is the alias that searches ask; ``replicas`` is None for as many as fit, 0 or 1.

    ``authority`` is a file of certificates; None means those that browsers trust. ``seconds`` are
    those after which a search is given up.
    """

    hosts: tuple[str, ...]
    index: str
    user: str = ""
    password: str = ""
    encrypted: bool = False
    authority: str | None = None
    shards: int = 1
    replicas: int | None = None
    seconds: float = SEARCH_SECONDS


def address_from_url(url: str) -> Address:
    """Read a URL as above; a port that is not given is 9200.

    Raises ``ValueError`` with a sentence that does not repeat a password.
    """
    parts = urlsplit(url)
    account, _, hosts = parts.netloc.rpartition("@")
    user, _, password = account.partition(":")
    index = unquote(parts.path.strip("/"))
    if not _NAME.fullmatch(index) or not all(map(_is_host, hosts.split(","))):
        raise ValueError(
            "A search URL names hosts and an index in small letters, "
            "as in opensearch://search1:9200,search2:9200/hub."
        )
    options = _options(parts)
    return Address(
        hosts=tuple(host if _has_port(host) else f"{host}:{_PORT}" for host in hosts.split(",")),
        index=index,
        user=unquote(user),
        password=unquote(password),
        encrypted=parts.scheme == SCHEMES[1],
        authority=options.get("ca"),
        shards=int(options.get("shards", 1)),
        replicas=int(options["replicas"]) if "replicas" in options else None,
        seconds=int(options.get("seconds", SEARCH_SECONDS)),
    )


def _options(parts: SplitResult) -> dict[str, str]:
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    unknown = sorted(options.keys() - {*_NUMBERS, "ca"})
    if unknown:
        raise ValueError(f"A search URL has no option {', '.join(unknown)}.")
    for name, (least, most) in _NUMBERS.items():
        value = options.get(name, str(least))
        if not value.isdecimal() or not least <= int(value) <= most:
            raise ValueError(f"A search URL has {name} from {least} to {most}.")
    if "ca" in options and not Path(options["ca"]).is_absolute():
        raise ValueError("A search URL names the file of its ca with an absolute path.")
    return options


def _is_host(host: str) -> bool:
    name, _, port = host.rpartition(":") if _has_port(host) else (host, "", "1")
    return bool(_HOST.fullmatch(name)) and port.isdecimal() and 0 < int(port) < 1 << 16


def _has_port(host: str) -> bool:
    return ":" in host.rpartition("]")[2]
