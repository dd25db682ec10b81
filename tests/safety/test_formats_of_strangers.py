"""Hundreds of texts that try to act, in every place a stranger can write to, through every format."""

import csv
import io
import json
import re
from collections import Counter
from html.parser import HTMLParser
from xml.dom import minidom

import hostile
import pytest
from markdown_it import MarkdownIt

from cs_audit import reports
from cs_audit.compare import compare
from cs_audit.reports import clean, comparison

UNSEEN = re.compile(f"[{clean.UNSEEN}\ud800-\udfff]")
NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
COMMAND = re.compile(r"(?m)^\s*::|##(vso|teamcity)?\[")
TEXTS = hostile.payloads()


@pytest.fixture(scope="module")
def poisoned(desk):
    return hostile.poisoned(desk, TEXTS)


@pytest.fixture(scope="module")
def benign(desk):
    return hostile.poisoned(desk, hostile.harmless(len(TEXTS)))


def test_there_are_hundreds_of_texts_that_try_to_act():
    assert len(TEXTS) >= 300


@pytest.mark.parametrize("form", ["md", "csv", "xml", "json"])
def test_no_format_holds_a_character_that_acts_unseen(poisoned, form):
    found = UNSEEN.findall(reports.render(poisoned, form).replace("\u2060", ""))
    assert not found


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_terminal_shows_no_character_that_steers_it_and_no_command(poisoned, language):
    shown = reports.summary(poisoned, language)
    assert not UNSEEN.search(shown)
    assert not COMMAND.search(shown)


@pytest.mark.parametrize("form", ["md", "csv", "xml", "json", "html"])
def test_no_line_of_a_report_begins_a_command_of_a_pipeline(poisoned, form):
    assert not re.search(r"(?m)^\s*(::|##\w*\[)", reports.render(poisoned, form))


def parsed(document):
    renderer = MarkdownIt("gfm-like")
    renderer.linkify.set({"fuzzy_link": False})
    return renderer.parse(document)


def inline(tokens):
    return Counter(part.type for token in tokens for part in token.children or () if part.type != "text_special")


def shown(token):
    return "".join(part.content for part in token.children or ()).replace("\u2060", "").strip()


@pytest.mark.parametrize("language", ["en", "ru"])
def test_markdown_is_built_as_it_is_of_harmless_texts_and_shows_all_as_they_are(poisoned, benign, language):
    mine, theirs = (parsed(reports.render(each, "md", language)) for each in (poisoned, benign))
    assert [each.type for each in mine] == [each.type for each in theirs]
    kinds = set(inline(theirs))
    assert set(inline(mine)) <= kinds
    assert not kinds & {"link_open", "image", "html_inline"}
    told = "\n".join(shown(each) for each in mine)
    missing = [text for text in TEXTS if clean.line(text).strip() not in told]
    assert not missing
    assert "www.evil" not in reports.render(poisoned, "md")


def test_no_cell_of_the_table_computes_and_every_text_is_in_one(poisoned):
    table = reports.render(poisoned, "csv")
    rows = list(csv.reader(io.StringIO(table)))
    assert len({len(row) for row in rows}) == 1
    cells = [cell for row in rows[1:] for cell in row]
    assert not [each for each in cells if computes(each)]
    policies = {row[2] for row in rows}
    assert {clean.cell(text) for text in TEXTS} <= policies
    assert not [row for row in csv.reader(io.StringIO(table), delimiter=";") for cell in row[1:] if computes(cell)]


def computes(cell):
    return bool(re.match(r"[\s\x00]*[=+\-@＝＋－＠−]", cell)) and not re.fullmatch(r"-?\d+(\.\d+)?", cell)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_junit_is_valid_xml_with_the_same_elements_as_of_harmless_texts(poisoned, benign, language):
    mine, theirs = (reports.render(each, "xml", language) for each in (poisoned, benign))
    assert not NO_XML.search(mine)
    trees = [minidom.parseString(each.encode()) for each in (mine, theirs)]  # noqa: S318 - our own
    assert elements(trees[0]) == elements(trees[1])
    names = {each.getAttribute("name") for each in trees[0].getElementsByTagName("testcase")}
    assert not [text for text in TEXTS if not any(clean.line(text) in name for name in names)]


def elements(tree):
    return [(each.tagName, sorted(each.attributes.keys())) for each in tree.getElementsByTagName("*")]


def test_json_is_the_same_value(poisoned):
    told = json.loads(reports.render(poisoned, "json"))
    assert told == json.loads(json.dumps(poisoned))


@pytest.fixture(scope="module", params=["from", "to"])
def compared(request, desk, poisoned, benign):
    """Comparisons of a desk with a hostile one, and of it with a harmless one."""
    pairs = [(desk, other) if request.param == "to" else (other, desk) for other in (poisoned, benign)]
    return [compare(old, new) for old, new in pairs]


def test_a_comparison_in_markdown_is_built_as_it_is_of_harmless_texts(compared):
    mine, theirs = (parsed(comparison.render(each, "md", "en")) for each in compared)
    assert Counter(each.type for each in mine) == Counter(each.type for each in theirs)
    assert set(inline(mine)) <= set(inline(theirs))


def test_a_comparison_as_a_page_has_no_element_or_attribute_of_strangers(compared):
    mine, theirs = (written(comparison.render(each, "html", "en")) for each in compared)
    assert mine <= theirs


def test_no_comparison_acts_unseen_or_orders_a_pipeline_about(compared):
    for form in ("md", "html", "json"):
        text = comparison.render(compared[0], form, "en")
        assert not UNSEEN.search(text.replace("\u2060", ""))
        assert not re.search(r"(?m)^\s*(::|##\w*\[)", text)


def written(page):
    """The elements and attributes a page is written with."""
    found = set()
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attributes: found.update({tag}, {f"{tag} {name}" for name, _ in attributes})
    parser.feed(page)
    return found
