"""The worker needs the whole application; the pages' fixtures make one."""

from tests.web.conftest import app, empty_index, settle

__all__ = ["app", "empty_index", "settle"]
