"""Every timeline of the rule pages and of the golden files says the truth, in both readings."""

import datetime as dt
import re
from pathlib import Path

import numpy as np
import pytest
from audit.desk import bench_of, frame_of, hearing_of, standard_of
from rules.by_hand import by_hand
from timelines import Event, Said, Timeline, shown, timelines

from cs_audit.audit import findings
from cs_audit.audit.across import histories_of, to_gather
from cs_audit.audit.bench import Bench
from cs_audit.audit.judge import judge
from cs_audit.audit.outcomes import NOT_JUDGED, OUTCOMES, REASONS
from cs_audit.audit.standard import Target
from cs_audit.history import plain
from cs_audit.rules import FAMILIES, Rule, all_rules

ALL = all_rules()
RULES = {name: rule for name, rule in ALL.items() if rule.scope != "topic"}
FOLDER = Path(__file__).parent
NONE = np.empty(0, np.int64)


def golden(rule: Rule) -> str:
    return (FOLDER / f"{rule.name}.md").read_text("utf-8")


CASES = [
    pytest.param(rule, each, id=f"{rule.name}-{place}-{number}")
    for rule in RULES.values()
    for place, page in (("page", rule.page), ("golden", golden(rule)))
    for number, each in enumerate(timelines(page), 1)
]


@pytest.mark.parametrize(("rule", "timeline"), CASES)
def test_timeline_holds_in_the_plain_reading(rule: Rule, timeline: Timeline) -> None:
    told = _plain_verdicts(rule, timeline) if rule.measures else _plain_findings(rule, timeline)
    assert sorted(told) == timeline.says


@pytest.mark.parametrize(("rule", "timeline"), CASES)
def test_timeline_holds_in_the_columnar_reading(rule: Rule, timeline: Timeline) -> None:
    told = _columnar_verdicts(rule, timeline) if rule.measures else _columnar_findings(rule, timeline)
    assert sorted(told) == timeline.says


def _known(timeline: Timeline) -> list[Event]:
    return [each for each in timeline.events if each["occurred_at"] <= timeline.as_of]


def _plain_verdicts(rule: Rule, timeline: Timeline) -> list[Said]:
    found = by_hand(rule, _known(timeline), timeline.as_of, timeline.limit, timeline.pause, **timeline.options)
    return [
        (each.place, each.outcome if each.elapsed is None else f"{each.outcome} {shown(each.elapsed)}")
        for each in found
    ]


def _plain_findings(rule: Rule, timeline: Timeline) -> list[Said]:
    known = len(_known(timeline))
    heard, offset = (timeline.events[known:], known) if rule.beyond else (timeline.events[:known], 0)
    if rule.scope != "ticket":
        return _plain_histories(rule, heard, timeline)
    ticket = plain.Ticket(heard, timeline.as_of)
    return [(row + offset, "found") for row in rule.judge(ticket, **timeline.options).rows]


def _plain_histories(rule: Rule, heard: list[Event], timeline: Timeline) -> list[Said]:
    """What is found in the history of each requester or channel; of a channel's only what was said is known."""
    if rule.scope == "channel":
        heard = [each for each in heard if each["channel"] and each["kind"] in ("message", "call")]
    keys = dict.fromkeys(each[rule.scope] for each in heard)
    histories = [[each for each in heard if each[rule.scope] == key] for key in keys]
    return [
        (each[row]["row"], "found")
        for each in histories
        for row in rule.judge(plain.Ticket(each, timeline.as_of), **timeline.options).rows
    ]


def _bench(rule: Rule, timeline: Timeline) -> Bench:
    micros = 0 if timeline.limit is None else round(timeline.limit.total_seconds() * 1_000_000)
    target = Target(micros, pause=timeline.pause, recorded=timeline.limit is None)
    targets = {rule.name: target} if rule.measures else {}
    return bench_of(standard_of(targets, options={rule.name: timeline.options}), timeline.as_of)


def _columnar_verdicts(rule: Rule, timeline: Timeline) -> list[Said]:
    bench = _bench(rule, timeline)
    hearing = hearing_of(frame_of(timeline.events), bench)
    found = judge(rule, hearing.tickets, hearing.facts, bench, blind=False, broken=NONE)
    rows = zip(found.start, found.end, found.elapsed, found.outcome, found.reason, strict=True)
    never = hearing.tickets.never
    return [
        (int(start if end == never else end), _said(elapsed, outcome, reason))
        for start, end, elapsed, outcome, reason in rows
    ]


def _said(elapsed: int, outcome: int, reason: int) -> str:
    if outcome == NOT_JUDGED:
        return f"not_judged {REASONS[reason]}"
    return f"{OUTCOMES[outcome]} {shown(dt.timedelta(microseconds=int(elapsed)))}"


def _columnar_findings(rule: Rule, timeline: Timeline) -> list[Said]:
    bench = _bench(rule, timeline)
    hearing = hearing_of(frame_of(timeline.events).sort("ticket", maintain_order=True), bench)
    tickets = hearing.beyond if rule.beyond else hearing.tickets
    if rule.scope != "ticket":
        tickets = histories_of(to_gather(hearing)[rule.scope], bench)
    rows = findings.find(rule, tickets, bench, blind=False, broken=NONE).rows
    return [(int(each), "found") for each in tickets.frame["row"].gather(rows)]


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
class TestPage:
    def test_golden_file_has_six_timelines_or_more(self, rule: Rule) -> None:
        assert len(timelines(golden(rule))) >= 6

    def test_every_timeline_of_the_golden_file_is_introduced(self, rule: Rule) -> None:
        before = re.split(r"^```timeline.*?^```$", golden(rule), flags=re.DOTALL | re.MULTILINE)
        assert all(text.strip() for text in before[:-1])

    def test_page_has_its_headings_and_an_example(self, rule: Rule) -> None:
        assert rule.section("Why it matters")
        assert rule.section("What counts")
        assert timelines(rule.section("Example"))

    def test_title_is_a_sentence(self, rule: Rule) -> None:
        assert rule.title.endswith(".")
        assert rule.page.splitlines()[1] == ""

    def test_code_belongs_to_a_known_family(self, rule: Rule) -> None:
        assert re.fullmatch(r"[A-Z]{2}\d{3}", rule.code)
        assert rule.code[:2] in FAMILIES


def test_every_golden_file_belongs_to_a_rule() -> None:
    assert {path.stem for path in FOLDER.glob("*.md")} == set(ALL)


def test_codes_are_unique() -> None:
    codes = [rule.code for rule in RULES.values()]
    assert len(set(codes)) == len(codes)
