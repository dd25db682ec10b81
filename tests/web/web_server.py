"""A real HTTP server on loopback that answers by a script, and everything a client needs to meet it without waiting."""

from __future__ import annotations

import json
import logging
import socket
import struct
import threading
import traceback
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cs_audit.sources.web.auth import bearer
from cs_audit.sources.web.client import Client
from cs_audit.sources.web.reference import SecretReference
from cs_audit.sources.web.retries import Outside, Patience
from cs_audit.sources.web.secret import Secret
from cs_audit.sources.web.site import Site

TOKEN = "marked-token-Zq7Zq7Zq7"  # noqa: S105 - a made-up one, to be looked for
SILENCE = 0.1
"""Seconds after which a silent server is given up in these tests; only those that need it use it."""


@dataclass(frozen=True)
class Step:
    """One scripted answer. `fault` does what no proper server would."""

    status: int = 200
    body: bytes = b'{"ok": true}'
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),)
    fault: str = ""
    length: int | None = None


def silence(step, brief=SILENCE):
    """How long to wait for an answer to this step: briefly if none will come."""
    return brief if isinstance(step, Step) and step.fault == "silent" else 20.0


def good(value=None, **headers):
    named = tuple((key.replace("_", "-"), text) for key, text in headers.items())
    return Step(
        200,
        json.dumps({"ok": True} if value is None else value).encode(),
        (("Content-Type", "application/json"), *named),
    )


def bad(status, body=b"", **headers):
    return Step(status, body, tuple((key.replace("_", "-"), text) for key, text in headers.items()))


@dataclass
class Seen:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, steps):
        super().__init__(("127.0.0.1", 0), Handler)
        self.steps, self.seen, self.lock = list(steps), [], threading.Lock()
        self.released = threading.Event()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def next_step(self, seen):
        with self.lock:
            self.seen.append(seen)
            if callable(self.steps[0]):
                return self.steps[0](seen)
            return self.steps.pop(0) if len(self.steps) > 1 else self.steps[0]

    def handle_error(self, request, client_address):
        """Clients that break off are what these tests are about."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else each answer waits for the acknowledgement of its head

    def log_message(self, *args):
        pass

    def _answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        step = self.server.next_step(Seen(self.command, self.path, dict(self.headers.items()), body))
        if step.fault == "silent":
            self.server.released.wait(5)
            self.close_connection = True
            return
        if step.fault == "closed":
            self.close_connection = True
            return
        if step.fault == "reset":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
            self.wfile.flush()
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            self.connection.close()
            return
        self.send_response_only(step.status)
        for name, text in step.headers:
            self.send_header(name, text)
        self.send_header("Content-Length", str(len(step.body) if step.length is None else step.length))
        self.end_headers()
        self.wfile.write(step.body)
        if step.length is not None:
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _answer  # noqa: N815 - the names http.server calls


@contextmanager
def serving(*steps):
    server = Server(steps)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class Time:
    """A clock that only sleep moves. `share` is what chance gives."""

    now: float = 1_800_000_000.0
    share: float = 1.0
    waits: list[float] = field(default_factory=list)

    def sleep(self, seconds):
        self.waits.append(round(seconds, 6))
        self.now += seconds

    def outside(self):
        return Outside(now=lambda: self.now, steady=lambda: self.now, sleep=self.sleep, random=lambda: self.share)


def a_secret(tmp_path, value=TOKEN):
    place = tmp_path / "token"
    place.write_text(value + "\n", "utf-8")
    return Secret(SecretReference(file=str(place)), where="sources.desk.token")


@contextmanager
def reading(server, credentials=None, *, time=None, patience=None, told=None, **site):
    url = site.pop("url", server.url if server else "")
    place = Site("desk", url, **{"read_seconds": 20.0, **site})
    more = {"told": told} if told else {}
    with Client(
        place, credentials, outside=(time or Time()).outside(), patience=patience or Patience(), **more
    ) as client:
        yield client


def reading_with_token(server, tmp_path, **more):
    return reading(server, bearer(a_secret(tmp_path)), **more)


def everything_about(error, caplog=None):
    """All text there is of an error and of the logs, with the variables of every frame below the test's own."""
    whole = traceback.TracebackException(type(error), error, error.__traceback__.tb_next, capture_locals=True)
    told = "".join(whole.format())
    assert "_answer" in told
    chain = [repr(error), str(error), repr(vars(error)), repr(getattr(error, "hint", ""))]
    logs = [record.getMessage() + repr(record.args) for record in caplog.records] if caplog else []
    return "\n".join([told, *chain, *logs])


def loud(caplog):
    for name in ("", "httpx", "httpcore", "httpcore.http11", "httpcore.connection", "cs_audit"):
        caplog.set_level(logging.DEBUG, logger=name)
