"""The key that signs cookies and links, made once for each hub."""

import os
import secrets
from pathlib import Path


def read_or_make_secret(path: Path) -> str:
    """The key in ``path``; made on first use, readable by its owner alone.

    Several processes may start at once: the first one to link its draft into place wins, and all
    read what is there afterwards.
    """
    if not path.exists():
        draft = path.with_name(f".{path.name}-{os.getpid()}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as target:
            target.write(secrets.token_urlsafe(48))
            target.flush()
            os.fsync(target.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass  # another process was faster; its key is as good
        finally:
            draft.unlink()
    return path.read_text("utf-8").strip()
