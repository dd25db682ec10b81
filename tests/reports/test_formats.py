"""Each format is a view of the audit value."""

import base64
import csv
import hashlib
import io
import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest

from cs_audit import reports
from cs_audit.errors import UsageError
from cs_audit.reports import story
from cs_audit.reports.words import Words

FORMATS = sorted(reports.FORMATS.values())


class Page(HTMLParser):
    """Every tag with its attributes, and the text outside style."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.open, self.texts = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_endtag(self, tag):
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data):
        if not {"style", "script"} & {*self.open}:
            self.texts.append(data)

    @property
    def text(self):
        return " ".join("".join(self.texts).split(" "))


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_value_gives_the_same_bytes(audit, language, form):
    first = reports.render(audit, form, language)
    again = reports.render(json.loads(json.dumps(audit)), form, language)
    assert first == again


def backwards(value):
    """The same value with the keys of every mapping in the opposite order."""
    if isinstance(value, dict):
        return {key: backwards(value[key]) for key in reversed(value)}
    return [backwards(each) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize("form", FORMATS)
def test_the_order_of_keys_in_the_json_changes_nothing(audit, form):
    assert reports.render(backwards(audit), form) == reports.render(audit, form)


def test_another_process_with_another_hash_seed_and_zone_gives_the_same_bytes(audit, tmp_path):
    (tmp_path / "audit.json").write_text(json.dumps(audit), "utf-8")
    program = (
        "import json, sys, hashlib; from cs_audit import reports; audit = json.load(open(sys.argv[1]));"
        "made = [reports.render(audit, each, 'ru') for each in sorted(reports.FORMATS.values())];"
        "print(hashlib.sha256(''.join(made).encode()).hexdigest())"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", program, str(tmp_path / "audit.json")],
            env={"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": lang},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed, zone, lang in (("1", "Asia/Tokyo", "C.UTF-8"), ("2", "America/New_York", "C"), ("3", "UTC", "C"))
    }
    assert len(told) == 1


def test_the_language_is_the_audits_own_unless_asked(audit):
    audit["language"] = "ru"
    assert reports.render(audit, "html") == reports.render(audit, "html", "ru")


def test_an_unknown_format_or_language_is_a_usage_error(audit):
    with pytest.raises(UsageError, match="no report format 'pdf'"):
        reports.render(audit, "pdf")
    with pytest.raises(UsageError, match="no language 'de'"):
        reports.render(audit, "html", "de")


def test_json_is_the_value(audit):
    text = reports.render(audit, "json")
    assert json.loads(text) == audit
    assert text.endswith("}\n")
    assert list(json.loads(text)) == sorted(audit)


def test_csv_has_a_row_for_each_result_policy_and_group(audit):
    rows = list(csv.DictReader(io.StringIO(reports.render(audit, "csv"))))
    groups = sum(len(each) for result in audit["results"] for each in result["by"].values())
    assert len(rows) == len(audit["results"]) + groups
    whole = next(row for row in rows if row["rule"] == "first_reply" and not row["policy"] and not row["dimension"])
    result = next(each for each in audit["results"] if each["rule"] == "first_reply")
    assert float(whole["percent"]) == result["percent"]
    assert [float(whole["interval_low"]), float(whole["interval_high"])] == result["interval"]
    assert (int(whole["achieved"]), int(whole["breached"])) == (result["achieved"], result["breached"])
    assert whole["met"] == "false"


def test_junit_has_a_suite_for_each_rule_and_a_failure_for_each_missed_goal(audit, language):
    root = ET.fromstring(reports.render(audit, "xml", language).encode())  # noqa: S314 - our own
    assert len(root) == 1 + len(story.wholes(audit)) + len(story.found(audit))
    goals = [case for case in root.iter("testcase") if case.find("failure[@type='goal']") is not None]
    assert len(goals) == sum(each["met"] is False for each in audit["results"])
    assert int(root.get("failures")) == len(list(root.iter("failure")))
    assert int(root.get("tests")) == len(list(root.iter("testcase")))


def test_junit_of_an_empty_audit_fails(audit):
    audit["results"] = []
    root = ET.fromstring(reports.render(audit, "xml").encode())  # noqa: S314 - our own
    assert root.get("errors") == "2"  # incomplete too


def test_every_share_of_every_result_is_on_the_page_and_in_markdown_as_formatted_once(audit, language):
    words = Words(language, audit["method"]["timezone"])
    page, markdown = Page(reports.render(audit, "html", language)).text, reports.render(audit, "md", language)
    for result in audit["results"]:
        for shown in (
            words.percent(result["percent"], result["goal"]),
            words.interval(result["interval"]),
            words.number(result["breached"]),
            words.duration(result["p90_seconds"]),
            words.duration(result["max_seconds"]),
        ):
            assert shown in page
            assert shown in markdown


def test_every_late_ticket_shown_has_its_own_place_with_its_derivation(audit, page, language):
    words = Words(language, audit["method"]["timezone"])
    tags = Page(page)
    ids = [attrs["id"] for tag, attrs in tags.tags if tag == "div" and "--R" in attrs.get("id", "")]
    assert len(ids) == len(set(ids)) == len(audit["worst"])
    for each in audit["worst"]:
        assert any(one.startswith(f"{each['ticket']}--{each['code']}") for one in ids)
        assert words.duration(each["elapsed_seconds"], exact=True) in tags.text
        assert words.duration(each["over_seconds"], exact=True) in tags.text


def test_ids_on_the_page_are_unique_and_links_inside_it_lead_somewhere(page):
    tags = Page(page).tags
    ids = [attrs["id"] for _, attrs in tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    inside = {attrs["href"][1:] for _, attrs in tags if attrs.get("href", "").startswith("#")}
    assert inside <= set(ids)


def test_the_page_says_its_language_and_asks_for_nothing(page, language):
    tags = Page(page).tags
    assert next(attrs for tag, attrs in tags if tag == "html") == {"lang": language}
    assert not {tag for tag, _ in tags} & {"link", "img", "iframe", "object", "embed", "form"}
    policy = next(attrs["content"] for _, attrs in tags if attrs.get("http-equiv") == "Content-Security-Policy")
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    own = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert policy == f"default-src 'none'; script-src 'sha256-{own}'; style-src 'unsafe-inline'; img-src data:"
    assert not any("src" in attrs for _, attrs in tags)
    links = {attrs["href"] for _, attrs in tags if attrs.get("href", "")[:1] not in ("#", "")}
    (figures,) = (each for each in links if each.startswith("data:text/csv;base64,"))
    assert links - {figures} == {"https://desk.example.com/t/999001"}


def test_the_page_holds_its_figures_as_a_table(audit, page):
    (address,) = re.findall(r'href="data:text/csv;base64,([^"]+)" download', page)
    assert base64.b64decode(address).decode() == reports.render(audit, "csv")


def test_the_page_asks_for_no_file(page):
    assert "url(" not in page


def test_every_scrolling_table_can_be_reached_by_keyboard_and_has_a_name(page):
    for tag, attrs in Page(page).tags:
        if attrs.get("class") == "scroll":
            assert tag == "div"
            assert attrs["tabindex"] == "0"
            assert attrs["role"] == "region"
            assert attrs.get("aria-label") or attrs.get("aria-labelledby")


def test_an_incomplete_audit_says_so_loudly_in_every_format_for_people(audit):
    assert 'role="alert"' in reports.render(audit, "html")
    assert "This audit is incomplete" in reports.render(audit, "md")
    assert "INCOMPLETE" in reports.summary(audit)


def test_an_audit_in_which_nothing_was_judged_never_looks_like_a_pass(audit):
    for each in audit["results"]:
        each.update(
            judged=0, achieved=0, breached=0, active=0, percent=None, interval=None, met=None, by={}, reported=None
        )
        each.update(p50_seconds=None, p90_seconds=None, max_seconds=None)
        each["distribution"] = {"minutes": [0, 1], "channels": {"": {"n": 0, "within": [0, 0]}}}
    audit.update(worst=[], findings=[], histories={}, complete=True)
    audit["counts"].update(judged=0, tickets=28)
    for text in (reports.render(audit, "html"), reports.render(audit, "md"), reports.summary(audit)):
        assert "Nothing was judged" in text
        assert "● met" not in text


def test_an_audit_without_results_still_makes_every_report(audit, language):
    audit.update(results=[], worst=[], findings=[], histories={}, hours={}, exceptions=[])
    audit["counts"].update(judged=0, tickets=28)
    for form in FORMATS:
        assert reports.render(audit, form, language)
    assert reports.summary(audit, language)


def test_counts_in_the_summary_add_up(audit):
    assert "155,116 tickets read = 155,088 judged + 28 not judged (" in reports.summary(audit)


def test_the_summary_is_short_and_plain(audit, language):
    text = reports.summary(audit, language)
    assert 10 <= len(text.splitlines()) <= 25
    assert "\x1b" not in text


def test_a_share_of_few_waits_gets_no_verdicts_colour(audit):
    few = next(each for each in audit["results"] if each["achieved"] + each["breached"] < story.FEW)
    assert story.tone(few) == "few"
    assert "● met · too few" in Page(reports.render(audit, "html")).text


def test_groups_stand_worst_first_and_the_small_ones_last(audit):
    result = story.wholes(audit)[0]
    result["by"]["agent"]["agent-3"] = {**result["by"]["agent"]["agent-1"], "percent": 60.0}
    assert [name for name, _ in story.groups(result, "agent")] == ["agent-3", "agent-1", "agent-2"]


def test_many_groups_too_small_to_tell_fold_away(audit):
    result = story.wholes(audit)[0]
    large = next(each for each in result["by"]["agent"].values() if story.decided(each) >= story.FEW)
    small = {**large, "achieved": 3, "breached": 1}
    result["by"]["agent"] = {"big": large, **{f"small-{n}": small for n in range(story.MOST_SMALL)}}
    assert [len(each) for each in story.parted(result, "agent")] == [1 + story.MOST_SMALL, 0]
    result["by"]["agent"]["small-x"] = small
    assert [[name for name, _ in each][:2] for each in story.parted(result, "agent")] == [
        ["big"],
        ["small-0", "small-1"],
    ]
    page = reports.render(audit, "html")
    assert f"<summary>{story.MOST_SMALL + 1} more with fewer than 30 decided waits</summary>" in page
    del result["by"]["agent"]["big"]
    page = reports.render(audit, "html")
    assert f"<summary>By agent: {story.MOST_SMALL + 1}, each with fewer than 30 decided waits</summary>" in page


def test_a_dimension_of_which_nothing_is_known_has_no_table(audit):
    result = story.wholes(audit)[0]
    result["by"]["team"] = {"": next(iter(result["by"]["agent"].values()))}
    assert story.groups(result, "team") == []


def test_long_lists_are_capped_and_say_how_many_are_left_out(audit):
    result = story.wholes(audit)[0]
    result["by"]["agent"] = {f"agent-{n:03}": result["by"]["agent"]["agent-1"] for n in range(61)}
    text = Page(reports.render(audit, "html")).text
    assert "agent-049" in text
    assert "agent-050" not in text
    assert "11 more are in the CSV." in text


def test_importing_the_room_loads_neither_templates_nor_catalogues():
    program = "import sys, cs_audit.reports; print({'jinja2', 'babel', 'tabulate', 'polars'} & set(sys.modules))"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert told.strip() == "set()"


def test_three_hundred_findings_stay_under_a_megabyte(audit):
    one = next(each for each in audit["worst"] if each["url"])
    audit["worst"] = [
        {**one, "ticket": f"T-{n}", "rule": rule}
        for n in range(100)
        for rule in ("first_reply", "next_reply", "resolution")
    ]
    audit["histories"] = {f"T-{n}": audit["histories"][one["ticket"]] for n in range(100)}
    assert len(reports.render(audit, "html", "ru").encode()) < 1_000_000
    assert len(reports.render(audit, "md", "ru").encode()) < 900_000
