"""What a service is audited against: policies with their targets, schedules, rules and exceptions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from cs_audit.audit.outcomes import REASONS
from cs_audit.rules import Rule
from cs_audit.schedules import Schedule

if TYPE_CHECKING:
    from cs_audit.answers.claims import Claim
    from cs_audit.rules.rule import Scope

PeriodBy = Literal["began", "due", "opened"]
"""What says to which period a wait belongs."""

CALENDAR = "24/7"
"""The schedule that is always open: calendar time."""


@dataclass(frozen=True)
class Target:
    """A limit for one rule: microseconds, working days (to the `end_of_day` of the last one, or to the same time of
    day), or the time promised to each ticket (`recorded`).

    The clock stands still in the `pause` statuses; None leaves them to the rule.
    """

    micros: int = 0
    working_days: int = 0
    end_of_day: bool = False
    recorded: bool = False
    goal: float | None = None
    clock: Literal["working", "calendar"] = "working"
    pause: tuple[str, ...] | None = None

    def __str__(self) -> str:
        if self.recorded:
            return "recorded"
        days = f"{self.working_days}wd{' to closing' if self.end_of_day else ''}"
        return days if self.working_days else f"{self.micros // 1_000_000}s"


@dataclass(frozen=True)
class Policy:
    """Targets for the waits that match: each fact among the words given, in the period of validity.

    `schedule_by` names other schedules by fact and word: `{"team": {"Berlin": "berlin"}}`.
    """

    name: str
    match: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    since: dt.date | None = None
    until: dt.date | None = None
    schedule: str = CALENDAR
    schedule_by: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    targets: Mapping[str, Target] = field(default_factory=dict)

    @property
    def schedules(self) -> set[str]:
        """Every schedule it may judge by."""
        return {self.schedule, *(name for names in self.schedule_by.values() for name in names.values())}


@dataclass(frozen=True)
class Exemption:
    """A verdict or finding excused until a date, with the reason: of one ticket, or what is claimed of a `slot`, with
    these `values` or any.
    """

    rule: str
    ticket: str
    reason: str
    until: dt.date
    slot: str = ""
    values: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """What names it among the exceptions that were used."""
        return self.rule, self.ticket or " ".join((self.slot, *self.values))

    def excuses(self, claim: Claim) -> bool:
        """Whether a claim is about its ticket, or says what it dismisses."""
        if self.ticket:
            return self.ticket in (claim.ticket, *claim.related)
        return self.slot == claim.slot and (not self.values or sorted(self.values) == sorted(claim.values))


TEXTS = frozenset({"automatic", "labels", "info", "promises", "answers", "stories", "surveys"})
"""What rules may ask of the texts of messages."""


@dataclass(frozen=True)
class Reading:
    """What is read in the texts of messages, with phrases of the user's own by label."""

    wanted: frozenset[str] = frozenset()
    phrases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Wording:
    """How texts are understood beyond the bundled lexicons: own phrases by label; own concepts and groups of cases for
    the comparison of answers, values never to be reported, and the facts that answers are held against; whether the
    same question is also found by its meaning (`semantic`).
    """

    phrases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    concepts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    qualifiers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    ignore_values: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    semantic: bool = False


@dataclass(frozen=True)
class Exclusion:
    """Tickets left out by a rule with a name: each fact among the words given, or, with `own_tickets`, those whose
    requester is also the agent in charge. Of `rules` only, or of all.
    """

    name: str
    match: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    own_tickets: bool = False
    rules: tuple[str, ...] = ()


@dataclass(frozen=True)
class Standard:
    """Everything a verdict depends on besides the events."""

    policies: tuple[Policy, ...]
    schedules: Mapping[str, Schedule]
    rules: tuple[Rule, ...]
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    goal: float = 90
    timezone: str = "UTC"
    exemptions: tuple[Exemption, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    wording: Wording = Wording()
    ai_agents: bool = False
    """Whether the configuration names AI agents."""
    pauses_by_status_alone: bool = False
    """Whether a pause outlasts the requester's message (as helpdesks have it)."""
    shows_texts: bool = False
    """Whether the result holds what messages say."""

    @property
    def reasons(self) -> tuple[str, ...]:
        """Words of the reason codes: those of the chain, then one for each exclusion."""
        return (*REASONS, *(f"excluded:{each.name}" for each in self.exclusions))

    @property
    def reads(self) -> frozenset[str]:
        """What must be read in the texts of messages, or else known of each event."""
        return frozenset().union(*(rule.reads for rule in self.rules))

    @property
    def reading(self) -> Reading:
        """What must be read in the texts of messages."""
        return Reading(self.reads & TEXTS, self.wording.phrases)

    @property
    def measures(self) -> tuple[Rule, ...]:
        """The span rules that any policy has a target for."""
        wanted = {name for policy in self.policies for name in policy.targets}
        return tuple(each for each in self.rules if each.measures and each.name in wanted)

    @property
    def findings(self) -> tuple[Rule, ...]:
        """The rules whose results are findings."""
        return tuple(each for each in self.rules if not each.measures)

    def of(self, *scopes: Scope) -> tuple[Rule, ...]:
        """The rules whose results are findings, of these scopes."""
        return tuple(each for each in self.findings if each.scope in scopes)

    def goal_of(self, rule: str, decided: Mapping[int, int]) -> float:
        """The goal of a rule over some policies, each with the number of its waits that are decided.

        Where their goals differ it is the share that all would reach together if each just met its own.
        """
        targets = {index: self.policies[index].targets.get(rule) for index in decided}
        goals = {
            index: target.goal if target.goal is not None else self.goal for index, target in targets.items() if target
        }
        total = sum(decided[index] for index in goals)
        if len(set(goals.values())) == 1 or not total:
            return next(iter(goals.values()), self.goal)
        return round(sum(decided[index] * goal for index, goal in goals.items()) / total, 1)


@dataclass(frozen=True)
class Window:
    """Which waits are judged and what is known of them: all that happened by `as_of`.

    Inside is a wait that began in [since, until), or was due then, or whose ticket was opened then: see `by`.
    """

    since: dt.datetime | None = None
    until: dt.datetime | None = None
    as_of: dt.datetime | None = None
    by: PeriodBy = "began"
