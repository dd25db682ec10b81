"""A real Request Tracker on loopback: started, loaded with known histories, pulled from, and stopped."""

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cs_audit.config.source_tables import HelpdeskSource
from cs_audit.sources.helpdesks import connector_of
from cs_audit.sources.helpdesks.connector import Event, Records
from cs_audit.sources.helpdesks.pulling import Run, pull
from cs_audit.sources.web.client import Client
from cs_audit.sources.web.progress import Traffic
from cs_audit.sources.web.secret import Secret
from cs_audit.store import open_store, read_store

HERE = Path(__file__).parent / "rt"
NAME = "desk"
FIXTURE: list[dict[str, Any]] = json.loads((HERE / "fixture.json").read_text("utf-8"))["tickets"]
IDS: dict[str, int] = json.loads((HERE / "ids.json").read_text("utf-8"))
AUDITOR = ("auditor", "secret-audit")
"""A user who may see tickets and comments of all queues, and change nothing."""
ROOT = ("root", "root-secret-1")
NOW = datetime(2024, 5, 28, 14, 0, tzinfo=UTC)
"""The second of the last event."""


@dataclass
class Server:
    """A server that is running; `environment` is what its scripts need."""

    url: str
    state: Path
    environment: Mapping[str, str]
    traffic: list[Traffic] = field(default_factory=list)

    def script(self, *words: str, seconds: float = 600) -> str:
        told = subprocess.run(
            [str(HERE / "rt.sh"), *words],
            env=dict(self.environment), capture_output=True, text=True, timeout=seconds, check=False,
        )  # fmt: skip
        if told.returncode:
            pytest.fail(f"rt.sh {words[0]} ended with {told.returncode}: {told.stdout[-2000:]} {told.stderr[-2000:]}")
        return told.stdout.strip()

    def config(self, user: str | None) -> HelpdeskSource:
        table = {"type": "rt", "url": self.url, "token": {"env": "DESK_TOKEN"}, "user": user}
        return HelpdeskSource.model_validate({key: value for key, value in table.items() if value})

    def pulled(self, path: Path, login: tuple[str | None, str] = AUDITOR, now: datetime = NOW) -> Run:
        """One run into the store at `path`, as a user with his password, or with a token."""
        declared, config = connector_of("rt"), self.config(login[0])
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("DESK_TOKEN", login[1])
            secret = Secret(config.token, where="sources.desk.token")
            site = declared.site(NAME, config)
            with Client(site, declared.credentials(config, secret)) as client, open_store(path, since=now) as store:
                run = pull(NAME, declared, config, client, store, now=now)
                self.traffic.append(client.traffic)
        return run


def wanted() -> str:
    """Why no server is started, or nothing: in CI and on demand one is."""
    if os.environ.get("CI") or (os.environ.get("CS_AUDIT_RT") and (installed() or os.geteuid() == 0)):
        return ""
    if os.environ.get("CS_AUDIT_RT"):
        return "Request Tracker is not installed (tests/servers/rt/rt.sh install, as root)"
    return "a real Request Tracker is started in CI, or with CS_AUDIT_RT=1"


def installed() -> bool:
    return shutil.which("rt-setup-database-5") is not None


@contextmanager
def running(state: Path) -> Iterator[Server]:
    """A server with the histories of the fixture."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    plain = {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")}
    path = f"{Path(sys.executable).parent}:{plain.get('PATH', '')}:/usr/sbin:/sbin"
    own = {"RT_TEST_BASE": str(state), "RT_TEST_PORT": str(port), "RT_FAKE": "1", "PATH": path}
    server = Server(f"http://127.0.0.1:{port}", state, {**plain, **own})
    if not installed():
        server.script("install")
    try:
        server.script("up", seconds=180)
        server.script("load")
        yield server
    finally:
        server.script("down", seconds=60)


def histories(path: Path, server: Server) -> dict[int, list[Event]]:
    """The events of each ticket that is there, in their order."""
    with read_store(path) as store:
        records: Records = {kind: {each.id: each.payload for each in store.records(NAME, kind)} for kind in store.kinds(NAME)}  # fmt: skip
        held = [each.bundle for each in store.bundles(NAME) if each.tombstone is None]
    normalise, config = connector_of("rt").normalise, server.config("auditor")
    return {int(each.ticket): list(normalise(each.payload, records, config)) for each in held}


def raw(path: Path) -> dict[int, Any]:
    """What was pulled of each ticket, as it was given."""
    with read_store(path) as store:
        return {int(each.bundle.ticket): each.bundle.payload for each in store.bundles(NAME)}
