"""Strangers' text can not run, link, colour, reorder or compute in any format."""

import csv
import io
import re
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest

from cs_audit import reports
from cs_audit.reports import clean

HOSTILE = [
    "<script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    "\"'><svg onload=alert(1)>",
    "a|b\nc | d",
    "=cmd|' /C calc'!A0",
    "+1-1",
    "@SUM(A1)",
    "\t=1",
    "＝1+1",
    "\x1b[31mred\x1b]8;;https://evil.example\x07",
    "abc\u202egnp.exe\u2066",
    "zero\u200bwidth\ufeff",
    "![x](https://evil.example/a.png) [y](javascript:alert(1)) www.evil.example",
    "@everyone #1 **b** _i_ `c` ~~s~~ $x$ {{ 7*7 }} {% raw %} %s %(n)s",
    "---",
    "# title",
    "1. list",
    "- list",
    "\ud800lone",
]
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def poisoned(audit, text):
    """The audit with a stranger's text in every place a stranger can write to."""
    old = audit["worst"][0]["ticket"]
    audit["title"] = text
    audit["inputs"][0].update(path=text, source=text)
    audit["histories"][text] = [
        {**each, "author_id": text, "agent": text, "team": text} for each in audit["histories"].pop(old)
    ]
    for each in (*audit["worst"], *audit["findings"]):
        each["ticket"] = text if each["ticket"] == old else each["ticket"]
        each.update(agent=text, team=text, policy=text, schedule=text, source=text, url=text)
    for each in audit["results"]:
        each["policy"] = each["policy"] and text
        for dimension in (each["by"].get("team", {}), each["by"].get("agent", {}), each["by"].get("channel", {})):
            dimension[text] = next(
                iter(dimension.values()),
                {"judged": 1, "achieved": 1, "breached": 0, "percent": 100.0, "interval": [20.0, 100.0]},
            )
    audit["rejected"]["listed"][0].update(file=text, ticket=text, column=text, value=text, problem=text)
    audit["exceptions"][0].update(ticket=text, reason=text)
    audit["method"]["policies"][0].update(name=text, match={"team": [text]}, schedule=text)
    audit["method"]["schedules"][text] = audit["method"]["schedules"].pop("msk")
    audit["results"][0]["reported"] = {
        "agree": 1,
        "differ": 1,
        "reported_achieved": 1,
        "recomputed_achieved": 1,
        "only_reported": 0,
        "only_recomputed": 0,
        "percent": 50.0,
        "tickets": [text],
    }
    return audit


def named(clocks, text):
    """The audit of every clock whose exclusion, teams and schedules have a stranger's text for a name."""
    old = clocks["method"]["exclusions"][0]["name"]
    clocks["method"]["exclusions"][0].update(name=text, match={"tags": [text]})
    clocks["counts"]["not_judged"] = {f"excluded:{text}": 28}
    for each in clocks["results"]:
        each["excluded"] = {text if name == old else name: out for name, out in each["excluded"].items()}
        each["not_judged"] = {f"excluded:{text}": 1, **each["not_judged"]}
    for policy in clocks["method"]["policies"]:
        policy["schedule_by"] = {"team": {text: text}}
    return clocks


def whole_tables(document):
    """Whether every row of every Markdown table has as many cells as its head."""
    columns = None
    for line in document.splitlines():
        cells = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else None
        if cells is not None and columns is not None and cells != columns:
            return False
        columns = cells
    return True


def attributes(page):
    """The name of every attribute of every tag, as a browser reads them."""
    names = set()
    parser = HTMLParser()
    parser.handle_starttag = lambda _, attrs: names.update(name for name, _ in attrs)
    parser.feed(page)
    return names


