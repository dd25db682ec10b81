"""Every ```answers block of the topic rules' pages and golden files says the truth.

A line is one conversation, a day after the one above it: `TICKET  CHANNEL  AGENT  "QUESTION"  "ANSWER"`. A comment says
what is found there: `# high T1` is a finding on this line's ticket, and the other tickets that show it; `# low change
T1 T2` one that was a change of policy. Several findings on one line are parted by `;`. The block's head declares
facts: `refund_time=10_days` (spaces are `_`).
"""

import datetime as dt
import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from audit.desk import Drawer, bench_of, standard_of

from cs_audit.audit.replies import COLUMNS
from cs_audit.audit.standard import Wording
from cs_audit.audit.topics import judge_answers
from cs_audit.events import CHANNELS, SCHEMA
from cs_audit.rules import FAMILIES, Rule, all_rules
from cs_audit.rules.rule import SEVERITIES

RULES = {name: rule for name, rule in all_rules().items() if rule.scope == "topic"}
FOLDER = Path(__file__).parent
START = dt.datetime(2024, 1, 1, 9, tzinfo=dt.UTC)

_BLOCK = re.compile(r"^```answers([^\n]*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
_FACT = re.compile(r"([a-z_]+)=(\S+)")
_LINE = re.compile(
    r'(?P<ticket>\w+) +(?P<channel>\w+) +(?P<agent>\w+) +"(?P<question>[^"]+)" +"(?P<answer>[^"]+)"'
    r"(?: +# (?P<says>\S.*))?"
)

Found = tuple[str, str, str, tuple[str, ...]]
"""The ticket of a finding, its severity, `change` or nothing, and the other tickets."""


@dataclass(frozen=True)
class Block:
    """One block: its answers (COLUMNS), what is found in them, and the facts of its head."""

    answers: pl.DataFrame
    says: list[Found]
    facts: dict[str, str]


def blocks(page: str) -> list[Block]:
    """The blocks of a page, in order; what is no such line is an error."""
    return [_block(head, body) for head, body in _BLOCK.findall(page)]


def _block(head: str, body: str) -> Block:
    lines = [_match(_LINE, line.strip()) for line in body.splitlines() if line.strip()]
    facts = [_match(_FACT, word).groups() for word in head.split()]
    tickets = [line["ticket"] for line in lines]
    if len(set(tickets)) < len(tickets) or {line["channel"] for line in lines} - set(CHANNELS):
        raise ValueError(f"a ticket twice, or an unknown channel: {body}")
    rows = [{**_row(line), "occurred_at": START + dt.timedelta(days=day)} for day, line in enumerate(lines)]
    kinds = {name: SCHEMA["occurred_at"] if name == "occurred_at" else pl.String() for name in COLUMNS}
    says = [found for line in lines if line["says"] for found in _said(line, set(tickets))]
    return Block(pl.DataFrame(rows, schema=kinds), says, {name: text.replace("_", " ") for name, text in facts})


def _match(pattern: re.Pattern[str], text: str) -> re.Match[str]:
    match = pattern.fullmatch(text)
    if match is None:
        raise ValueError(f"not a line or a fact of answers: {text}")
    return match


def _row(line: re.Match[str]) -> dict[str, Any]:
    return {**{name: line[name] for name in ("ticket", "channel", "agent", "question")}, "text": line["answer"]}


def _said(line: re.Match[str], tickets: set[str]) -> list[Found]:
    made = []
    for comment in line["says"].split(";"):
        severity, *others = comment.split()
        change = "change" if others[:1] == ["change"] else ""
        others = others[1:] if change else others
        if severity not in SEVERITIES or set(others) - tickets or line["ticket"] in others:
            raise ValueError(f"unknown words in a comment: {line[0]}")
        made.append((line["ticket"], severity, change, tuple(sorted(others))))
    return made


def golden(rule: Rule) -> str:
    return (FOLDER / f"{rule.name}.md").read_text("utf-8")


CASES = [
    pytest.param(rule, each, id=f"{rule.name}-{place}-{number}")
    for rule in RULES.values()
    for place, page in (("page", rule.page), ("golden", golden(rule)))
    for number, each in enumerate(blocks(page), 1)
]


def found_in(rule: Rule, block: Block) -> list[Found]:
    drawer = Drawer()
    standard = standard_of({}, rules=(rule,), wording=Wording(facts=block.facts))
    tally = judge_answers(block.answers, bench_of(standard, START + dt.timedelta(days=365)), drawer)
    rows = drawer.marks()
    assert tally.found == {rule.name: len(rows)}
    kinds = [json.loads(row["evidence"])[-1]["kind"] for row in rows]
    return [
        (
            row["ticket"],
            row["severity"],
            "change" if kind == "change" else "",
            tuple(sorted(json.loads(row["related"]))),
        )
        for row, kind in zip(rows, kinds, strict=True)
    ]


@pytest.mark.parametrize(("rule", "block"), CASES)
def test_block_holds(rule: Rule, block: Block) -> None:
    assert Counter(found_in(rule, block)) == Counter(block.says)


@pytest.mark.parametrize(("rule", "block"), CASES)
def test_block_holds_whatever_the_order_of_its_lines(rule: Rule, block: Block) -> None:
    turned = Block(block.answers.reverse(), block.says, block.facts)
    assert Counter(found_in(rule, turned)) == Counter(block.says)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
class TestPage:
    def test_golden_file_has_twelve_blocks_or_more(self, rule: Rule) -> None:
        assert len(blocks(golden(rule))) >= 12

    def test_some_blocks_find_something_and_others_nothing(self, rule: Rule) -> None:
        told = [bool(each.says) for each in blocks(golden(rule))]
        assert min(told.count(True), told.count(False)) >= 4

    def test_half_of_the_blocks_are_in_each_language(self, rule: Rule) -> None:
        russian = [bool(re.search("[а-я]", each.answers["text"][0])) for each in blocks(golden(rule))]
        assert abs(2 * sum(russian) - len(russian)) <= 2

    def test_every_block_of_the_golden_file_is_introduced(self, rule: Rule) -> None:
        before = re.split(r"^```answers.*?^```$", golden(rule), flags=re.DOTALL | re.MULTILINE)
        assert all(text.strip() for text in before[:-1])

    def test_every_fence_is_a_block(self, rule: Rule) -> None:
        assert golden(rule).count("```") == 2 * len(blocks(golden(rule)))

    def test_page_has_its_headings_and_an_example(self, rule: Rule) -> None:
        assert rule.section("Why it matters")
        assert rule.section("What counts")
        assert blocks(rule.section("Example"))
        assert rule.title.endswith(".")
        assert rule.code[:2] in FAMILIES


@pytest.mark.parametrize(
    "page",
    [
        '```answers\nT1  email  olga  "How long?"\n```',
        '```answers\nT1  pigeon  olga  "How long?"  "Two days."\n```',
        '```answers\nT1  email  olga  "How long?"  "Two days."  # grave\n```',
        '```answers\nT1  email  olga  "How long?"  "Two days."  # high T2\n```',
        '```answers\nT1  email  olga  "How long?"  "Two days."  # high T1\n```',
        '```answers\nT1  email  olga  "How long?"  "Two days."  high\n```',
        '```answers\nT1  email  olga  "Why?"  "So."\nT1  chat  ivan  "Why?"  "So."\n```',
        '```answers refund_time\nT1  email  olga  "How long?"  "Two days."\n```',
    ],
)
def test_words_that_no_block_may_have_are_errors(page: str) -> None:
    with pytest.raises(ValueError, match=r"answers|comment|twice"):
        blocks(page)
