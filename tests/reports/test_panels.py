"""Error budgets, calls, exclusions and other definitions: every report shows what the audit says, and no more."""

import csv
import io
import re
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import every_clock
import pytest

from cs_audit import reports
from cs_audit.audit.session import run_audit
from cs_audit.cli.order import make_order
from cs_audit.reports import panels, story, telling
from cs_audit.reports.words import Words

DEFINED = '<table class="definitions">'
COLOURED = re.compile(r'class="[^"]*\b(met|missed|l[1-5])\b[^"]*"')


class Rows(HTMLParser):
    """The rows of tables, each a list of the texts of its cells."""

    def __init__(self, text):
        super().__init__()
        self.rows, self.inside = [], False
        self.feed(text)

    def handle_starttag(self, tag, _attrs):
        if tag == "tr":
            self.rows.append([])
        self.inside = self.inside or tag in ("th", "td")
        if tag in ("th", "td"):
            self.rows[-1].append("")
        elif tag == "br" and self.inside:
            self.rows[-1][-1] += " "

    def handle_endtag(self, tag):
        self.inside = self.inside and tag not in ("th", "td")

    def handle_data(self, data):
        if self.inside:
            self.rows[-1][-1] += data


def plain(text):
    return " ".join(re.sub(r"<[^>]*>", " ", text).split())


def expected_cell(own, other, words):
    """What a definition's cell says, made from the numbers alone."""
    assert other["difference"] == pytest.approx(other["percent"] - own["percent"], abs=1e-3)
    if [own[key] for key in ("judged", "achieved", "breached")] == [
        other[key] for key in ("judged", "achieved", "breached")
    ]:
        return "="
    parts = [words.percent(other["percent"], own["goal"]), words.points(other["difference"])]
    if own["met"] != (other["percent"] >= own["goal"]):
        parts.append("▼ " + words.say("missed") if own["met"] else "● " + words.say("met"))
    return " ".join(parts)


def expected_table(audit, words):
    """Definition by definition the cells of all rules, in the order of the tiles; and the definitions of no effect."""
    table, same = {}, []
    for each in audit["sensitivity"]:
        cells = [expected_cell(own, each["results"][own["rule"]], words) for own in story.wholes(audit)]
        if set(cells) == {"="}:
            same.append(words.name("definition", each["definition"]))
        else:
            table[words.name("definition", each["definition"])] = cells
    return table, same


def test_the_table_of_definitions_says_what_the_audit_says(clocks, language):
    words = Words(language, clocks["method"]["timezone"])
    expected, same = expected_table(clocks, words)
    assert expected
    assert same
    page = reports.render(clocks, "html", language)
    shown = {}
    for table in page.split(DEFINED)[1:]:
        for head, *cells in Rows(table.partition("</table>")[0]).rows[1:]:
            shown.setdefault(head, []).extend(" ".join(each.split(" ")).strip() for each in cells)
    first, *rest = shown.items()
    assert first[0] == words.say("As audited")
    for whole, cell in zip(story.wholes(clocks), first[1], strict=True):
        assert cell.startswith(words.percent(whole["percent"], whole["goal"]))
    assert dict(rest) == expected
    for name in same:
        assert name[1:] in page


def test_markdown_has_the_same_table_of_definitions(clocks, language):
    words = Words(language, clocks["method"]["timezone"])
    expected, _ = expected_table(clocks, words)
    lines = [line.strip("| ").split(" | ") for line in reports.render(clocks, "md", language).splitlines()]
    shown = {head: [re.sub(r"[()]", "", each) for each in cells] for head, *cells in lines if head in expected}
    assert shown == expected


def test_csv_has_a_row_for_each_rule_under_each_definition(clocks):
    rows = list(csv.DictReader(io.StringIO(reports.render(clocks, "csv"))))
    shown = {(row["key"], row["rule"]): row for row in rows if row["dimension"] == "definition"}
    known = {
        (each["definition"], rule): told for each in clocks["sensitivity"] for rule, told in each["results"].items()
    }
    assert shown.keys() == known.keys()
    for key, row in shown.items():
        assert (float(row["percent"]), int(row["breached"])) == (known[key]["percent"], known[key]["breached"])


def test_the_summary_says_how_far_definitions_carry_the_share(clocks):
    words = Words("en")
    whole, (low, high) = panels.reach(clocks)[0]
    shares = [each["results"][whole["rule"]]["percent"] for each in clocks["sensitivity"]]
    assert (low, high) == (min([whole["percent"], *shares]), max([whole["percent"], *shares]))
    assert f"{words.percent(low)}–{words.percent(high)}" in reports.summary(clocks)


