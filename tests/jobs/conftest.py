"""The worker needs the whole application; the pages' fixtures make one."""

from tests.web.conftest import app, applications, browser_as, empty_index, settle

__all__ = ["app", "applications", "browser_as", "empty_index", "settle"]
