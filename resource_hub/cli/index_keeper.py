"""Keep the search index sound while the worker runs: look at it, and build it anew when it is not.

People search by title meanwhile. An index that is kept elsewhere may merely not answer for a
moment, so that a second look has to agree before all of it is read again.
"""

import logging
import threading

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from resource_hub.cli.setup import build_anew
from resource_hub.edge.current import hub
from resource_hub.services.indexing import is_sound
from search_index import IndexBusy, SearchIndexError

log = logging.getLogger(__name__)

LOOK = 5.0
"""Seconds between two looks."""

LONGEST_PAUSE = 300.0
"""Seconds to the next look after many attempts that failed."""


class IndexKeeper:
    """Looks after the index of ``app`` until ``stopping`` is set."""

    def __init__(self, app: Flask, stopping: threading.Event, *, look: float = LOOK) -> None:
        self._app = app
        self._stopping = stopping
        self._look = look

    def run(self) -> None:
        """Look now, and again and again; after attempts that failed ever more rarely."""
        pause = self._look
        at_start = True
        while not self._stopping.is_set():
            with self._app.app_context():
                done = is_sound(hub().search) or (
                    (at_start or not self._sound_after_all()) and self._build()
                )
            at_start = False
            pause = self._look if done else min(pause * 2, LONGEST_PAUSE)
            self._stopping.wait(pause)

    def _sound_after_all(self) -> bool:
        self._stopping.wait(self._look)
        return self._stopping.is_set() or is_sound(hub().search)

    def _build(self) -> bool:
        """Build it anew; returns whether there is nothing more to do."""
        log.warning("The search index is not sound and is built anew; search knows titles only.")
        try:
            for _done in build_anew():
                if self._stopping.is_set():
                    return False
        except IndexBusy:
            return True  # another process builds it
        except (SearchIndexError, SQLAlchemyError) as error:
            log.warning("The search index was not built: %s", error)
            return False
        log.warning("The search index is complete again.")
        return True
