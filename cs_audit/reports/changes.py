"""Sentences about what changed between two audits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cs_audit.compare.differences import METHOD
from cs_audit.compare.gate import reasons
from cs_audit.reports import differing, story, telling
from cs_audit.reports.words import Words

Json = Mapping[str, Any]

_NAMED = 3


def wholes(comparison: Json) -> list[Json]:
    """The changes of every rule over all policies, in the order of reports."""
    return story.wholes(comparison)


def parts(comparison: Json, rule: str) -> list[Json]:
    """The changes of one rule by policy."""
    return story.parts(comparison, rule)


def same_audit(comparison: Json) -> bool:
    """Whether both audits are one and the same."""
    return bool(comparison["old"]["fingerprint"] == comparison["new"]["fingerprint"])


def method_changed(comparison: Json) -> bool:
    """Whether numbers may differ although the work is the same."""
    return any(each["area"] in METHOD for each in comparison["differences"])


def headline(comparison: Json, words: Words) -> str:
    """What changed in one sentence; that the method did is said first."""
    if same_audit(comparison):
        return words.say("Both are the same audit")
    told = [words.say("The method changed")] if method_changed(comparison) else []
    lost, won = (_named(comparison, "turned", each, words) for each in ("missed", "met"))
    worse, better = (_named(comparison, "direction", each, words) for each in ("worse", "better"))
    told += [words.say("goal no longer met: %(list)s", list=lost)] if lost else []
    told += [words.say("worse: %(list)s", list=worse)] if worse else []
    told += [words.say("goal met again: %(list)s", list=won)] if won else []
    told += [words.say("better: %(list)s", list=better)] if better else []
    if not comparison["results"]:
        told.append(words.say("no rule was judged in both audits"))
    elif not (worse or better):
        told.append(words.say("no share in time changed clearly"))
    text = "; ".join(told)
    return text[:1].upper() + text[1:]


def _named(comparison: Json, key: str, value: str, words: Words) -> str:
    """The first few rules of which something holds, with the change of each share."""
    found = [each for each in wholes(comparison) if each[key] == value][:_NAMED]
    names = [words.name("rule", each["rule"]).lower() for each in found]
    if key == "turned":
        return ", ".join(names)
    return ", ".join(f"{name} {points(each['difference'], words)}" for name, each in zip(names, found, strict=True))


def verdict(audit: Json, words: Words) -> str:
    """What of an audit makes the run fail beside its baseline; nothing where nothing is to."""
    if audit["fail_on"] == "never":
        return ""
    told = [_reason(each, words) for each in reasons(audit["comparison"], audit["fail_on"])]
    if not told:
        return words.say("Nothing got worse; what was missed or found before does not fail the run.")
    return words.say("The run fails: %(list)s", list="; ".join(told))


def _reason(each: Json, words: Words) -> str:
    rule = words.name("rule", each["rule"]).lower()
    if each["why"] == "findings":
        number = words.plural("%(n)s new finding", "%(n)s new findings", each["number"])
        return f"{rule}: {number}"
    name = f"{rule} ({each['policy']})" if each["policy"] else rule
    if each["why"] == "worse":
        return words.say("%(rule)s: the goal is missed by clearly more", rule=name)
    return words.say("%(rule)s: the goal is missed and was not before", rule=name)


def points(difference: float | None, words: Words) -> str:
    """A difference of two shares with its unit, or a dash."""
    if difference is None:
        return "–"
    return words.say("%(points)s points", points=words.points(difference)).replace(" ", "\u00a0")


def edges(interval: Sequence[float] | None, words: Words) -> str:
    """The interval of a difference, or a dash."""
    return "–" if interval is None else words.say(
        "%(low)s to %(high)s", low=words.points(interval[0]), high=words.points(interval[1])
    )  # fmt: skip


def direction(each: Json, words: Words) -> str:
    """What the change means, in a sign and a word."""
    known = {
        "better": "▲ " + words.say("better"),
        "worse": "▼ " + words.say("worse"),
        "unclear": "○ " + words.say("no clear change"),
        "same": "= " + words.say("unchanged"),
        "unknown": "– " + words.say("not comparable"),
    }
    return known[each["direction"]]


def tone(each: Json) -> str:
    """The colour of a change: none where it may be chance."""
    return {"better": "met", "worse": "missed"}.get(each["direction"], "none")


def turned(each: Json, words: Words) -> str:
    """What became of the goal, or nothing."""
    known = {"met": words.say("goal met again"), "missed": words.say("goal no longer met")}
    return known.get(each["turned"], "")


def share(side: Json, goal: float, words: Words) -> str:
    """A share in time, or a dash."""
    return "–" if side["percent"] is None else words.percent(side["percent"], goal)


def lengths(each: Json, name: str, words: Words) -> str:
    """A quantile before and now."""
    return arrow(*(telling.length(each[side][name], words) for side in ("old", "new")))


def numbers(before: float, now: float, words: Words) -> str:
    """A number before and now."""
    return arrow(words.number(before), words.number(now))


def goals(each: Json, words: Words) -> str:
    """The goal, and what it was where it differs."""
    return arrow(*(words.goal(each[side]["goal"]) for side in ("old", "new")))


def arrow(before: str, now: str) -> str:
    """Before and now, once where they are the same."""
    return now if before == now else f"{before} → {now}"


def notes(comparison: Json, words: Words) -> Iterator[str]:
    """What must be known before the numbers: changes of method first, then of the period and of what was read."""
    yield from differing.sentences(comparison["differences"], words)
    yield from compared(comparison, words)


def compared(comparison: Json, words: Words) -> Iterator[str]:
    """Both periods, what was read, and what only one audit judged."""
    yield words.say("Before: %(period)s", period=_period(comparison["old"], words))
    yield words.say("Now: %(period)s", period=_period(comparison["new"], words))
    if read := differing.read(comparison["inputs"], words):
        yield read
    for each in comparison["only"]:
        yield _only(each, words)


def _period(about: Json, words: Words) -> str:
    window = about["window"]
    if (window["since"] or window["first_event"]) is None:
        return words.say("nothing was read")
    tickets = words.plural("%(n)s ticket judged", "%(n)s tickets judged", about["judged"])
    return f"{telling.period(window, words)}; {tickets}"


def _only(each: Json, words: Words) -> str:
    name = words.name("rule", each["rule"]) + (f" ({each['policy']})" if each["policy"] else "")
    if each["in"] == "new":
        return words.say("%(rule)s: not judged before, nothing to compare with", rule=name)
    return words.say("%(rule)s: no longer judged", rule=name)


def basis(comparison: Json, words: Words) -> str:
    """How the intervals are to be read."""
    known = {
        "none": words.say(
            "Interval: the range in which the true difference lies with a confidence of %(confidence)s (Newcombe); a "
            "change is clear where the range leaves out zero.",
            confidence=words.goal(95),
        ),
        "part": words.say(
            "Interval: the range in which the true difference lies with a confidence of %(confidence)s (Newcombe). The "
            "periods overlap: the same waits count on both sides, and the two are not independent. As a rule the true "
            "range is narrower, so that a change called clear is clear, and one called unclear may be clear.",
            confidence=words.goal(95),
        ),
        "same": words.say(
            "Both audits judge the same data: every difference comes from the method. Where all late waits are listed, "
            "the interval (Newcombe, %(confidence)s) is that of pairs, each wait judged twice; elsewhere it is that of "
            "two independent samples, which as a rule is too wide.",
            confidence=words.goal(95),
        ),
    }
    return known[comparison["overlap"]]


def of_rule(audit: Json, rule: str) -> list[Json]:
    """The change of a rule since the baseline an audit was compared with; nothing where there is none."""
    comparison = audit.get("comparison")
    return [each for each in wholes(comparison) if each["rule"] == rule] if comparison else []


def groups(each: Json) -> list[tuple[str, str, Json]]:
    """Channels, teams and agents of a result: what changed clearly first, the worst first of all."""
    rank = {"worse": 0, "better": 1}
    known = [
        (dimension, key, group)
        for dimension in ("channel", "team", "agent")
        for key, group in each["by"][dimension].items()
        if group["difference"] is not None
    ]

    def place(item: tuple[str, str, Json]) -> tuple[int, float, str, str]:
        dimension, key, group = item
        return rank.get(group["direction"], 2), group["difference"], dimension, key

    return sorted(known, key=place)[: story.MOST_GROUPS]


def reach(comparison: Json) -> float:
    """How far the axis of differences goes to either side, in percentage points: a multiple of ten."""
    edges = [abs(edge) for each in comparison["results"] for edge in each["interval"] or ()]
    return min(100.0, 10.0 * (1 + max(edges, default=0.0) // 10))
