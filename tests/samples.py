"""Where the real files lie that nobody here wrote; they are never part of the project."""

from pathlib import Path

import pytest

SAMPLES = Path(__file__).resolve().parents[2] / "shared" / "samples"

needs_samples = pytest.mark.skipif(
    not SAMPLES.is_dir(), reason="the folder ../shared/samples is not here"
)
