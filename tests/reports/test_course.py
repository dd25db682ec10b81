"""The course of shares over weeks, budgets, and how much is told of each finding."""

import copy
import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_audit import reports
from cs_audit.reports import charts, course, markdown, sentences, story
from cs_audit.reports.words import Words

Y = charts.Scale(0, 100, 100, 0)


def group(achieved, breached):
    decided = achieved + breached
    share = 100 * achieved / decided if decided else None
    return {"judged": decided, "achieved": achieved, "breached": breached, "percent": share, "interval": [0, 100]}


def result(shares, **trend):
    known = {"not_whole": [], "weeks": len(shares), "limits": None, "above": [], "below": [], **trend}
    late = sum(each["breached"] for each in shares.values())
    made = {"rule": "first_reply", "code": "RT101", "goal": 90, "by": {"week": shares}, "trend": known}
    return {**made, "achieved": 1, "breached": late, "budget": {"allowed": 5, "used": late, "left": 5 - late}}


WEEKS = {
    "2026-W01": group(40, 1),
    "2026-W02": group(3, 0),
    "2026-W03": group(0, 0),
    "2026-W04": group(20, 20),
    "2026-W05": group(50, 0),
}


def test_points_lie_as_far_apart_as_their_weeks_and_say_what_they_are():
    told = result(WEEKS, not_whole=["2026-W05"], below=["2026-W04"])
    points = course.points(told, 0, 400, Y)
    assert [(each.x, each.week, each.kind) for each in points] == [
        (0, "2026-W01", "whole"),
        (100, "2026-W02", "few"),
        (300, "2026-W04", "below"),
        (400, "2026-W05", "apart"),
    ]
    assert [each.y for each in points][1:3] == [0, 50]


def test_the_lines_across_are_goal_mean_and_limits_with_labels_that_keep_apart():
    told = result(WEEKS, limits={"mean": 89.5, "low": 88.0, "high": 91.0, "moving_range": 1})
    lines = course.marks(told, Y)
    assert [(kind, value) for kind, value, _, _ in lines] == [
        ("goal", 90),
        ("mean", 89.5),
        ("low", 88.0),
        ("high", 91.0),
    ]
    labels = sorted(label for *_, label in lines)
    assert all(b - a >= 14.9 for a, b in pairwise(labels))
    assert [kind for kind, *_ in course.marks(result(WEEKS), Y)] == ["goal"]


def test_a_budget_is_overdrawn_in_the_week_that_takes_more_than_is_left():
    told = result(WEEKS)
    assert course.budget(told) == [
        ("2026-W01", 4),
        ("2026-W02", 4),
        ("2026-W03", 4),
        ("2026-W04", -16),
        ("2026-W05", -16),
    ]
    assert course.spent(told) == "2026-W04"
    assert sentences.spent(told, Words("en")) == "Overdrawn in the week of 19 Jan 2026."


@pytest.mark.parametrize("which", ["audit", "clocks"])
def test_what_is_left_after_the_last_week_is_the_budget_left(which, request):
    for each in story.wholes(request.getfixturevalue(which)):
        if course.budget(each) and "budget" in each:
            assert course.budget(each)[-1][1] == each["budget"]["left"]


def test_the_sentence_names_the_weeks_outside_the_limits_and_those_drawn_apart():
    limits = {"mean": 92.0, "low": 84.1, "high": 99.9, "moving_range": 3}
    told = result(WEEKS, weeks=9, limits=limits, below=["2026-W04"], not_whole=["2026-W05"])
    text = sentences.trend(told, Words("en"))
    assert "In 9 whole weeks the share was 92.0% on average; chance alone moves it between 84.1% and 99.9%." in text
    assert "1 week lies outside: ▼ 19 Jan 2026 (50.0%)." in text
    assert "Not whole, and so drawn apart: the week of 26 Jan 2026." in text
    few = sentences.trend(result(WEEKS, weeks=5), Words("ru"))
    assert few == "5 полных недель мало, чтобы отличить сигнал от случайности: нужно восемь."


STEPS = [{"from": f"{n:02}", "to": f"{n:02}", "seconds": n} for n in range(1, 31)]


@given(st.integers(0, 30), st.integers(0, 25), st.sampled_from([4, 6, 8]))
def test_stretches_told_add_up_to_all(number, skipped, most):
    given_ = [*STEPS[:number], {"skipped": skipped, "seconds": 7.5}, *STEPS[number:]]
    told = course.shortened(given_, most)
    assert len(told) <= most
    assert sum(each["seconds"] for each in told) == sum(each["seconds"] for each in given_)
    gaps = [each for each in told if "skipped" in each]
    assert sum(each["skipped"] for each in gaps) + len(told) - len(gaps) == 30 + skipped


