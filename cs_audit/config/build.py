"""From the configuration's tables to the values the audit works with."""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Mapping
from typing import Any

from cs_audit.audit.standard import CALENDAR, Exclusion, Exemption, Policy, Standard, Target
from cs_audit.config.durations import Duration, parse_duration
from cs_audit.config.models import Config, ExclusionTable, IgnoreEntry, Match, PolicyTable, ScheduleTable, ShortDays
from cs_audit.config.models import Target as TargetTable
from cs_audit.config.wording import build_wording, without_phrases
from cs_audit.errors import ConfigError
from cs_audit.rules import Rule, find_rule, select_rules
from cs_audit.rules.rule import choices
from cs_audit.schedules import Schedule
from cs_audit.sources.helpdesks import connector_of
from cs_audit.worded import nearest, said, worded


def build_standard(config: Config) -> Standard:
    """The standard that a configuration describes.

    Raises:
        ConfigError: a policy names an unknown schedule or rule, a rule option is unknown, or no policy has a target.
    """
    schedules = build_schedules(config)
    _unique_names(config)
    _known_rules(config)
    policies = tuple(_policy(index, table, schedules) for index, table in enumerate(config.policies))
    _demand_due_columns(config)
    rules = tuple(select_rules(config.rules.select, config.rules.ignore))
    return Standard(
        policies=policies,
        schedules=schedules,
        rules=rules,
        options={
            find_rule(name, f"rules.{name}").name: _options(name, without_phrases(given))
            for name, given in config.rules.options.items()
        },
        goal=config.audit.goal,
        timezone=config.audit.timezone,
        exemptions=tuple(_exemption(index, each) for index, each in enumerate(config.ignore)),
        exclusions=tuple(_exclusion(index, each) for index, each in enumerate(config.exclude)),
        wording=build_wording(config),
        ai_agents=bool(config.automatic.ai_agents),
    )


def build_schedules(config: Config) -> dict[str, Schedule]:
    """The configured schedules, and the one that is always open."""
    schedules = {name: _schedule(name, table, config) for name, table in config.schedules.items()}
    schedules.setdefault(CALENDAR, Schedule(CALENDAR))
    return schedules


def _exemption(index: int, entry: IgnoreEntry) -> Exemption:
    rule = find_rule(entry.rule, f"ignore[{index}].rule")
    if entry.slot and rule.scope != "topic":
        hint = worded("name the ticket: its findings say nothing of slots")
        raise ConfigError(
            worded("{rule} compares no answers", rule=rule.name), where=f"ignore[{index}].slot", hint=hint
        )
    return Exemption(rule.name, entry.ticket or "", entry.reason, entry.until, entry.slot or "", tuple(entry.values))


def _demand_due_columns(config: Config) -> None:
    """A recorded limit needs a source that records it."""
    known = {find_rule(rule, f"sources.{name}.due").name for name, each in config.files.items() for rule in each.due}
    known |= {rule for each in config.helpdesks.values() for rule in connector_of(each.type).due}
    for index, policy in enumerate(config.policies):
        for rule, target in policy.targets.items():
            name, where = find_rule(rule).name, f"policies[{index}].targets.{rule}.limit"
            if (target.limit == "promised") != (name == "promise_kept"):
                hint = worded('promises are judged by the time they name: promise_kept = "promised"')
                raise ConfigError(worded("is of another rule"), where=where, hint=hint)
            if target.limit == "recorded" and name not in known:
                hint = worded('name the column: due.{rule} = "its column" in the source', rule=rule)
                raise ConfigError(worded("is recorded, and no source says where"), where=where, hint=hint)


def _schedule(name: str, table: ScheduleTable, config: Config) -> Schedule:
    short = table.short_days or []
    lists = [short] if isinstance(short, ShortDays) else short
    return Schedule(
        name=name,
        timezone=table.timezone,
        week=table.hours,
        holidays=tuple(table.holidays),
        exceptions=table.exceptions,
        short_days={day: each.hours for each in lists for day in each.dates},
        folder=config.folder,
    )


def _known_rules(config: Config) -> None:
    for name, source in config.files.items():
        for key in ("reported", "due"):
            for rule in getattr(source, key):
                _measure(rule, f"sources.{name}.{key}.{rule}")


def _unique_names(config: Config) -> None:
    policies = [("policies", each.name, each.since, each.until) for each in config.policies]
    exclusions = [("exclude", each.name) for each in config.exclude]
    for found in (policies, exclusions):
        for index, (table, name, *_) in enumerate(found):
            if found[index] in found[:index]:
                policy = worded("a second policy is called {name!r}", name=name)
                exclusion = worded("a second exclusion is called {name!r}", name=name)
                raise ConfigError(
                    policy if table == "policies" else exclusion,
                    where=f"{table}[{index}].name",
                    hint=worded("rename one"),
                )


