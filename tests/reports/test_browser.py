"""The page in a real browser."""

import os
import re
import shutil
import subprocess
from html import escape

import pytest

from cs_audit import reports

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

if CHROMIUM is None and os.environ.get("CI") != "true":
    pytest.skip("there is no chromium on PATH", allow_module_level=True)


def chromium(tmp_path, *arguments):
    assert CHROMIUM, "CI needs chromium"
    common = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--hide-scrollbars",
        f"--user-data-dir={tmp_path / 'profile'}",
    ]
    done = subprocess.run([CHROMIUM, *common, *arguments], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done


@pytest.mark.parametrize("width", [1280, 320])
def test_the_page_opens_without_an_error_and_can_be_pictured(clocks, language, width, tmp_path):
    page, picture = tmp_path / "page.html", tmp_path / "page.png"
    page.write_text(reports.render(clocks, "html", language), "utf-8")
    done = chromium(
        tmp_path, "--enable-logging=stderr", f"--window-size={width},2000", f"--screenshot={picture}", page.as_uri()
    )
    assert not re.search(r"CONSOLE", done.stderr), done.stderr[-2000:]
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size > 10_000


A4 = 703
"""The width of the text on A4 with its margins (186 mm) in CSS pixels."""

MEASURE = """<script>onload = () => {
  const wide = document.documentElement.clientWidth;
  const past = [...document.querySelectorAll("body *")].filter(
    (each) => each.getBoundingClientRect().right > wide + 1 && !each.closest(".scroll") && !each.closest("svg"));
  parent.document.title = "measured " + wide + " past " + past.map((each) => each.outerHTML.slice(0, 80));
}</script></body>"""


def past_the_edge(page, width, tmp_path, measure=MEASURE):
    """What of an unfolded page reaches past the right edge of a window so wide, as the browser lays it out."""
    page = re.sub(r'<meta http-equiv="Content[^>]*>', "", page)
    page = page.replace("<details", "<details open").replace("</body>", measure)
    frame = tmp_path / "frame.html"
    frame.write_text(f'<iframe style="width:{width}px;border:0" srcdoc="{escape(page)}"></iframe>', "utf-8")
    told = chromium(tmp_path, "--virtual-time-budget=20000", "--dump-dom", frame.as_uri()).stdout
    found = re.search(r"<title>measured (\d+) past (.*?)</title>", told, re.DOTALL)
    assert found, told[:2000]
    assert int(found[1]) <= width
    return found[2]


@pytest.mark.parametrize("width", [320, 768])
@pytest.mark.parametrize("which", ["audit", "clocks"])
def test_nothing_but_scrolling_tables_reaches_past_the_edge(which, language, width, tmp_path, request):
    page = reports.render(request.getfixturevalue(which), "html", language)
    assert past_the_edge(page, width, tmp_path) == ""


@pytest.mark.parametrize("which", ["audit", "clocks"])
def test_on_paper_where_nothing_scrolls_no_table_reaches_past_the_edge(which, language, tmp_path, request):
    page = reports.render(request.getfixturevalue(which), "html", language)
    assert page.count("@media print") == 1
    printed = page.replace("@media print", "@media all")
    measure = MEASURE.replace('!each.closest(".scroll") && ', "")
    assert measure != MEASURE
    assert past_the_edge(printed, A4, tmp_path, measure) == ""


@pytest.mark.parametrize("width", [320, 768])
def test_quotes_however_long_stay_inside_the_page(said, width, tmp_path):
    for each in said["findings"]:
        for part in each["evidence"]:
            part.update({name: "x" * 300 for name in ("sentence", "ticket", "agent") if name in part})
            if "quotes" in part:
                part["quotes"] = ["y" * 300]
    assert past_the_edge(reports.render(said, "html"), width, tmp_path) == ""


def test_on_paper_quotes_and_tables_of_demand_stay_inside_too(said, tmp_path):
    printed = reports.render(said, "html").replace("@media print", "@media all")
    assert past_the_edge(printed, A4, tmp_path, MEASURE.replace('!each.closest(".scroll") && ', "")) == ""


def test_the_page_prints(audit, tmp_path):
    page, printed = tmp_path / "page.html", tmp_path / "page.pdf"
    page.write_text(reports.render(audit, "html", "ru"), "utf-8")
    chromium(tmp_path, "--no-pdf-header-footer", f"--print-to-pdf={printed}", page.as_uri())
    assert printed.read_bytes().startswith(b"%PDF")