def test_events_told_are_the_first_the_last_and_those_of_the_finding_and_the_others_are_counted():
    events = [{"occurred_at": f"2026-01-{n:02}", "n": n} for n in range(1, 31)]
    told = course.told(events, {"began_at": "2026-01-10", "ended_at": None, "occurred_at": "2026-01-20"})
    assert [each.get("n", -each.get("skipped", 0)) for each in told] == [1, 2, 3, 4, -5, 10, -9, 20, -6, 27, 28, 29, 30]
    assert course.told(events[:10], {}) == events[:10]


def many(audit, number):
    """So many late tickets of each rule."""
    made = copy.deepcopy(audit)
    own = {each["rule"]: each for each in audit["worst"]}
    names = {rule: [f"{rule}-{n:05}" for n in range(number)] for rule in own}
    made["worst"] = [{**own[rule], "ticket": name} for rule in own for name in names[rule]]
    made["histories"] |= {name: audit["histories"].get(own[rule]["ticket"], []) for rule in own for name in names[rule]}
    return made


def test_no_more_than_the_most_are_told_in_full_and_no_rule_takes_anothers_place(clocks):
    made = many(clocks, 400)
    full = course.in_full(made)
    shown = {each["rule"] for each in made["worst"]}
    assert sum(full.values()) <= course.FULL
    assert len({full[rule] for rule in shown}) == 1
    assert min(full[rule] for rule in shown) > 10
    assert course.depth(made, full) < course.DEEP == course.depth(clocks, course.in_full(clocks))
    clocks["findings"] = clocks["findings"][:20]
    assert sum(course.in_full(clocks).values()) == len(clocks["worst"]) + 20


def test_a_document_too_large_for_a_step_summary_leaves_out_its_largest_sections_and_says_so(language):
    words = Words(language)
    sections = {"Results": 50, "Late": 600, "Other": 400, "Method": 80}
    text = "# Verdict\n\n" + "".join(f"## {name}\n\n{'ж' * (500 * size)}\n\n" for name, size in sections.items())
    made = markdown.shortened(text, words)
    assert len(made.encode()) <= markdown.MOST_BYTES
    assert re.findall(r"(?m)^## (.*)", made) == list(sections)
    late = re.split(r"(?m)^## ", made)[2]
    assert "601" in late or "600" in late
    assert "жжж" not in late
    assert f"## Other\n\n{'ж' * 100}" in made
    small = "# Verdict\n\n## Results\n\nfew\n"
    assert markdown.shortened(small, words) == small


def test_markdown_of_a_huge_audit_stays_below_the_limit(clocks, language):
    made = many(clocks, 50)
    for each in made["results"]:
        for dimension in ("channel", "team", "agent"):
            some = next(iter(each["by"].get(dimension, {}).values()), None)
            if some:
                each["by"][dimension] = {f"{dimension} {'long ' * 80}{n}": some for n in range(60)}
    text = reports.render(made, "md", language)
    assert 100_000 < len(text.encode()) <= markdown.MOST_BYTES
    assert text.startswith("# ")


def test_waits_are_drawn_from_the_first_that_end_to_where_nearly_all_are_over_with_the_limits_inside():
    minutes = [0, 1, 5, 10, 60, 480, 2880, 57600]
    spread = {
        "minutes": minutes,
        "channels": {
            "": {"n": 1000, "within": [0, 0, 5, 400, 900, 995, 1000, 1000]},
            "chat": {"n": 10, "within": [*range(8)]},
        },
    }
    assert course.stretch(spread, ["600s"]) == {
        "minutes": [5, 10, 60, 480],
        "channels": {"": {"n": 1000, "within": [5, 400, 900, 995]}, "chat": {"n": 10, "within": [2, 3, 4, 5]}},
    }
    assert course.stretch(spread, ["60s", "2wd"])["minutes"][0] == 1
    assert course.stretch(spread, ["36000s"])["minutes"] == [5, 10, 60, 480, 2880]
    spread["channels"][""]["within"] = [0] * 7 + [600]
    assert course.stretch(spread, ["2wd"])["minutes"] == minutes


def test_the_timeline_of_a_ticket_of_joined_sources_is_that_of_the_source_they_join():
    histories = {"T": [{"source": "desk", "n": 1}, {"source": "other", "n": 2}], "U": [{"n": 3}]}
    audit = {"histories": histories, "method": {"sources": {"calls": {"joins": "desk"}, "desk": {}}}}
    for source, ticket, events in (("calls", "T", [1]), ("desk", "T", [1]), ("other", "T", [2]), ("other", "U", [3])):
        told = story.history(audit, {"ticket": ticket, "source": source})
        assert [each["n"] for each in told] == events
    assert story.history(audit, {"ticket": "V", "source": "desk"}) == []
