"""Requests to an OpenSearch cluster: on another host when one fails, till the time is up."""

import time
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from opensearchpy import OpenSearch
from opensearchpy.exceptions import OpenSearchException, SSLError, TransportError
from urllib3 import Timeout

from search_index.base import IndexBusy, IndexUnavailable
from search_index.opensearch_address import Address

Answer = dict[str, Any]  # Any: what a cluster answers is JSON of many shapes

CONNECT_SECONDS = 1.0
"""After which a host that does not even answer the telephone is given up for the next one."""

NO_OPTIONS: Mapping[str, str | int] = MappingProxyType({})

_REST = 10.0  # seconds in which a host that failed is not asked while others answer
_SHARE = 0.6  # of the time that is left, for one of several hosts
_DOWN = 5.0  # seconds in which requests are brief after one found no host at all
_PAUSE = 0.05  # seconds between two tries
_CONNECTIONS = 32  # kept open to each host
_NOT_FOUND, _BUSY = 404, 429
_PASSING = frozenset({_BUSY, 500, 502, 503, 504})  # 500: a node died with half of the answer
_REFUSED = frozenset({401, 403})


class IndexMissing(IndexUnavailable):
    """What was asked for is not there; or not any more, if a swap came between."""


class Cluster:
    """The hosts of one cluster; any number of threads may ask."""

    def __init__(self, address: Address) -> None:
        self._down_until = 0.0
        self._several = len(address.hosts) > 1
        account = address.user, address.password
        scheme = "https" if address.encrypted else "http"
        self._client = OpenSearch(
            [f"{scheme}://{host}" for host in address.hosts],
            http_auth=tuple(map(_sent_as_utf8, account)) if address.user else None,
            ca_certs=address.authority,
            max_retries=0,  # ``ask`` tries again itself, for it knows how much time is left
            retry_on_timeout=True,  # so that a host that hangs is left alone for a while too
            dead_timeout=_REST,
            pool_maxsize=_CONNECTIONS,
        )

    def ask(
        self,
        method: str,
        path: Sequence[str],
        *,
        deadline: float,
        body: object = None,
        ignore: Sequence[int] = (),
        writing: bool = False,
        options: Mapping[str, str | int] = NO_OPTIONS,
    ) -> Answer:
        """Send one request and give the answer; ``deadline`` is a moment of ``time.monotonic``.

        ``path`` is quoted part by part; statuses to ``ignore`` are answers too. What is asked may
        reach the cluster twice. Raises ``IndexUnavailable``, after the deadline at the latest; if
        it was ``writing`` to a cluster with too much to do, ``IndexBusy``.
        """
        url = "/" + "/".join(quote(part, safe=",*") for part in path)
        params = {**options, "ignore": tuple(ignore)}
        again_until = deadline
        if time.monotonic() < self._down_until:  # nobody need wait for what others waited for
            again_until = min(deadline, time.monotonic() + CONNECT_SECONDS)
        while True:
            try:
                # A machine that lost its power says nothing at all: leave time to ask another.
                share = _SHARE if self._several and not writing else 1.0
                answer = self._try(method, url, body, params, deadline, share)
            except TransportError as error:
                if not _may_pass(error) or time.monotonic() + _PAUSE >= again_until:
                    if error.status_code == "N/A":
                        self._down_until = time.monotonic() + _DOWN
                    raise _ours(error, writing=writing) from error
                time.sleep(_PAUSE)  # a cluster tells nobody when it is well again
            except OpenSearchException as error:
                raise _ours(error, writing=writing) from error
            else:
                self._down_until = 0.0
                return answer

    def close(self) -> None:
        self._client.close()

    def _try(
        self,
        method: str,
        url: str,
        body: object,
        options: Mapping[str, object],
        deadline: float,
        share: float,
    ) -> Answer:
        left = max((deadline - time.monotonic()) * share, _PAUSE)
        limit = Timeout(connect=min(CONNECT_SECONDS, left), read=left)
        answer = self._client.transport.perform_request(
            method, url, params={**options, "request_timeout": limit}, body=body
        )
        return answer if isinstance(answer, dict) else {}


def _sent_as_utf8(text: str) -> str:
    """Give what becomes the UTF-8 of ``text`` when the client writes it as Latin-1."""
    return text.encode().decode("latin-1")


def _may_pass(error: TransportError) -> bool:
    """Say if another host, or the same one in a moment, may know better."""
    if isinstance(error, SSLError):
        return False
    return error.status_code in _PASSING or error.status_code in {"N/A", "TIMEOUT"}


def _ours(error: OpenSearchException, *, writing: bool) -> IndexBusy | IndexUnavailable:
    status = error.status_code if isinstance(error, TransportError) else None
    if status == _NOT_FOUND:
        return IndexMissing("The search index is missing and must be rebuilt.")
    if status == _BUSY and writing:
        return IndexBusy("The search cluster has too much to do. Try again in a moment.")
    if isinstance(error, SSLError):
        return IndexUnavailable("The search cluster has no certificate that the hub trusts.")
    if status in _REFUSED:
        return IndexUnavailable("The search cluster does not let the hub in.")
    if status in _PASSING or status in {"N/A", "TIMEOUT"}:
        return IndexUnavailable("The search cluster does not answer.")
    return IndexUnavailable(f"The search cluster refuses a request: {error}")
