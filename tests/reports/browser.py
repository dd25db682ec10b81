"""Headless Chromium, driven through its DevTools protocol over a pipe: one process for many pages.

    with opened(folder) as browser:
        page = browser.page("file:///…/report.html", width=320, dark=True)
        page.run("document.title")

The protocol (https://chromedevtools.github.io/devtools-protocol/) runs scripts whatever the page's own policy forbids.
"""

import base64
import itertools
import json
import os
import select
import shutil
import subprocess
import time
from contextlib import contextmanager

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
    "--no-first-run",
)
_SECONDS = 60

needs_chromium = pytest.mark.skipif(
    CHROMIUM is None and os.environ.get("CI") != "true", reason="there is no chromium on PATH"
)


class Browser:
    """Commands go down one pipe, answers and events come up another, each ended by a zero byte."""

    def __init__(self, down, up):
        self._down, self._up, self._rest = down, up, b""
        self._numbers = itertools.count(1)
        self.events = []

    def ask(self, method, session=None, **params):
        """The answer to one command; events that come meanwhile are kept."""
        number = next(self._numbers)
        asked = {"id": number, "method": method, "params": params, **({"sessionId": session} if session else {})}
        data = json.dumps(asked).encode() + b"\0"
        while data:
            data = data[os.write(self._down, data) :]
        while True:
            told = self._next(_SECONDS)
            if told.get("id") == number:
                assert "error" not in told, (method, told["error"])
                return told["result"]
            self.events.append(told)

    def wait(self, method, session):
        """The first event of this name, new or kept."""
        for place, told in enumerate(self.events):
            if (told["method"], told.get("sessionId")) == (method, session):
                return self.events.pop(place)["params"]
        while True:
            told = self._next(_SECONDS)
            if (told.get("method"), told.get("sessionId")) == (method, session):
                return told["params"]
            self.events.append(told)

    def _next(self, seconds):
        end = time.monotonic() + seconds
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._up], [], [], max(end - time.monotonic(), 0))
            assert ready, "Chromium says nothing"
            part = os.read(self._up, 1 << 20)
            assert part, "Chromium has ended"
            self._rest += part
        line, _, self._rest = self._rest.partition(b"\0")
        return json.loads(line)

    def page(self, url, width=1280, *, height=900, dark=False, paper=False, script=True):
        """A tab with this page, loaded."""
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        page = Page(self, target, self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"])
        for part in ("Page", "Runtime", "Network", "Log"):
            page.ask(f"{part}.enable")
        page.look(width, height=height, dark=dark, paper=paper)
        page.ask("Emulation.setScriptExecutionDisabled", value=not script)
        page.go(url)
        return page


class Page:
    """One tab."""

    def __init__(self, browser, target, session):
        self._browser, self._target, self.session = browser, target, session

    def ask(self, method, **params):
        return self._browser.ask(method, self.session, **params)

    def look(self, width, *, height=900, dark=False, paper=False):
        """Change the window and what the page is told of the reader's wishes."""
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.ask("Emulation.setEmulatedMedia", media="print" if paper else "screen", features=[scheme])

    def go(self, url):
        self.ask("Page.navigate", url=url)
        self._browser.wait("Page.loadEventFired", self.session)

    def run(self, script):
        """The value of an expression, awaited if it is a promise."""
        told = self.ask("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in told, told["exceptionDetails"]
        return told["result"].get("value")

    def click(self, x, y):
        for kind in ("mousePressed", "mouseReleased"):
            self.ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def seen(self, *methods):
        """The events of these names that came so far."""
        self.run("0")
        known = [each for each in self._browser.events if each.get("sessionId") == self.session]
        return [each["params"] for each in known if each["method"] in methods]

    def complaints(self):
        """What the page logged, and what it asked for beyond its own file."""
        logged = self.seen("Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown")
        asked = [each["request"]["url"] for each in self.seen("Network.requestWillBeSent")]
        return logged + asked[1:]

    def picture(self, path, *, whole=True):
        told = self.ask("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        path.write_bytes(base64.b64decode(told["data"]))

    def printed(self, path):
        told = self.ask("Page.printToPDF", printBackground=True, preferCSSPageSize=True)
        path.write_bytes(base64.b64decode(told["data"]))

    def close(self):
        self._browser.ask("Target.closeTarget", targetId=self._target)


@contextmanager
def opened(folder):
    """A browser whose profile lies in `folder`."""
    assert CHROMIUM, "CI needs chromium"
    down, up = os.pipe(), os.pipe()
    command = f'exec "$@" 3<&{down[0]} 4>&{up[1]}'  # where Chromium looks for the pipes
    process = subprocess.Popen(
        ["bash", "-c", command, "bash", CHROMIUM, *FLAGS, f"--user-data-dir={folder}/profile"],
        pass_fds=(down[0], up[1]), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(down[0])
    os.close(up[1])
    browser = Browser(down[1], up[0])
    try:
        yield browser
        browser.ask("Browser.close")
        process.wait(30)
    finally:
        process.kill()
        process.wait()
        os.close(down[1])
        os.close(up[0])
