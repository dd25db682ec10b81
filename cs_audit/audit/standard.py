"""What a service is audited against: policies with their targets, schedules, rules and exceptions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from cs_audit.rules import Rule
from cs_audit.schedules import Schedule

CALENDAR = "24/7"
"""The schedule that is always open: calendar time."""


@dataclass(frozen=True)
class Target:
    """A limit for one rule: microseconds, working days, or the time promised to each ticket (`recorded`)."""

    micros: int = 0
    working_days: int = 0
    recorded: bool = False
    goal: float | None = None
    clock: Literal["working", "calendar"] = "working"

    def __str__(self) -> str:
        if self.recorded:
            return "recorded"
        return f"{self.working_days}wd" if self.working_days else f"{self.micros // 1_000_000}s"


@dataclass(frozen=True)
class Policy:
    """Targets for the waits that match: each fact among the words given, in the period of validity."""

    name: str
    match: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    since: dt.date | None = None
    until: dt.date | None = None
    schedule: str = CALENDAR
    targets: Mapping[str, Target] = field(default_factory=dict)


@dataclass(frozen=True)
class Exemption:
    """A verdict or finding excused until a date, with the reason."""

    rule: str
    ticket: str
    reason: str
    until: dt.date


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

    @property
    def measures(self) -> tuple[Rule, ...]:
        """The span rules that any policy has a target for."""
        wanted = {name for policy in self.policies for name in policy.targets}
        return tuple(each for each in self.rules if each.measures and each.name in wanted)

    @property
    def findings(self) -> tuple[Rule, ...]:
        """The mark rules."""
        return tuple(each for each in self.rules if not each.measures)

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
    """Which waits are judged (begun in [since, until)) and what is known of them: all that happened by `as_of`."""

    since: dt.datetime | None = None
    until: dt.datetime | None = None
    as_of: dt.datetime | None = None
