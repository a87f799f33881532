"""The pictures of an issue, read out of the storage when a format asks for them."""

from collections.abc import Iterator, Mapping

from resource_hub.catalogue.data import IssueData
from resource_hub.catalogue.formats import Pictures
from resource_hub.models import Issue
from storage import BlobMissing, Storage


class StoredThumbnails(Mapping[str, bytes]):
    """Thumbnails by their key, one at a time: those of 10,000 entries would be 200 MB."""

    def __init__(self, storage: Storage, keys: frozenset[str]) -> None:
        self._storage, self._keys = storage, keys

    def __getitem__(self, key: str) -> bytes:
        if key not in self._keys:
            raise KeyError(key)
        try:
            with self._storage.open(key) as stored:
                return stored.read()
        except BlobMissing as error:
            raise KeyError(key) from error

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)


def pictures_of(issue: Issue, data: IssueData, storage: Storage) -> Pictures:
    """The thumbnails of an edition, and the cover if the editor chose one; else it is drawn."""
    keys = frozenset(entry.thumbnail for entry in data.all_entries if entry.thumbnail)
    cover = StoredThumbnails(storage, frozenset(filter(None, [issue.cover_key])))
    return Pictures(StoredThumbnails(storage, keys), cover.get(issue.cover_key or ""))
