"""What a reader meets: the page of the bundled desk in a real browser, judged by axe-core and by measuring."""

import copy
import dataclasses
from functools import cache
from math import ceil
from pathlib import Path

import axe
import browser
import pytest

from cs_audit import reports
from cs_audit.audit.session import run_audit
from cs_audit.cli.order import make_order
from cs_audit.reports import course, page, story
from cs_audit.reports.words import Words

pytestmark = browser.needs_chromium

QUICKSTART = Path(__file__).parents[2] / "examples" / "quickstart"
UNFOLD = (
    'for (const each of document.querySelectorAll("section > details, .group, section h3 + details")) each.open = true;'
)


@cache
def demo(language):
    return run_audit(make_order(None, QUICKSTART / language / "cs-audit.toml", quiet=True))


@pytest.fixture
def desk(language):
    return copy.deepcopy(demo(language))


@pytest.fixture(scope="module")
def chromium(tmp_path_factory):
    with browser.opened(tmp_path_factory.mktemp("chromium")) as opened:
        yield opened


@pytest.fixture
def show(chromium, tmp_path):
    pages = []

    def shown(text, *, fragment="", **more):
        (tmp_path / "page.html").write_text(text, "utf-8")
        pages.append(chromium.page((tmp_path / "page.html").as_uri() + fragment, **more))
        return pages[-1]

    yield shown
    for each in pages:
        each.close()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_to_complain_of(desk, language, dark, show):
    shown = show(reports.render(desk, "html", language), dark=dark)
    shown.run(
        UNFOLD
        + '[...document.querySelectorAll("#breaches details, #findings details")].slice(0, 9).forEach((each) => (each.open = true))'
    )
    shown.run(axe.source())
    told = shown.run(
        "axe.run().then((each) => each.violations.map((one) => [one.id, one.nodes.length, one.nodes[0].html]))"
    )
    assert told == []
    assert shown.run('document.querySelectorAll("details[open]").length') > 12


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_the_page_asks_for_nothing_and_complains_of_nothing(desk, language, script, show):
    shown = show(reports.render(desk, "html", language), script=script)
    assert shown.complaints() == []
    assert (shown.run('document.querySelectorAll(".filter").length') > 0) is script


@pytest.mark.parametrize("width", [320, 1280])
def test_the_page_never_scrolls_sideways(desk, language, width, show):
    shown = show(reports.render(desk, "html", language), width=width)
    shown.run(UNFOLD)
    assert shown.run("document.documentElement.scrollWidth") <= width


def test_an_address_with_a_finding_opens_it_without_a_script(desk, language, show):
    text = reports.render(desk, "html", language)
    rule = next(each["rule"] for each in story.wholes(desk) if len(story.breaches(desk, each["rule"])) > story.FIRST)
    name, _ = story.breaches(desk, rule)[story.FIRST + 2]
    shown = show(text, script=False, fragment=f"#{name}")
    seen = f'document.getElementById("{name}").getBoundingClientRect()'
    assert shown.run(f'document.getElementById("{name}").checkVisibility()')
    assert shown.run('document.querySelectorAll("details[open]").length') == 2  # itself, and the group that holds it
    assert 0 < shown.run(f"{seen}.top") < 400


def test_the_filter_shows_what_holds_its_words_and_the_address_follows_what_is_opened(desk, language, show):
    shown = show(reports.render(desk, "html", language))
    _, sought = story.breaches(desk, story.wholes(desk)[0]["rule"])[3]
    shown.run(
        f'{{const field = document.querySelector("#breaches .filter input"); field.value = "{sought["ticket"]}"; field.dispatchEvent(new Event("input"))}}'
    )
    told = shown.run(
        '[...document.querySelector("#breaches [data-filter]").querySelectorAll("details:not(.group)")].filter((each) => each.checkVisibility()).map((each) => each.querySelector("summary bdi").textContent)'
    )
    assert set(told) == {sought["ticket"]}
    assert shown.run('document.querySelector("#breaches output").value').split()[-3:] != []
    shown.run(
        f'document.getElementById("{sought["ticket"]}--{sought["code"]}").closest("details").querySelector("summary").click()'
    )
    shown.run("new Promise((done) => setTimeout(done, 50))")
    assert shown.run("location.hash") == f"#{sought['ticket']}--{sought['code']}"


def test_tables_of_groups_are_sorted_by_their_numbers(desk, language, show):
    shown = show(reports.render(desk, "html", language))
    rows = 'JSON.stringify([...document.querySelectorAll("table.sort")][0].tBodies[0].innerText.split("\\n").filter((each) => each.trim()))'
    before = shown.run(rows)
    head = '[...document.querySelectorAll("table.sort")][0].tHead.rows[0].cells[1]'
    numbers = '[...[...document.querySelectorAll("table.sort")][0].tBodies[0].rows].map((row) => Number(row.cells[1].dataset.v))'
    shown.run(f"{head}.firstChild.click()")
    assert shown.run(numbers) == sorted(shown.run(numbers))
    assert shown.run(f"{head}.ariaSort") == "ascending"
    shown.run(f"{head}.firstChild.click()")
    assert shown.run(numbers) == sorted(shown.run(numbers), reverse=True)
    assert sorted(shown.run(rows)) == sorted(before)


def test_on_paper_everything_is_unfolded(desk, language, show, tmp_path):
    shown = show(reports.render(desk, "html", language), paper=True, width=703)
    hidden = '[...document.querySelectorAll("details > :not(summary, .filter, output)")].filter((each) => !each.checkVisibility() || !each.getBoundingClientRect().height)'
    assert shown.run('document.querySelectorAll("details[open]").length') == 0
    assert shown.run(f"{hidden}.map((each) => each.outerHTML.slice(0, 90))") == []
    shown.printed(tmp_path / "page.pdf")
    assert (tmp_path / "page.pdf").stat().st_size > 100_000


