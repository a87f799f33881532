"""Publishes what waits for review, one after another, with the worker beside it, until killed.

Run as ``python -m tests.crash.publisher FOLDER``; prints ``published ID`` after each commit.
"""

import sys
import threading
from pathlib import Path

from sqlalchemy import select

from config import Settings
from resource_hub.app import create_app
from resource_hub.domain.review import Action, State
from resource_hub.edge.current import reading, writing
from resource_hub.jobs.worker import Worker
from resource_hub.models import Resource, Revision, User
from resource_hub.services.persons import load_person
from resource_hub.services.review import take_step


def main(folder: Path) -> None:
    app = create_app(Settings(data=folder).with_defaults())
    worker = Worker(app)
    threading.Thread(target=worker.run, daemon=True).start()
    with app.app_context():
        reviewer_id = reading().scalar(select(User.id).where(User.name == "审核员"))
        reviewer = load_person(reading(), reviewer_id or 0)
        assert reviewer is not None
        waiting = reading().scalars(
            select(Revision.id).where(Revision.state == State.IN_REVIEW).order_by(Revision.id)
        )
        for revision_id in waiting.all():
            with writing() as uow:
                revision = take_step(uow, reviewer, revision_id, Action.APPROVE)
                resource_id = uow.session.get_one(Resource, revision.resource_id).id
            sys.stdout.write(f"published {resource_id}\n")
            sys.stdout.flush()
    worker.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
