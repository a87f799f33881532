"""Background work: the worker that keeps what services promised."""

from flask import Flask

from resource_hub.jobs.handlers import HANDLERS, LANES
from resource_hub.jobs.worker import Worker

__all__ = ["HANDLERS", "LANES", "Worker", "register"]


def register(app: Flask) -> None:
    """Leave the worker's maker with the application, so that commands and tests can have one."""
    app.extensions["worker"] = lambda: Worker(app)
