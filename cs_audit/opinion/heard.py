"""What requesters had asked before the answers that a finding quotes.

The result of an audit does not hold it, and the audit is not to read its sources twice: the rule that compares answers
is overheard while it does.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    from cs_audit.answers.claims import Answers, Claim
    from cs_audit.answers.signatures import Signatures
    from cs_audit.audit.standard import Standard
    from cs_audit.rules import Rule

RULE = "contradicting_answers"
_TIME = "%Y-%m-%dT%H:%M:%SZ"

Place = tuple[str, str, str]
"""Ticket, time to the second, and the sentence quoted."""


@dataclass(frozen=True)
class Asked:
    """The question that was answered, and the agents who answered in its ticket."""

    question: str
    agents: tuple[str, ...]


@dataclass
class Heard:
    """The questions before all answers quoted by claims to be reviewed, once the audit is made."""

    asked: dict[Place, Asked] = field(default_factory=dict)

    def listening(self, standard: Standard) -> Standard:
        """The same standard, overheard."""
        rules = (self._overheard(each) if each.name == RULE else each for each in standard.rules)
        return replace(standard, rules=tuple(rules))

    def _overheard(self, rule: Rule) -> Rule:
        @functools.wraps(rule.judge)
        def judge(answers: Answers, **options: Any) -> list[Claim]:
            claims: list[Claim] = rule.judge(answers, **options)
            self.asked.update(questions(claims, answers.signatures))
            return claims

        return replace(rule, judge=judge)


def place(side: Mapping[str, Any]) -> Place:
    """Where one side of a claim's evidence stands."""
    return side["ticket"], side["occurred_at"], side["sentence"]


def in_doubt(severity: str, evidence: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a finding is a contradiction of tier B; a change of policy is none."""
    return severity == "low" and any(each.get("kind") == "contradiction" for each in evidence)


def questions(claims: Iterable[Claim], answers: Signatures) -> dict[Place, Asked]:
    """What was asked before each answer that claims in doubt quote."""
    places = {
        place(side) for each in claims if in_doubt(each.severity, each.evidence) for side in each.evidence[:2]
    }  # fmt: skip
    if not places:
        return {}
    tickets = answers.rows.filter(pl.col("ticket").cast(pl.String).is_in([ticket for ticket, *_ in places]))
    told = tickets.join(answers.texts, on="pair")
    rows = told.with_columns(pl.col("occurred_at").dt.strftime(_TIME), pl.col("ticket").cast(pl.String))
    by_ticket: dict[str, list[dict[str, Any]]] = {}
    for row in rows.iter_rows(named=True):
        by_ticket.setdefault(row["ticket"], []).append(row)
    return {each: _asked(each, by_ticket[each[0]]) for each in sorted(places)}


def _asked(where: Place, rows: list[dict[str, Any]]) -> Asked:
    _, at, sentence = where
    then = [row["question"] or "" for row in rows if row["occurred_at"] == at and sentence in (row["text"] or "")]
    return Asked(min(then, default=""), tuple(sorted({row["agent"] for row in rows if row["agent"]})))
