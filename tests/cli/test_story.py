"""The demo's story on other days, and broken off; small files stand in for the real ones."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from resource_hub.catalogue.labels import Labels
from resource_hub.cli.story import Files, Story
from resource_hub.demo.load import load
from resource_hub.domain.errors import WrongState
from resource_hub.models import Issue
from resource_hub.services import uploading
from resource_hub.services.queries.status import is_empty
from storage import LocalStorage
from tests.conftest import SHANGHAI
from tests.given import LIMITS, PASSWORD_HASH

DEMO = load()
NEW_YEAR = datetime(2026, 12, 31, 16, 1, tzinfo=UTC)
"""One minute past midnight in Shanghai."""


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """A few bytes in place of each file."""
    storage = LocalStorage(tmp_path / "blobs")
    return {
        (resource.key, spec): uploading.keep(
            storage, io.BytesIO(f"{resource.key} {spec.name}".encode()), spec.name
        )
        for resource in DEMO.resources
        for revision in resource.revisions
        for spec in revision.files
    }


def story(files: Files, now: datetime) -> Story:
    return Story(
        DEMO,
        files,
        password_hash=PASSWORD_HASH,
        limits=LIMITS,
        now=now,
        zone=SHANGHAI,
        labels=Labels(lambda code, _scheme: code, lambda words: words, "en"),
        secret="of the hub",
    )


def test_broken_off_it_leaves_an_empty_hub_and_can_be_told_again(
    engine: Engine, files: Files
) -> None:
    with Session(engine) as session:
        broken_off = story(files, NEW_YEAR).tell(session)
        for _scene in range(100):
            next(broken_off)
        broken_off.close()
        assert is_empty(session)

        whole = story(files, NEW_YEAR)
        assert list(whole.tell(session)) == list(range(1, len(whole) + 1))
        issues = session.execute(select(Issue.number, Issue.month, Issue.published_at))
        # On the first of a month the last issue is published at once, not tomorrow.
        assert [tuple(row) for row in issues] == [
            (1, "2026-11", datetime(2026, 12, 2, 1, 10, tzinfo=UTC)),
            (2, "2026-12", NEW_YEAR),
        ]

        with pytest.raises(WrongState, match="not empty"):
            next(story(files, NEW_YEAR).tell(session))
