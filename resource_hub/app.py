"""The composition root: the only module that knows settings, libraries and edges alike."""

from pathlib import Path

from flask import Flask
from sqlalchemy import Engine
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Settings
from resource_hub import jobs, web
from resource_hub.domain.file_policy import FilePolicy
from resource_hub.domain.quotas import Quotas
from resource_hub.domain.uploads import UploadLimits
from resource_hub.edge import context, figure_words, slow_lines
from resource_hub.edge.cookie import Cookie
from resource_hub.edge.current import Hub
from resource_hub.edge.errors import register_errors
from resource_hub.edge.extensions import babel, bootstrap, compress, csrf, db, login_manager
from resource_hub.edge.plain_request import PlainRequest
from resource_hub.edge.secret import read_or_make_secret
from resource_hub.edge.security_headers import add_security_headers
from resource_hub.edge.words import choose_locale
from resource_hub.files.scans import is_installed as recognition_is_installed
from resource_hub.models.database import engine_options, prepare
from resource_hub.services.vocabulary import search_vocabulary
from search_index import engine_from_url
from storage import storage_from_url

ROOT = Path(__file__).resolve().parent.parent


def create_app(settings: Settings) -> Flask:
    """Build the application from the settings; opens nothing on the network yet.

    ``settings`` must have its defaults filled: see ``Settings.from_env`` and ``with_defaults``.
    """
    settings.data.mkdir(parents=True, exist_ok=True)
    app = Flask(
        "resource_hub",
        root_path=str(ROOT / "resource_hub"),
        template_folder=str(ROOT / "templates"),
    )
    app.request_class = PlainRequest
    app.session_interface = Cookie()
    secret = settings.secret_key or read_or_make_secret(settings.data / "secret")
    app.config.update(
        SECRET_KEY=secret,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
        MAX_CONTENT_LENGTH=settings.max_file + 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=4 * 1024 * 1024,
        MAX_FORM_PARTS=2_000,
        BABEL_DEFAULT_LOCALE=settings.language,
        BABEL_DEFAULT_TIMEZONE=settings.timezone,
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "resource_hub" / "translations"),
        BOOTSTRAP_SERVE_LOCAL=True,
        COMPRESS_MIMETYPES=[
            "text/html", "text/css", "text/javascript", "image/svg+xml", "application/json",
            "text/csv",
        ],
        COMPRESS_ALGORITHM=["br", "gzip"],
        SESSION_COOKIE_NAME="hub",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.https_only,
        # Answers vary by the cookie: were it new each time, browsers could keep no picture.
        SESSION_REFRESH_EACH_REQUEST=False,
        SEND_FILE_MAX_AGE_DEFAULT=7 * 24 * 3600,
        WTF_CSRF_TIME_LIMIT=12 * 3600,
    )  # fmt: skip
    app.extensions["hub"] = Hub(
        storage=storage_from_url(settings.storage_url),
        search=engine_from_url(settings.search_url, vocabulary=search_vocabulary()),
        limits=UploadLimits(
            file=settings.max_file,
            revision=settings.max_revision,
            files=settings.max_files,
            unpublished=settings.max_unpublished,
            refused=settings.refused_endings,
            policy=FilePolicy(
                encrypted=settings.accept_encrypted,
                damaged=settings.accept_damaged,
                macros=settings.accept_macros,
                misnamed=settings.accept_misnamed,
                unscanned=not settings.clamd,
            ),
            quotas=Quotas(person=settings.quota_person, school=settings.quota_school),
        ),
        zone=settings.zone,
        language=settings.language,
        secret=secret,
        public_url=settings.public_url,
        smtp_url=settings.smtp_url,
        sign_in_days=settings.sign_in_days,
        sign_in_failures=settings.sign_in_failures,
        data=settings.data,
        file_seconds=settings.file_seconds,
        file_memory=settings.file_memory,
        second_storage=(
            storage_from_url(settings.second_storage_url) if settings.second_storage_url else None
        ),
        unused_days=settings.unused_days,
        verify_rate=settings.verify_rate,
        downloads=settings.downloads,
        clamd=settings.clamd,
        robot_hosts=frozenset(settings.robot_hosts.split()),
        ocr=settings.ocr and recognition_is_installed(),
    )
    app.extensions["settings"] = settings
    slow_lines.register(app, threads=settings.web_threads)  # before whoever reads a body
    for extension in (db, bootstrap, compress, csrf, login_manager):
        extension.init_app(app)
    babel.init_app(app, locale_selector=choose_locale)
    with app.app_context():
        prepare(db.engine)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # how Werkzeug middleware is added
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops, x_prefix=0
        )
    context.register(app)
    figure_words.register(app)
    register_errors(app)
    add_security_headers(app, https=settings.https_only)
    web.register(app)
    jobs.register(app)
    return app


def database_engine(app: Flask) -> Engine:
    """The application's engine, for commands that migrate or check it."""
    with app.app_context():
        return db.engine