def test_tables_of_definitions_are_no_wider_than_a_printed_page():
    for number in range(14):
        parts = panels.slices(range(number))
        assert [place for first, last in parts for place in range(first, last)] == list(range(number))
        assert all(last - first <= panels.BESIDE for first, last in parts)


def test_the_error_budget_is_told_as_a_sentence_and_a_number(clocks):
    page, markdown, summary = (reports.render(clocks, "html"), reports.render(clocks, "md"), reports.summary(clocks))
    for result in clocks["results"]:
        allowed, used, left = (result["budget"][key] for key in ("allowed", "used", "left"))
        assert (used, left) == (result["breached"], allowed - used)
        sign = f"{'−' if left < 0 else ''}{abs(left)} of {allowed}".replace(" ", "\xa0")
        assert f">{sign}<" in page
        assert f"| {sign} |" in markdown
        if result["policy"] is None:
            rest = f"{-left} too many" if left < 0 else f"{left} left" if left else "none left"
            assert f"{allowed} may be late, {used} {'is' if used == 1 else 'are'}: {rest}" in page
            assert sign in summary


@pytest.mark.parametrize(
    ("allowed", "used", "english", "russian"),
    [
        (25, 40, "25 may be late, 40 are: 15 too many", "Допустимо 25 просрочек, по факту 40 — на 15 больше"),
        (2, 1, "2 may be late, 1 is: 1 left", "Допустимы 2 просрочки, по факту 1 — в запасе 1"),
        (1, 1, "1 may be late, 1 is: none left", "Допустима 1 просрочка, по факту 1 — запаса нет"),
    ],
)
def test_budgets_in_both_languages(allowed, used, english, russian):
    result = {"achieved": 9, "breached": used, "budget": {"allowed": allowed, "used": used, "left": allowed - used}}
    assert telling.budget(result, Words("en")) == english
    assert telling.budget(result, Words("ru")) == russian


def test_the_custom_that_judges_is_marked_and_gives_the_share_of_the_rule(clocks, language):
    (result,) = panels.calls(clocks)
    assert dict(panels.customs(result))[panels.custom(clocks, "call_answer")] == result["percent"]
    words = Words(language)
    rows = [row for row in Rows(reports.render(clocks, "html", language)).rows if words.say("used here") in row[0]]
    assert [row[1] for row in rows] == [words.percent(result["percent"], result["goal"])]
    for custom, share in result["calls"]["percent_by_custom"].items():
        line = words.name("custom", custom)
        assert line in reports.render(clocks, "md", language)
        assert words.percent(share, result["goal"]) in reports.render(clocks, "html", language)


def test_another_custom_in_the_options_is_the_one_marked(clocks):
    clocks["method"]["options"]["call_answer"] = {"abandoned": "left out"}
    assert "Only calls that were taken count · used here" in reports.render(clocks, "md")


def test_an_average_wait_never_stands_alone(clocks, language):
    words = Words(language)
    (result,) = panels.calls(clocks)
    average, longest, most = (
        words.duration(each)
        for each in (
            result["calls"]["average_wait_seconds"],
            result["calls"]["longest_wait_seconds"],
            result["p90_seconds"],
        )
    )
    lines = reports.summary(clocks, language).splitlines() + reports.render(clocks, "md", language).splitlines()
    told = [line for line in lines if words.say("Calls") not in line and f"{average}," in line and longest in line]
    assert len(told) == 2
    assert all(most in line for line in told)
    section = reports.render(clocks, "html", language).partition('id="calls"')[2].partition("</section>")[0]
    assert all(each in section for each in (average, longest, most))


def test_without_the_rules_that_look_for_it_nobody_is_said_to_have_been_called_back(clocks):
    assert "Tickets in which nobody called back or wrote" in reports.render(clocks, "html")
    clocks["method"]["rules"] = [each for each in clocks["method"]["rules"] if each["rule"] != "unanswered_call"]
    assert "Tickets in which nobody called back or wrote" not in reports.render(clocks, "html")


def test_what_exclusions_leave_out_is_told_with_the_share_there_would_be(clocks, language):
    words = Words(language)
    rows = Rows(reports.render(clocks, "html", language)).rows
    markdown = reports.render(clocks, "md", language)
    seen = 0
    for result in story.wholes(clocks):
        for name, out in result["excluded"].items():
            counts = [out.get(key, 0) for key in ("achieved", "breached", "active")]
            share = words.percent(out["percent_with"], result["goal"])
            cells = [words.name("rule", result["rule"]), *map(words.number, [sum(counts), *counts])]
            assert any(row[-7:-2] == cells and row[-1] == share for row in rows)
            assert f"| {name} | {' | '.join(cells)} |" in markdown
            seen += 1
    assert seen > 5
    assert "Spam and tests" in reports.summary(clocks, language)