@pytest.mark.parametrize("text", HOSTILE)
def test_html_holds_only_the_tags_of_the_template(audit, text):
    tags = set(re.findall(r"<([a-z]+)[ >]", reports.render(audit, "html")))
    page = reports.render(poisoned(audit, text), "html")
    assert set(re.findall(r"<([a-z]+)[ >]", page)) <= tags
    assert not {name for name in attributes(page) if name.startswith("on")}
    assert not CONTROL.search(page)
    assert 'href="javascript' not in page


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_keeps_its_tables_and_shows_no_markup_of_strangers(audit, text):
    document = reports.render(poisoned(audit, text), "md")
    assert not CONTROL.search(document)
    assert "<script" not in document
    assert "<img" not in document
    assert "](" not in document.replace("\\]", "")
    assert not re.search(r"https?://(?!\u2060)", document.replace(":\u2060//", ""))
    assert whole_tables(document)


@pytest.mark.parametrize("text", HOSTILE)
def test_names_of_exclusions_and_schedules_are_as_harmless(clocks, text):
    tags = set(re.findall(r"<([a-z]+)[ >]", reports.render(clocks, "html")))
    page, document = reports.render(named(clocks, text), "html"), reports.render(clocks, "md")
    assert set(re.findall(r"<([a-z]+)[ >]", page)) <= tags
    assert not {name for name in attributes(page) if name.startswith("on")}
    assert not CONTROL.search(page + document + reports.summary(clocks))
    assert "<script" not in document
    assert "<img" not in document
    assert "](" not in document.replace("\\]", "")
    assert whole_tables(document)


def test_markdown_tables_are_whole_in_both_languages(clocks, language):
    document = reports.render(clocks, "md", language)
    assert document.count("\n|:--") > 15
    assert whole_tables(document)


@pytest.mark.parametrize("text", HOSTILE)
def test_csv_cells_never_compute(audit, text):
    rows = list(csv.reader(io.StringIO(reports.render(poisoned(audit, text), "csv"))))
    assert len({len(row) for row in rows}) == 1
    for row in rows:
        for cell in row:
            assert not cell.startswith(("=", "+", "@", "\t", "\r", "＝", "＋", "－", "＠"))
            assert not cell.startswith("-")


def test_csv_numbers_stay_numbers():
    assert clean.cell(-1.5) == -1.5
    assert clean.cell("-1.5") == "'-1.5"
    assert clean.cell(None) == ""


@pytest.mark.parametrize("text", HOSTILE)
def test_junit_stays_valid_xml(audit, text):
    root = ET.fromstring(reports.render(poisoned(audit, text), "xml").encode())  # noqa: S314 - our own
    assert not [each for each in root.iter() if CONTROL.search("".join(each.attrib.values()))]


@pytest.mark.parametrize("text", HOSTILE)
def test_the_terminal_gets_no_control_character(audit, text):
    summary = reports.summary(poisoned(audit, text))
    assert not CONTROL.search(summary)


@pytest.mark.parametrize("text", HOSTILE)
def test_json_is_left_as_it_is_and_can_be_written_as_utf8(audit, text):
    assert reports.render(poisoned(audit, text), "json").encode()


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "http://a.example", "https://a.example/ b", 'https://a"b', "data:x", "", None]
)
def test_only_https_addresses_become_links(url):
    assert clean.link(url) == ""


def test_an_https_address_becomes_a_link():
    assert clean.link("https://a.example/t?id=1&x=2") == "https://a.example/t?id=1&x=2"


def test_ordinary_text_reads_as_it_is_in_markdown():
    assert clean.markdown("Москва, 48.6–49.1% (UTC) v0.1.0") == "Москва, 48.6–49.1% (UTC) v0.1.0"


@pytest.mark.parametrize(
    ("text", "shown"), [("a|b", r"a\|b"), ("1. x", r"1\. x"), ("- x", r"\- x"), ("<b>", "&lt;b&gt;"), ("a\nb", "a b")]
)
def test_markdown_marks_are_escaped(text, shown):
    assert clean.markdown(text) == shown
