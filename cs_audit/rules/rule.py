"""What a rule is."""

from __future__ import annotations

import ast
import functools
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from cs_audit.rules._exchanges import until_gone

Severity = Literal["high", "medium", "low"]
SEVERITIES: tuple[Severity, ...] = ("high", "medium", "low")

FAMILIES = {
    "RT": "reply times",
    "RS": "resolution",
    "FL": "flow",
    "AN": "answers",
    "CC": "calls",
    "CX": "customers' voice",
    "CV": "coverage",
    "FP": "fair play",
    "DQ": "data quality",
}

Judge = Callable[..., Any]

Scope = Literal["ticket", "requester", "channel", "topic"]
"""The key by which the histories a rule is asked of are gathered: events of one ticket, of one requester or in one
channel, or what all agents answered."""


@dataclass(frozen=True)
class Rule:
    """A question asked of every ticket, or of the histories of its `scope`.

    `needs` names what a source must be able to see for the rule to be judged (see `sources.SEES`);
    `without` is the reason given for a ticket in which a span rule finds no wait. A rule `beyond` is asked
    of the events after the cut-off, which no other rule sees. `pauses` are the statuses in which the clock of a
    span rule stands still unless a target says otherwise. The team a wait is charged to is the one in charge at
    its end, or at its start if `charged_at_start`. `reads` names what must be read in the texts of messages (see
    `audit.texts`) or else known of each event (see `audit.derived`), `quotes` the labels whose words are the
    evidence of a finding.
    """

    code: str
    judge: Judge
    severity: Severity
    needs: frozenset[str]
    without: str
    beyond: bool = False
    pauses: tuple[str, ...] = ()
    charged_at_start: bool = False
    reads: frozenset[str] = frozenset()
    quotes: tuple[str, ...] = ()
    scope: Scope = "ticket"

    @property
    def name(self) -> str:
        """The name used for the target, the rule page, the golden file and the column `rule`."""
        return self.judge.__name__

    @property
    def measures(self) -> bool:
        """Whether it returns spans, judged against a target; else it returns marks or claims, each a finding."""
        return _measures(self.judge)

    @property
    def page(self) -> str:
        """The rule's documentation in Markdown."""
        return inspect.cleandoc(self.judge.__doc__ or "")

    @property
    def title(self) -> str:
        """The first line of the page."""
        return self.page.partition("\n")[0]

    @property
    def options(self) -> Mapping[str, inspect.Parameter]:
        """Options of `[rules.NAME]`: the function's keyword-only parameters."""
        parameters = inspect.signature(self.judge).parameters
        return {name: each for name, each in parameters.items() if each.kind is inspect.Parameter.KEYWORD_ONLY}

    def section(self, heading: str) -> str:
        """The text below `## heading`, or nothing."""
        _, _, rest = self.page.partition(f"## {heading}\n")
        return rest.partition("\n## ")[0].strip()


def choices(option: inspect.Parameter) -> tuple[Any, ...]:
    """The values an option may have, if it is one of a few."""
    text = str(option.annotation)
    return tuple(ast.literal_eval(f"[{text[8:-1]}]")) if text.startswith("Literal[") else ()


def rule(
    code: str,
    *,
    severity: Severity = "medium",
    needs: tuple[str, ...] = (),
    without: str = "",
    beyond: bool = False,
    pauses: tuple[str, ...] = (),
    charged_at_start: bool = False,
    reads: tuple[str, ...] = (),
    quotes: tuple[str, ...] = (),
    scope: Scope = "ticket",
) -> Callable[[Judge], Rule]:
    """Make the decorated function a rule with this code; a code is never reused.

    Whatever a wait is for, it ends without an answer where its ticket is merged into another or deleted. Waits are
    those of tickets: no target judges those of another scope.
    """

    def register(judge: Judge) -> Rule:
        asked = _until_the_ticket_ends(judge) if _measures(judge) else judge
        return Rule(
            code, asked, severity, frozenset(needs), without, beyond, pauses, charged_at_start, frozenset(reads),
            quotes, scope,
        )  # fmt: skip

    return register


def _measures(judge: Judge) -> bool:
    return str(inspect.signature(judge).return_annotation) == "Spans"


def _until_the_ticket_ends(judge: Judge) -> Judge:
    @functools.wraps(judge)
    def asked(ticket: Any, **options: Any) -> Any:
        return until_gone(judge(ticket, **options))

    return asked
