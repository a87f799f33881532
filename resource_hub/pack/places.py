"""Where in a pack each content lies; a content lies there once, whatever its names are."""

from resource_hub.pack.data import Before, PackFile, Stored
from resource_hub.pack.names import file_path, picture_path


class Places:
    """Gives every content its path; what is on the stick already keeps the one that it has."""

    def __init__(self, before: Before | None = None) -> None:
        self._paths: dict[str, str] = {}
        if before is not None:
            self._paths = {
                digest: path
                for path, (digest, _size) in before.sums.items()
                if path.startswith(("files/", "pictures/"))
            }
        self._there = frozenset(self._paths)

    def of_file(self, file: PackFile) -> str:
        """The path of what is opened: the film where one was made, else the file itself."""
        if file.film is None:
            return self._paths.setdefault(
                file.original.key, file_path(file.original.key, file.name)
            )
        stem = file.name.rpartition(".")[0] or file.name
        return self._paths.setdefault(
            file.film.key, file_path(file.film.key, f"{stem}.{file.film_ending}")
        )

    def of_picture(self, picture: Stored) -> str:
        return self._paths.setdefault(picture.key, picture_path(picture.key))

    def is_there(self, key: str) -> bool:
        """Whether the stick has it, so that a delta need not bring it."""
        return key in self._there
