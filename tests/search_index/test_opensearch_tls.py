"""A cluster behind TLS and a password: who may be talked to, and what is sent."""

import ipaddress
import ssl
import threading
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from search_index.base import IndexUnavailable
from search_index.opensearch_address import address_from_url
from search_index.opensearch_engine import OpenSearchEngine
from tests.search_index.documents import VOCABULARY

ALLOWED = "Basic " + b64encode("图书馆:p@ss".encode()).decode()


class Doorkeeper(BaseHTTPRequestHandler):
    """Says that there is no index, to whoever knows the password."""

    def do_GET(self) -> None:  # the name that http.server asks for
        known = self.headers.get("Authorization") == ALLOWED
        self.send_response(200 if known else 401)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the parent's name
        """Keep quiet."""


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for 127.0.0.1 that vouches for itself, and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "search")])
    now = datetime.now(UTC)
    written = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "ca.pem"
    path.write_bytes(
        written.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


@pytest.fixture
def host(certificate: Path) -> Iterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with HTTPServer(("127.0.0.1", 0), Doorkeeper) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def answer(url: str) -> str:
    engine = OpenSearchEngine(replace(address_from_url(url), seconds=2), vocabulary=VOCABULARY)
    try:
        engine._generations.standing()
    except IndexUnavailable as error:
        return str(error)
    finally:
        engine.close()
    return "let in"


def test_who_knows_the_password_is_let_in_by_a_host_that_can_be_trusted(
    host: str, certificate: Path
) -> None:
    account = "%E5%9B%BE%E4%B9%A6%E9%A6%86:p%40ss"
    assert answer(f"opensearchs://{account}@{host}/hub?ca={certificate}") == "let in"


def test_a_wrong_password_is_told_from_a_cluster_that_is_down(host: str, certificate: Path) -> None:
    told = answer(f"opensearchs://hub:wrong@{host}/hub?ca={certificate}")
    assert told == "The search cluster does not let the hub in."


def test_nothing_is_sent_to_a_host_that_nobody_vouches_for(host: str) -> None:
    told = answer(f"opensearchs://hub:hush@{host}/hub")
    assert told == "The search cluster has no certificate that the hub trusts."
