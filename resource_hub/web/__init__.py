"""The pages. A view translates, calls one service, and answers."""

from flask import Flask

from resource_hub.web import converters
from resource_hub.web.blueprints import BLUEPRINTS


def register(app: Flask) -> None:
    """Add every page to ``app``."""
    converters.register(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
