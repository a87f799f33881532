"""The cookie of a sign-in: renewed by every page, by no piece of an upload.

A piece may be on its way for minutes. Its answer would bring back the cookie of its beginning, and
put out whoever has signed in at the same computer meanwhile.
"""

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin


class Cookie(SecureCookieSessionInterface):
    """As Flask's own, but for uploads."""

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        if request.blueprint == "tus":
            return session.modified
        return super().should_set_cookie(app, session)
