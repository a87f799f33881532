"""One URL says which engine is used and where its index lies."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from search_index.base import SearchEngine
from search_index.copies import CopyKind
from search_index.folder_engine import FolderEngine
from search_index.opensearch_address import SCHEMES, address_from_url
from search_index.tantivy_engine import TantivyKind
from search_index.vocabulary import Vocabulary
from search_index.whoosh_engine import WhooshKind

_KINDS: dict[str, type[CopyKind]] = {"tantivy": TantivyKind, "whoosh": WhooshKind}


def engine_from_url(url: str, *, vocabulary: Vocabulary) -> SearchEngine:
    """Give the engine that ``url`` names.

    That is ``tantivy:///absolute/folder``, ``whoosh:///…``, or ``opensearch://host:9200/name`` with
    what else ``opensearch_address`` explains.

    Nothing is opened or made before the first use. Raises ``ValueError`` naming what is wrong.
    """
    parts = urlsplit(url)
    if parts.scheme in SCHEMES:
        from search_index.opensearch_engine import (  # noqa: PLC0415 - its client takes 0.2 s to load
            OpenSearchEngine,
        )

        return OpenSearchEngine(address_from_url(url), vocabulary=vocabulary)
    kind = _KINDS.get(parts.scheme)
    if kind is None:
        names = (*_KINDS, SCHEMES[0])
        raise ValueError(f"A search URL begins with {' or '.join(f'{k}://' for k in names)}.")
    folder = Path(unquote(parts.path))
    if parts.netloc or not folder.is_absolute() or folder == Path("/"):
        raise ValueError(f"A search URL names a folder, as in {parts.scheme}:///var/lib/hub/index.")
    return FolderEngine(folder, kind(), vocabulary=vocabulary)