def _exclusion(index: int, table: ExclusionTable) -> Exclusion:
    rules = tuple(_measure(rule, f"exclude[{index}].rules").name for rule in table.rules)
    return Exclusion(table.name, _words(table.match), table.own_tickets, rules)


def _words(match: Match) -> dict[str, tuple[str, ...]]:
    return {key: tuple(words) for key, words in match.model_dump().items() if words}


def _policy(index: int, table: PolicyTable, schedules: Mapping[str, Schedule]) -> Policy:
    where = f"policies[{index}]"
    name = table.schedule or _only_schedule(schedules, where)
    _known_schedule(name, schedules, f"{where}.schedule")
    for fact, names in table.schedule_by.items():
        for word, other in names.items():
            _known_schedule(other, schedules, f"{where}.schedule_by.{fact}.{word}")
    if table.since and table.until and table.until < table.since:
        raise ConfigError(
            worded("ends before it begins"), where=f"{where}.until", hint=worded("until is the last day it holds")
        )
    targets = {_measure(rule, f"{where}.targets.{rule}").name: _target(each) for rule, each in table.targets.items()}
    by_fact = {str(fact): names for fact, names in table.schedule_by.items()}
    return Policy(table.name, _words(table.match), table.since, table.until, name, by_fact, targets)


def _known_schedule(name: str, schedules: Mapping[str, Schedule], where: str) -> None:
    if name not in schedules:
        hint = nearest(name, schedules, worded("known: {known}", known=", ".join(schedules)))
        raise ConfigError(worded("there is no schedule {name!r}", name=name), where=where, hint=hint)


def _only_schedule(schedules: Mapping[str, Schedule], where: str) -> str:
    own = [name for name in schedules if name != CALENDAR]
    if len(own) > 1:
        raise ConfigError(
            worded("names no schedule, and there are several"),
            where=where,
            hint=worded('add schedule = "{name}"', name=own[0]),
        )
    return own[0] if own else CALENDAR


def _measure(name: str, where: str) -> Rule:
    rule = find_rule(name, where)
    if not rule.measures:
        raise ConfigError(
            worded("{rule} measures no time, so it has no limit", rule=rule.name), where=where,
            hint=worded("its findings need no target; remove it here"),
        )  # fmt: skip
    return rule


def _target(table: TargetTable) -> Target:
    if not isinstance(table.limit, Duration):
        return Target(recorded=True, goal=table.goal, clock=table.clock)
    pause = None if table.pause is None else tuple(table.pause)
    days = table.limit.working_days
    return Target(
        table.limit.micros, days, end_of_day=table.end_of_day, goal=table.goal, clock=table.clock, pause=pause
    )


def _options(name: str, given: dict[str, Any]) -> dict[str, Any]:
    rule = find_rule(name, f"rules.{name}")
    made: dict[str, Any] = {}
    if not isinstance(given, dict):
        raise ConfigError(
            worded("is no table of options"),
            where=f"rules.{name}",
            hint=worded("unknown key of [rules], or write [rules.NAME]"),
        )
    for key, value in given.items():
        if key not in rule.options:
            known = ", ".join(rule.options) or worded("none")
            raise ConfigError(
                worded("unknown option"),
                where=f"rules.{rule.name}.{key}",
                hint=worded("known options: {known}", known=known),
            )
        made[key] = _option(rule.options[key], value, f"rules.{rule.name}.{key}")
    return made


def _option(option: inspect.Parameter, value: Any, where: str) -> Any:
    known = choices(option)
    if known and value not in known:
        raise ConfigError(
            worded("{value!r} is none of its choices", value=value),
            where=where,
            hint=worded("write one of {known}", known=", ".join(map(repr, known))),
        )
    if "bool" in str(option.annotation) and not isinstance(value, bool):
        raise ConfigError(
            worded("{value!r} is neither true nor false", value=value), where=where, hint=worded("write true or false")
        )
    return _length(value, where) if "timedelta" in str(option.annotation) else value


def _length(value: Any, where: str) -> dt.timedelta:
    hint = worded("write it like 7d or 12h")
    try:
        length = parse_duration(str(value))
    except ValueError as error:
        raise ConfigError(said(error), where=where, hint=hint) from None
    if length.working_days:
        raise ConfigError(
            worded("{value!r} is in working days, and this option is calendar time", value=value),
            where=where,
            hint=hint,
        )
    return length.delta
