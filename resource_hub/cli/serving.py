"""Run the hub: the web with the worker beside it, or a worker alone."""

import gc
import ipaddress
import os
import signal
import threading
from collections.abc import Callable
from dataclasses import replace

import click
from flask import Flask, current_app

from resource_hub.cli.console import HubCommand
from resource_hub.cli.index_keeper import IndexKeeper
from resource_hub.cli.setup import require_ready
from resource_hub.domain.errors import N_, NotAllowed
from resource_hub.edge.current import hub, reading
from resource_hub.edge.extensions import db
from resource_hub.edge.slow_lines import UploadPlaces
from resource_hub.services.queries.status import has_demo_accounts

PARENT_CHECK = 1.0
"""Seconds between two looks whether the web server, beside which a worker runs, is still there."""


@click.command(cls=HubCommand, epilog="Example: hub serve --host 0.0.0.0 --port 8080")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=8000,
    show_default=True,
    help="Port; 0 takes any free one.",
)
@click.option("--workers", type=click.IntRange(1, 64), help="Web processes.  [HUB_WEB_WORKERS]")
@click.option("--threads", type=click.IntRange(1, 512), help="Threads each.  [HUB_WEB_THREADS]")
@click.option("--no-worker", is_flag=True, help="Without the worker; run hub worker elsewhere.")
def serve(
    host: str, port: int, workers: int | None, threads: int | None, *, no_worker: bool
) -> None:
    """Run the web, with the worker beside it, until SIGTERM or Ctrl-C.

    A hub that still has demo accounts listens on this machine alone, unless HUB_ALLOW_DEMO=1.
    """
    run_web(host, port, workers=workers, threads=threads, with_worker=not no_worker)


def run_web(
    host: str,
    port: int,
    *,
    workers: int | None = None,
    threads: int | None = None,
    with_worker: bool = True,
) -> None:
    """Listen until told to stop; never returns otherwise.

    Raises:
        WrongState: the database lacks a migration.
        NotAllowed: demo accounts would be reachable from other machines.
    """
    from resource_hub.cli.server import Options, run  # noqa: PLC0415 - only this command needs gunicorn

    require_ready()
    settings = current_app.extensions["settings"]
    if not settings.allow_demo and not is_loopback(host) and has_demo_accounts(reading()):
        raise NotAllowed(
            N_(
                "This hub still has demo accounts, whose password everybody knows: it listens on"
                " 127.0.0.1 alone. Set HUB_ALLOW_DEMO=1 if you mean it."
            )
        )
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - Flask's own way to the application behind the proxy
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    if is_loopback(host) and port and settings.public_url == type(settings)().public_url:
        # Nobody said under which address people come: then it is this one, in links too.
        app.extensions["hub"] = replace(hub(), public_url=address)
        os.environ["HUB_PUBLIC_URL"] = address
    hub().search.prepare()  # here, so that all processes share what it loads
    gc.freeze()  # and none of them looks through it for garbage again and again
    reading().close()
    db.engine.dispose()  # no connection may be shared by the processes to come
    threads = threads or settings.web_threads
    app.extensions["upload_places"] = UploadPlaces(threads)
    run(
        app,
        Options(
            host=host,
            port=port,
            workers=workers or settings.web_workers,
            threads=threads,
            with_worker=with_worker,
            behind_proxy=settings.trusted_proxies > 0,
        ),
    )


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach ``host``."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


@click.command(cls=HubCommand, epilog="Example: hub worker")
@click.option("--beside", type=int, hidden=True, help="End when this process is not the parent.")
def worker(beside: int | None) -> None:
    """Do the background work: search index, looking into files, mail. Until SIGTERM or Ctrl-C."""
    require_ready()
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - Flask's own way to the application behind the proxy
    hub().search.prepare()  # now, so that the first publication is found as soon as the others
    hand = app.extensions["worker"]()
    stopping = threading.Event()

    def stop(*_signal: object) -> None:
        stopping.set()
        hand.stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    if beside is not None:
        threading.Thread(target=_stay_beside, args=(beside, stop), daemon=True).start()
    keeper = threading.Thread(target=IndexKeeper(app, stopping).run, name="index-keeper")
    keeper.start()
    reading().close()
    hand.run()
    keeper.join()


def _stay_beside(parent: int, stop: Callable[[], None]) -> None:
    """Stop when the parent has died without saying so."""
    while os.getppid() == parent:
        threading.Event().wait(PARENT_CHECK)
    stop()
