"""The pages of a desk whose every text tries to act, in a real browser without the page's own policy to protect it."""

import csv
import io
import json
import os
import re
import shutil
import subprocess
from base64 import b64decode
from html.parser import HTMLParser

import hostile
import pytest

from cs_audit import reports
from cs_audit.explain.render import render
from cs_audit.reports import clean

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

if CHROMIUM is None and os.environ.get("CI") != "true":
    pytest.skip("there is no chromium on PATH", allow_module_level=True)

TEXTS = hostile.payloads()
BEFORE = """<script>
  const dialogs = []; for (const name of ["alert", "confirm", "prompt", "print"]) window[name] = (...a) => dialogs.push(name);
</script>"""
AFTER = """<script>onload = () => setTimeout(() => {
  const shapes = new Set();
  for (const each of document.querySelectorAll("*:not(script)")) {
    shapes.add(each.localName);
    for (const name of each.getAttributeNames()) shapes.add(each.localName + " " + name);
  }
  const links = [...document.querySelectorAll("[href],[src]")].map((e) => e.getAttribute("href") || e.getAttribute("src"));
  const requests = performance.getEntriesByType("resource").map((e) => e.name);
  const told = {dialogs, shapes: [...shapes], links, requests, text: document.body.textContent.replace(/\\s+/g, " ")};
  const bytes = new TextEncoder().encode(JSON.stringify(told));
  document.documentElement.innerHTML = "<pre>told " + Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("") + " end</pre>";
}, 300)</script></body>"""


OWN = ("label", "label class", "input", "input type", "output", "output class", "button", "button type")
"""What the page's script makes: a field to filter by, and heads to sort by."""
TABLE = "data:text/csv;base64,"
"""How a page carries its small table with it."""
SHARE = {"en": 1, "ru": 9}
"""Every how many of the texts are tried in a language; one sees all of them."""


def opened(page, folder):
    """What the browser makes of a page: see AFTER; with what it logs."""
    bare = re.sub(r'<meta http-equiv="Content[^>]*>', "", page)
    assert bare != page
    file = folder / "page.html"
    file.write_text(bare.replace("<head>", "<head>" + BEFORE).replace("</body>", AFTER), "utf-8")
    net = folder / "net.json"
    common = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'profile'}"]
    wanted = ["--enable-logging=stderr", f"--log-net-log={net}", "--virtual-time-budget=20000", "--dump-dom"]
    assert CHROMIUM, "CI needs chromium"
    done = subprocess.run([CHROMIUM, *common, *wanted, file.as_uri()], capture_output=True, timeout=180, check=False)
    found = re.search(rb"told ([0-9a-f]+) end", done.stdout)
    assert found, (done.stdout[-500:], done.stderr[-500:])
    return json.loads(bytes.fromhex(found[1].decode())), done.stderr.decode(), net.read_text("utf-8")


def shapes(page):
    """The elements and attributes a page is written with, or that its own script adds."""
    found = {"tbody", *OWN}
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attributes: found.update({tag}, {f"{tag} {name}" for name, _ in attributes})
    parser.feed(page)
    return found


def hold(page, benign, folder, texts):
    told, log, net = opened(page, folder)
    assert told["dialogs"] == []
    assert told["requests"] == []
    assert "CONSOLE" not in log
    assert "evil" not in net
    assert {each.lower() for each in told["shapes"]} <= shapes(benign)
    inside = ("#", TABLE)
    assert {each for each in told["links"] if not each.startswith(inside)} <= {clean.link(each) for each in TEXTS}
    for each in told["links"]:
        if each.startswith(TABLE):
            cells = [cell for row in csv.reader(io.StringIO(b64decode(each[len(TABLE) :]).decode())) for cell in row]
            assert not [cell for cell in cells if re.match(r"\s*[=+@＝＋－＠−]", cell)]
    shown = re.sub(r"\s+", " ", told["text"])
    missing = [each for each in texts if re.sub(r"\s+", " ", clean.line(each)).strip() not in shown]
    assert missing == []


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_report_of_a_hostile_desk_does_nothing_and_shows_every_text_as_it_is(desk, language, tmp_path):
    texts = hostile.some(TEXTS, SHARE[language])
    pages = [hostile.poisoned(desk, each) for each in (texts, hostile.harmless(len(texts)))]
    mine, theirs = (reports.render(each, "html", language) for each in pages)
    hold(mine, theirs, tmp_path, texts)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_explanation_of_a_hostile_ticket_does_nothing_and_shows_every_text_as_it_is(told, language, tmp_path):
    short = [text for text in TEXTS if len(text) <= 99]  # a message is quoted no longer
    texts = hostile.some(short, SHARE[language])
    mine, theirs = (render(explained(told, each), "html", language) for each in (texts, hostile.harmless(len(texts))))
    hold(mine, theirs, tmp_path, texts)


def explained(told, texts):
    """An explanation with one event for each text, and with every finding for each."""
    events = [{**hostile.filled({**event, "text": ""}, text)} for text in texts for event in told["events"][:1]]
    found = [hostile.filled(each, text) for text in texts for each in told["findings"]]
    return {**hostile.filled(told, texts[0]), "events": events + events, "findings": found}
