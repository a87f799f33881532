"""The worker needs the whole application; the pages' fixtures make one."""

from tests.web.conftest import app, settle

__all__ = ["app", "settle"]
