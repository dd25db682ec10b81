"""Sentences about demand out of hours, ratings beside targets, and messages of machines.

An audit written before these were measured has none of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from cs_audit.reports import course, panels, story
from cs_audit.reports.words import Words

Json = Mapping[str, Any]

SIDES = ("kept", "broken")
RATED = ("low", "middle", "high")


def out_of_hours(audit: Json, words: Words) -> str:
    """How many messages came when nobody was at work, or nothing."""
    rows = audit.get("coverage") or ()
    late = sum(each["unstaffed"]["messages"] for each in rows)
    whole = late + sum(each["staffed"]["messages"] for each in rows)
    if not whole:
        return ""
    return words.plural(
        "%(part)s of %(n)s message of requesters came when nobody was at work",
        "%(part)s of %(n)s messages of requesters came when nobody was at work",
        whole, part=late,
    )  # fmt: skip


def rated_low(audit: Json, words: Words) -> str:
    """How many tickets that kept every target were rated low, or nothing."""
    kept = next((each["kept"] for each in audit.get("ratings") or () if each["rule"] is None), None)
    if not kept or not kept["rated"]:
        return ""
    return words.plural(
        "Of %(n)s rated ticket with every target kept %(part)s was rated low",
        "Of %(n)s rated tickets with every target kept %(part)s were rated low",
        kept["rated"], part=kept["low"],
    )  # fmt: skip


def redacted(audit: Json, words: Words) -> str:
    """How people are hidden."""
    return words.say(
        "People go by pseudonyms of the key %(key)s; e-mail addresses, phone, card and passport numbers are masked.",
        key=audit["redacted"]["key"],
    )


def both(audit: Json, words: Words) -> str:
    """Both in one line."""
    return ". ".join(each for each in (out_of_hours(audit, words), rated_low(audit, words)) if each)


def rating_rows(audit: Json) -> Iterator[tuple[str | None, str, Json]]:
    """The rule (None: all), which side of its target, and the numbers of what was rated there."""
    for each in audit.get("ratings") or ():
        yield from ((each["rule"], side, each[side]) for side in SIDES)


def answered_by_ai(audit: Json) -> bool:
    """Whether an AI agent answered anything first."""
    return any(each.get("answered_by_ai") for each in story.wholes(audit))


def with_automatic(audit: Json, words: Words) -> str:
    """What the shares in time would be with automatic messages counted as answers, or nothing where that is unknown."""
    if not audit["counts"]["automatic"]:
        return ""
    for name, row in panels.again(audit):
        if name == "automatic_counts":
            return _with_automatic(audit, row, words)
    return ""


def _with_automatic(audit: Json, row: list[panels.Again | None], words: Words) -> str:
    known = [
        (whole, each.percent)
        for whole, each in zip(story.wholes(audit), row, strict=True)
        if each and not each.same and each.percent is not None
    ]
    if not known:
        return words.say("If they counted as answers, no share in time would change.")
    told = [
        f"{words.name('rule', whole['rule']).lower()} {words.percent(share, whole['goal'])}" for whole, share in known
    ]
    return words.say("If they counted as answers, these would be in time: %(list)s.", list=", ".join(told))


def trend(result: Json, words: Words) -> str:
    """Whether the weekly shares differ by more than chance makes them, and which weeks do."""
    known = result.get("trend")
    if not known:
        return ""
    told = [_limits(known, words)]
    if known["limits"]:
        outside = [*_weeks(result, known["above"], "▲", words), *_weeks(result, known["below"], "▼", words)]
        told.append(
            words.plural("%(n)s week lies outside: %(weeks)s.", "%(n)s weeks lie outside: %(weeks)s.",
                         len(outside), weeks=", ".join(outside))
            if outside
            else words.say("No week lies outside.")
        )  # fmt: skip
    if known["not_whole"]:
        weeks = ", ".join(words.week(each) for each in known["not_whole"])
        told.append(words.say("Not whole, and so drawn apart: the week of %(weeks)s.", weeks=weeks))
    return " ".join(told)


def _limits(known: Json, words: Words) -> str:
    limits = known["limits"]
    if not limits:
        return words.plural(
            "%(n)s whole week is too few to tell a signal from chance; it takes eight.",
            "%(n)s whole weeks are too few to tell a signal from chance; it takes eight.",
            known["weeks"],
        )
    shares = {name: words.percent(limits[name]) for name in ("mean", "low", "high")}
    return words.plural(
        "In %(n)s whole week the share was %(mean)s on average; chance alone moves it between %(low)s and %(high)s.",
        "In %(n)s whole weeks the share was %(mean)s on average; chance alone moves it between %(low)s and %(high)s.",
        known["weeks"], **shares,
    )  # fmt: skip


def _weeks(result: Json, weeks: list[str], sign: str, words: Words) -> list[str]:
    shares = story.by(result, "week")
    return [f"{sign} {words.week(each)} ({words.percent(shares[each]['percent'], result['goal'])})" for each in weeks]


def spent(result: Json, words: Words) -> str:
    """When the error budget of the whole period was overdrawn, or nothing."""
    week = course.spent(result)
    return words.say("Overdrawn in the week of %(week)s.", week=words.week(week)) if week else ""


def excused(audit: Json, words: Words) -> str:
    """How many exceptions there are in each state."""
    states = Counter(each["state"] for each in audit["exceptions"])
    return ", ".join(f"{words.name('exception', state)}: {words.number(n)}" for state, n in sorted(states.items()))
