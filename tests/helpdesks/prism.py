"""Contract tests: a vendor's own specification judges every request a connector sends.

Prism (https://github.com/stoplightio/prism, Apache-2.0) serves the specification on loopback with `--errors`: a request
that breaks it gets 4xx. Parameters it does not know pass Prism silently, so `Contract.strangers` looks for them here.
Its answers are static examples: page 2 equals page 1, numbers are 0, texts are "string".

    with contract("chatwoot/chatwoot-application.json") as served:
        client = Client(site, credentials, transport=served)     # site.url: served.url
        ...
    assert not served.refused()
    assert not served.strangers()
"""

import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any
from urllib.parse import parse_qsl, unquote, urlsplit

import httpx
import pytest

VERSION = "5.16.0"
KEPT = "requests that keep to the vendor's own specification, as Prism judges them"
"""What is counted of these tests."""
SPECS = Path(__file__).parents[2].parent / "shared" / "specs"

_INSTALL_SECONDS = 300
_START_SECONDS = 60
_LISTENING = re.compile(r"listening on http://127\.0\.0\.1:([0-9]{1,5})")


@dataclass(frozen=True)
class Heard:
    """One request and what Prism said of it: the status, and why it was refused or what it complained of."""

    method: str
    path: str
    query: dict[str, str]
    status: int
    words: str


@dataclass
class Contract(httpx.BaseTransport):
    """A specification that is served, and every request that went there. A transport for the connector's client."""

    url: str
    spec: dict[str, Any]
    heard: list[Heard] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._way = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self._way.handle_request(request)
        body = b"".join(answer.iter_raw())
        answer.close()
        parts = urlsplit(str(request.url))
        words = answer.headers.get("sl-violations", "") or (body.decode() if answer.status_code >= 400 else "")
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        self.heard.append(Heard(request.method, unquote(parts.path), query, answer.status_code, words))
        return httpx.Response(answer.status_code, headers=answer.headers, stream=httpx.ByteStream(body))

    def close(self) -> None:
        """A client that is closed closes its transport; the next one may come."""
        self._way.close()
        self._way = httpx.HTTPTransport()

    def refused(self) -> list[Heard]:
        """The requests that break the specification, or were answered with a complaint."""
        return [each for each in self.heard if each.status >= 400 or each.words]

    def strangers(self, *known: str) -> set[str]:
        """Parameters that were sent and are not in the specification, as `path?name`, but for the `known` names."""
        found = set()
        for each in self.heard:
            path, declared = self._declared(each)
            found |= {f"{path}?{name}" for name in each.query if name not in declared and name not in known}
        return found

    def asked(self) -> set[str]:
        """The paths of the specification that were asked for."""
        return {self._declared(each)[0] for each in self.heard}

    def _declared(self, heard: Heard) -> tuple[str, set[str]]:
        """The path of the specification that a request belongs to (the plainest one), and its query parameters."""
        fitting = [path for path in self.spec["paths"] if _pattern(path).fullmatch(heard.path)]
        if not fitting:
            return heard.path, set()
        path = min(fitting, key=lambda each: each.count("{"))
        item = self.spec["paths"][path]
        listed = [*item.get("parameters", []), *item.get(heard.method.lower(), {}).get("parameters", [])]
        resolved = [self._resolved(each) for each in listed]
        return path, {each["name"] for each in resolved if each["in"] == "query"}

    def _resolved(self, value: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in value:
            target: Any = self.spec
            for key in value["$ref"].removeprefix("#/").split("/"):
                target = target[key.replace("~1", "/").replace("~0", "~")]
            value = target
        return value


def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"\{[^}]*\}", path)
    return re.compile("[^/]+".join(re.escape(part) for part in parts) + "/?")


@contextmanager
def contract(spec: str) -> Iterator[Contract]:
    """A specification (its path below the folder of specifications), served on loopback. Skips the test without it."""
    file = SPECS / spec
    if not file.is_file():
        pytest.skip("the vendors' specifications are not beside this checkout (folder shared/specs)")
    command = [installed(), "mock", "--host", "127.0.0.1", "--port", "0", "--errors", str(file)]
    with tempfile.TemporaryFile() as log:  # a pipe that nobody reads would stop it
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        try:
            served = Contract(f"http://127.0.0.1:{_port(process, log)}", json.loads(file.read_text("utf-8")))
            yield served
            served.close()
        finally:
            process.kill()
            process.wait()


def _port(process: "subprocess.Popen[bytes]", log: IO[bytes]) -> str:
    told = ""
    for _ in range(_START_SECONDS * 10):
        told = os.pread(log.fileno(), 100_000, 0).decode()
        if found := _LISTENING.search(told):
            return found[1]
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise AssertionError(f"Prism did not start:\n{told}")


def installed() -> str:
    """Prism's program, in a temporary folder of this user; put there once. Skips the test where that cannot be."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("Prism needs node and npm")
    home = Path(tempfile.gettempdir()) / f"cs-audit-prism-{VERSION}-{os.getuid()}"
    program = home / "node_modules" / ".bin" / "prism"
    if not program.exists():
        with tempfile.TemporaryDirectory(dir=home.parent) as folder:
            _install(npm, Path(folder))
            with suppress(OSError):  # another test was quicker
                (Path(folder) / "whole").rename(home)
    return str(program)


def _install(npm: str, folder: Path) -> None:
    """Without install scripts: one of them only reports home. In CI it must succeed; elsewhere there may be no network."""
    place = folder / "whole"
    place.mkdir(mode=0o700)
    quiet = ("--ignore-scripts", "--no-save", "--no-audit", "--no-fund", "--loglevel=error")
    done = subprocess.run(
        [npm, "install", f"--prefix={place}", *quiet, f"@stoplight/prism-cli@{VERSION}"],
        cwd=place,
        capture_output=True,
        text=True,
        timeout=_INSTALL_SECONDS,
        check=False,
    )
    if done.returncode:
        why = f"Prism could not be installed with npm: {done.stderr.strip()[-300:]}"
        pytest.fail(why) if os.environ.get("CI") == "true" else pytest.skip(why)
