"""Submissions as the page of the pack writes them, and as somebody might who means harm."""

import hashlib
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

RESOURCE = {
    "title": "认识角",
    "kind": "lesson_plan",
    "stage": "primary",
    "subject": "math",
    "grades": ["g2"],
    "summary": "用三角尺认识角。",
    "text": "",
    "keywords": "角，三角尺",
    "licence": "cc-by-4.0",
    "audience": "school",
}


def manifest(files: Mapping[str, bytes], /, **changes: Any) -> dict[str, Any]:  # Any: any field
    return {
        "format": 1,
        "what": "resource-hub submission",
        "id": "0123456789abcdef" * 2,
        "made_at": "2026-10-12T04:00:00.000Z",
        "school": "村小",
        "author": {"name": "王敏", "email": "Wang@Example.org"},
        "rights_declared": True,
        "resource": RESOURCE,
        "files": [
            {
                "name": path.rpartition("/")[2],
                "path": path,
                "size": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
            }
            for path, content in files.items()
        ],
    } | changes


def write(
    path: Path,
    files: Mapping[str, bytes],
    *,
    said: Mapping[str, Any] | None = None,  # Any: whatever JSON can hold
    packed: int = zipfile.ZIP_STORED,
) -> Path:
    """A ZIP of ``files`` with the manifest that fits, or with ``said``."""
    with zipfile.ZipFile(path, "w", packed) as archive:
        text = json.dumps(said or manifest(files), ensure_ascii=False)
        archive.writestr("submission.json", text)
        for name, content in files.items():
            archive.writestr(name, content)
    return path
