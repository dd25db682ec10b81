"""What was promised and to whom, in words: policies, their targets and schedules, and what is left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cs_audit.reports.words import Words

Json = Mapping[str, Any]


def shown(fact: str, values: Sequence[str], words: Words) -> str:
    """What a policy matches: cs-audit's words in the reader's language, names as they are."""
    return ", ".join(words.name(fact, each) if fact in ("priority", "channel") else each for each in values)


def target(rule: str, told: Json, words: Words) -> str:
    """A policy's target: the limit, its clock, the statuses in which it stands still, and its own goal."""
    parts = [words.limit(told["limit"]), words.name("clock", told["clock"])]
    if told.get("pause"):
        pauses = ", ".join(words.name("status", each) for each in told["pause"])
        parts.append(words.say("paused while %(statuses)s", statuses=pauses))
    if told["goal"] is not None:
        parts.append(words.say("goal %(goal)s", goal=words.goal(told["goal"])))
    return f"{words.name('rule', rule)}: {', '.join(parts)}"


def own_schedules(policy: Json, words: Words) -> list[str]:
    """The schedules a policy has for single teams, organizations..., a line each."""
    return [
        f"{words.name('fact', fact)} {shown(fact, [value], words)}: {schedule}"
        for fact, names in sorted(policy.get("schedule_by", {}).items())
        for value, schedule in sorted(names.items())
    ]


def leaves_out(exclusion: Json, words: Words) -> list[str]:
    """Which tickets an exclusion leaves out; all the lines must hold of one."""
    facts = [
        f"{words.name('fact', key)}: {shown(key, values, words)}" for key, values in sorted(exclusion["match"].items())
    ]
    own = [words.say("the requester is also the agent in charge")] if exclusion["own_tickets"] else []
    return [*facts, *own]