@dataclasses.dataclass(frozen=True)
class Longer(Words):
    """Every text 40 % longer."""

    def say(self, message, **values):
        return longer(super().say(message, **values))

    def plural(self, one, many, n, **values):
        return longer(super().plural(one, many, n, **values))

    def form(self, kind, one, many, n, **values):
        return longer(super().form(kind, one, many, n, **values))

    def name(self, kind, value):
        return longer(super().name(kind, value))

    def prose(self, text):
        return longer(super().prose(text))


def longer(text):
    return text + ("·" * (ceil(0.4 * len(text)) if text else 0))


CLIPPED = """
(() => {
  const told = [], box = (each) => each.getBoundingClientRect();
  for (const svg of document.querySelectorAll("svg[role=img], div[id] > svg")) {
    if (!svg.checkVisibility()) continue;
    const edge = box(svg), texts = [...svg.querySelectorAll("text")].filter((each) => each.checkVisibility());
    for (const [place, each] of texts.entries()) {
      const own = box(each);
      if (own.left < edge.left - 1 || own.right > edge.right + 1) told.push("past the edge: " + each.textContent);
      for (const other of texts.slice(place + 1)) {
        const next = box(other);
        const wide = Math.min(own.right, next.right) - Math.max(own.left, next.left);
        const high = Math.min(own.bottom, next.bottom) - Math.max(own.top, next.top);
        if (wide > 1 && high > 4) told.push("overlap: " + each.textContent + " | " + other.textContent);
      }
    }
  }
  for (const tile of document.querySelectorAll(".tile, nav, header.top, summary")) {
    for (const each of tile.querySelectorAll("*")) {
      if (each.checkVisibility() && box(each).right > box(tile).right + 1) told.push("out of its tile: " + each.textContent);
    }
  }
  return told;
})()
"""


@pytest.mark.parametrize("wordy", [False, True], ids=["plain", "40 % longer"])
@pytest.mark.parametrize("width", [360, 1280])
def test_no_label_of_a_chart_is_clipped_or_lies_on_another(desk, language, width, wordy, show):
    words = (Longer if wordy else Words)(language, desk["method"]["timezone"])
    shown = show(page.render(desk, words), width=width)
    shown.run(
        UNFOLD
        + '[...document.querySelectorAll("#breaches details, #findings details")].slice(0, 30).forEach((each) => (each.open = true))'
    )
    assert shown.run('document.querySelectorAll("svg[role=img] text").length') > 50
    for font in ("system-ui", "DejaVu Sans", "Liberation Sans"):
        shown.run(f"document.body.style.fontFamily = '{font}'")
        assert shown.run(CLIPPED) == [], font
    assert shown.run("document.documentElement.scrollWidth") <= width
    if wordy:
        assert "····" in shown.run("document.body.innerText")


def test_a_trend_with_limits_and_signals_is_drawn_without_clipping(language, show, desk):
    whole = story.wholes(desk)[0]
    shares = [91, 92, 90, 91, 93, 92, 91, 92, 55, 91, 92]
    weeks = {
        f"2026-W{n:02}": {
            "judged": 200,
            "achieved": 2 * share,
            "breached": 200 - 2 * share,
            "percent": float(share),
            "interval": [share - 1.0, share + 1.0],
        }
        for n, share in enumerate(shares, 20)
    }
    whole["by"]["week"] = weeks
    whole["trend"] = {"not_whole": ["2026-W30"], "weeks": 10, "above": [], "below": ["2026-W28"],
                      "limits": {"mean": 87.9, "low": 63.1, "high": 100, "moving_range": 9.3}}  # fmt: skip
    whole["goal"] = 88
    shown = show(page.render(desk, Longer(language)))
    assert shown.run(CLIPPED) == []
    assert shown.run('document.querySelectorAll("#trend .signal.below").length') == 1
    assert shown.run('document.querySelectorAll("#trend svg")[0].querySelectorAll(".limit").length') == 2


def heavy(audit, number, rows):
    """So many late tickets told whole, and so many rows more, of each rule."""
    made = copy.deepcopy(audit)
    made["worst"], made["late"] = [], {}
    for rule in [each["rule"] for each in story.wholes(audit)]:
        own = [each for each in audit["worst"] if each["rule"] == rule]
        for n in range(number):
            each = {**own[n % len(own)], "ticket": f"T-{rule[:3]}-{n:06}"}
            made["worst"].append(each)
            made["histories"][each["ticket"]] = audit["histories"][own[n % len(own)]["ticket"]]
        made["late"][rule] = {"ticket": [f"R-{rule[:3]}-{n:06}" for n in range(rows)], "over_seconds": [9_000.5] * rows}
    return made


@pytest.mark.parametrize(("number", "rows", "most"), [(334, 0, 1_500_000), (334, 6_400, 3_000_000)])
def test_a_page_of_many_findings_stays_small(number, rows, most, show):
    made = heavy(demo("ru"), number, rows)
    text = reports.render(made, "html", "ru")
    assert len(text.encode()) <= most
    assert course.FULL - 10 < sum(course.in_full(made).values()) <= course.FULL == 1000
    assert all(f"R-{each['rule'][:3]}-{rows - 1:06}" in text for each in story.wholes(made) if rows)
    assert show(text).run("document.readyState") == "complete"


def test_axe_sees_what_is_wrong(show):
    shown = show('<!doctype html><title>t</title><main><p style="color:#999;background:#eee">grey</p></main>')
    shown.run(axe.source())
    told = shown.run("axe.run().then((each) => each.violations.map((one) => one.id))")
    assert {"color-contrast", "html-has-lang"} <= set(told)
