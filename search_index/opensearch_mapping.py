"""How an entry lies in OpenSearch: terms split at spaces, codes as they are, a snapshot apart."""

import json
from typing import Any

from search_index.fields import CODES, DAY, TEXT_FIELDS, Entry
from search_index.opensearch_address import Address

SCHEMA = "opensearch-2"
"""Changes whenever old indexes can no longer be read."""

DEEPEST = 100_000
"""Hits that may be paged through; nobody looks at those beyond."""

_LONGEST_KEY = 2_000  # characters of a title that sort it, or that it is compared by as a whole

_TERMS = {"type": "text", "analyzer": "whitespace"}
_CODE = {"type": "keyword"}
_MATCHED = {"type": "keyword", "doc_values": False}
_SORTED = {"type": "keyword", "index": False}
_NUMBER = {"type": "long", "index": False}


def layout(address: Address, *, complete: bool, alias: str) -> dict[str, Any]:  # Any: JSON
    """Describe a new index that is to be known as ``alias``.

    Nothing is refreshed behind our back: what is written is seen when ``apply`` says so, both
    changes of a batch together. A deleted id may come back at once with the same sequence.
    """
    replicas = (
        {"auto_expand_replicas": "0-1"}
        if address.replicas is None
        else {"number_of_replicas": address.replicas}
    )
    return {
        "settings": {
            "index": {
                "number_of_shards": address.shards,
                "refresh_interval": "-1",
                "codec": "best_compression",
                "gc_deletes": "0s",
                "max_result_window": DEEPEST,
                "similarity": {"default": {"type": "BM25", "k1": 1.2, "b": 0.75}},
                **replicas,
            }
        },
        "mappings": {
            "_meta": {"schema": SCHEMA, "complete": complete},
            "_source": {"includes": ["snapshot"]},
            "dynamic": "strict",
            "properties": _properties(),
        },
        "aliases": {alias: {}},
    }


def _properties() -> dict[str, Any]:  # Any: JSON
    texts = (*(f"{name}_terms" for name in ("text", *TEXT_FIELDS)), "sound", "initials")
    return {
        **dict.fromkeys(texts, _TERMS),
        "words": {**_TERMS, "index_options": "freqs"},
        "title_characters": {**_TERMS, "index_options": "freqs"},
        "characters": {**_TERMS, "index_options": "docs", "norms": False},
        "whole": _MATCHED,
        "visible_to": _MATCHED,
        **dict.fromkeys(CODES, _CODE),
        "resource_id": {"type": "long"},
        "sequence": _NUMBER,
        DAY: {"type": "long"},
        "used": _NUMBER,
        "newest": _NUMBER,
        "by_title": _SORTED,
        "snapshot": {"type": "keyword", "index": False, "doc_values": False},
    }


def source_of(entry: Entry) -> str:
    """Write ``entry`` as the JSON of one line.

    Numbers beyond 2^53 are not safe in every JSON, so what sorts by time comes without the id that
    breaks ties; queries sort by that themselves.
    """
    return json.dumps(
        {
            "text_terms": entry.text,
            **{f"{name}_terms": terms for name, terms in entry.fields.items()},
            "words": entry.words,
            "title_characters": entry.title_characters,
            "characters": entry.characters,
            "sound": entry.sound,
            "initials": entry.initials,
            "whole": [title[:_LONGEST_KEY] for title in entry.whole],
            "visible_to": entry.visible_to,
            **entry.codes,
            "resource_id": entry.resource_id,
            "sequence": entry.sequence,
            DAY: entry.published,
            "used": entry.used,
            "newest": entry.newest >> 31,
            "by_title": entry.by_title[:_LONGEST_KEY],
            "snapshot": entry.snapshot.decode(),
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )
