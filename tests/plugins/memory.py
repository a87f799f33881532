"""Keeps what the tests write in memory where there is room: a disk waits for every commit.

No test pulls the plug of the machine, so none can tell the difference. A ``TMPDIR`` of one's own
counts more; processes that a test starts inherit what is chosen here.
"""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

MEMORY = Path("/dev/shm")  # noqa: S108 - Linux' file system in memory
LEAST = 4 << 30
"""Bytes that must be free; what passed leaves at once, so that a run needs far less."""


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    chosen = "TMPDIR" in os.environ or config.getoption("basetemp")
    if not chosen and roomy(MEMORY, LEAST):
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None  # it may have looked already


def roomy(folder: Path, least: int) -> bool:
    """Whether programs can be kept and started there (PostgreSQL's are) beside ``least`` bytes."""
    if not os.access(folder, os.W_OK | os.X_OK) or os.statvfs(folder).f_flag & os.ST_NOEXEC:
        return False
    return least <= min(shutil.disk_usage(folder).free, _free_memory())


def _free_memory() -> int:
    """Bytes, as Linux reckons them; elsewhere nothing."""
    try:
        lines = Path("/proc/meminfo").read_text("ascii").splitlines()
    except OSError:
        return 0
    kilobytes = next(line.split()[1] for line in lines if line.startswith("MemAvailable:"))
    return int(kilobytes) << 10
