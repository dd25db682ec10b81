"""The page of two audits of the bundled desk, and its report beside a baseline, in a real browser."""

from functools import cache
from pathlib import Path

import axe
import browser
import pytest

from cs_audit import reports
from cs_audit.audit.session import run_audit
from cs_audit.cli.order import make_order
from cs_audit.compare import compare
from cs_audit.reports import comparison

pytestmark = browser.needs_chromium

QUICKSTART = Path(__file__).parents[2] / "examples" / "quickstart"
UNFOLD = "for (const each of document.querySelectorAll('details')) each.open = true;"


@cache
def pages(language):
    """The desk until mid-October, and then the whole of it by a shorter limit."""
    config = QUICKSTART / language / "cs-audit.toml"
    old = run_audit(make_order(None, config, until="2026-10-15", quiet=True))
    new = run_audit(make_order(None, config, quiet=True))
    old["method"]["policies"][1]["targets"]["first_reply"]["limit"] = "7200s"
    new["comparison"] = compare(old, new)
    return {"alone": comparison.render(new["comparison"], "html"), "beside": reports.render(new, "html")}


@pytest.fixture(scope="module")
def chromium(tmp_path_factory):
    with browser.opened(tmp_path_factory.mktemp("chromium")) as opened:
        yield opened


@pytest.fixture
def show(chromium, tmp_path):
    opened = []

    def shown(text, **more):
        (tmp_path / "page.html").write_text(text, "utf-8")
        opened.append(chromium.page((tmp_path / "page.html").as_uri(), **more))
        opened[-1].run(UNFOLD)
        return opened[-1]

    yield shown
    for each in opened:
        each.close()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_to_complain_of_in_a_comparison(language, dark, show):
    page = show(pages(language)["alone"], dark=dark)
    page.run(axe.source())
    told = page.run("axe.run().then((each) => each.violations.map((one) => [one.id, one.nodes[0].html]))")
    assert told == []
    assert page.complaints() == []


@pytest.mark.parametrize("kind", ["alone", "beside"])
def test_a_comparison_never_scrolls_sideways(language, kind, show):
    page = show(pages(language)[kind], width=320)
    assert page.run("document.documentElement.scrollWidth") <= 320


def test_every_id_of_a_report_beside_a_baseline_is_there_once(language, show):
    page = show(pages(language)["beside"])
    assert (
        page.run(
            "{const ids = [...document.querySelectorAll('[id]')].map((each) => each.id); ids.length - new Set(ids).size}"
        )
        == 0
    )
    assert (
        page.run(
            "[...document.querySelectorAll('nav a')].filter((each) => !document.querySelector(each.getAttribute('href'))).length"
        )
        == 0
    )