def test_a_reason_that_is_an_exclusion_keeps_the_users_own_name():
    assert Words("en").name("reason", "excluded:Spam: a|b") == "excluded: Spam: a|b"
    assert Words("ru").name("reason", "excluded:100 %") == "не входит в расчёт: 100 %"
    assert Words("ru").name("reason explained", "excluded:Спам").startswith("Его исключает")


@pytest.mark.parametrize(("by", "told"), [("due", "in which it was due"), ("opened", "in which its ticket was opened")])
def test_another_way_to_assign_waits_to_the_period_is_said_beside_the_period(clocks, by, told):
    assert "A wait belongs" not in reports.summary(clocks)
    clocks["window"]["by"] = by
    head = reports.render(clocks, "html").partition("<main>")[0]
    assert told in head
    assert told in reports.render(clocks, "md").partition("## ")[0]
    assert told in reports.summary(clocks)


def test_the_method_tells_pauses_own_schedules_and_exclusions(clocks):
    for text in (plain(reports.render(clocks, "html")), reports.render(clocks, "md")):
        spaced = text.replace("\xa0", " ")
        assert "Next reply: 4 h, working time, paused while on hold" in spaced
        assert "team Billing: early" in text
        assert "2 working days, to closing time" in spaced
        assert "tags: spam, test" in text
        assert "the requester is also the agent in charge" in text


def test_what_is_late_for_another_reason_than_its_length_says_the_reason(clocks, language):
    words = Words(language)
    early = [each for each in clocks["worst"] if each["over_seconds"] <= 0]
    assert {each["reason"] for each in early} == {"abandoned", "voicemail", "late_before_change"}
    page = reports.render(clocks, "html", language)
    junit = reports.render({**clocks, "worst": early[-10:]}, "xml", language)
    for each in early:
        reason = words.name("reason", each["reason"])
        assert telling.lateness(each, words) == reason
        assert f"<bdi>{each['ticket']}</bdi> · <em>{reason}</em>" in page
    messages = [each.get("message") for each in ET.fromstring(junit.encode()).iter("failure")]  # noqa: S314 - our own
    assert words.name("reason", "voicemail") in messages
    assert not [each for each in messages if re.search(r"[-−]\d", each)]


def test_time_the_clock_stood_still_is_told(clocks):
    paused = [each for each in clocks["worst"] if each["paused_seconds"]]
    assert paused
    page = reports.render(clocks, "html")
    for each in paused:
        assert f"Not counted: {Words('en').duration(each['paused_seconds'], exact=True)} while the clock" in page


def test_no_group_of_fewer_than_thirty_has_a_colour(clocks, tmp_path):
    assert COLOURED.search(reports.render(clocks, "html").partition("</style>")[2])
    few = run_audit(make_order(None, every_clock.write(tmp_path, tickets=12), quiet=True))
    decided = [story.decided(each) for each in few["results"]]
    again = [each["achieved"] + each["breached"] for one in few["sensitivity"] for each in one["results"].values()]
    assert max(*decided, *again) < story.FEW
    page = reports.render(few, "html").partition("</style>")[2]
    assert not COLOURED.search(page)
    assert page.count("too few to judge by") == sum(story.decided(each) > 0 for each in story.wholes(few))


def test_every_colour_belongs_to_a_group_that_is_large_enough(clocks):
    for result in clocks["results"]:
        assert story.tone(result) in (("few",) if story.decided(result) < story.FEW else ("met", "missed"))
    for _, row in panels.definitions(clocks):
        for own, each in zip(story.wholes(clocks), row, strict=True):
            assert each.tone == "few" or story.decided(own) >= story.FEW


def test_an_audit_without_these_figures_is_shown_without_them(audit, language):
    assert "sensitivity" not in audit
    for form in sorted(reports.FORMATS.values()):
        assert reports.render(audit, form, language)
    page = reports.render(audit, "html", language)
    assert not [each for each in ("definitions", "calls") if f'id="{each}"' in page or f'href="#{each}"' in page]
    assert telling.budget(audit["results"][0], Words(language)) == ""
    assert telling.budget_left(audit["results"][0], Words(language)) == "–"


def test_rules_stand_in_the_order_readers_ask_for_them(clocks):
    codes = [each["code"] for each in story.wholes(clocks)]
    assert codes == ["RT101", "RT102", "RT103", "RT104", "RT105", "RS102", "RS103", "RS104", "CC101"]
