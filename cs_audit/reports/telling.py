"""Sentences about the audit that several formats share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cs_audit.reports.story import FEW, decided, limits_of, ranked, standing, wholes
from cs_audit.reports.words import Words

Json = Mapping[str, Any]

_NAMED = 3


def headline(audit: Json, words: Words) -> str:
    """The verdict in one sentence."""
    judged = [each for each in wholes(audit) if each["met"] is not None]
    missed = sorted((each for each in judged if not each["met"]), key=lambda each: each["percent"] - each["goal"])
    if not judged:
        return words.say("Nothing was judged")
    if not missed:
        shown = [_short(each, words) for each in judged[:_NAMED]]
        head = words.plural("The goal is met", "All %(n)s goals are met", len(judged))
    else:
        shown = [_short(each, words) for each in missed[:_NAMED]]
        total = len(judged)
        head = (
            words.say("The goal is missed")
            if total == 1
            else words.plural(
                "%(n)s of %(total)s goals missed", "%(n)s of %(total)s goals missed", len(missed), total=total
            )
        )
    return f"{head}: {', '.join(shown)}"


def _short(result: Json, words: Words) -> str:
    share = words.percent(result["percent"], result["goal"])
    rule = words.name("rule", result["rule"])
    return words.say(
        "%(rule)s %(percent)s of %(goal)s",
        rule=rule[:1].lower() + rule[1:],
        percent=share,
        goal=words.goal(result["goal"]),
    )


def account(audit: Json, words: Words) -> str:
    """Every ticket read, judged or not, in one line that adds up."""
    counts = audit["counts"]
    left = sum(counts["not_judged"].values())
    text = words.plural("%(n)s ticket read", "%(n)s tickets read", counts["tickets"])
    text += " = " + words.say("%(judged)s judged + %(left)s not judged", judged=counts["judged"], left=left)
    reasons = ", ".join(f"{words.name('reason', name)}: {words.number(n)}" for name, n in ranked(counts["not_judged"]))
    return f"{text} ({reasons})" if reasons else text


def listed(rules: Sequence[str], words: Words) -> str:
    """Names of rules in a sentence."""
    return ", ".join(words.name("rule", each).lower() for each in rules)


def indifferent(definitions: Sequence[str], words: Words) -> str:
    """The definitions that change nothing, in one sentence."""
    known = [words.name("definition", each) for each in definitions]
    told = "; ".join(each[:1].lower() + each[1:] for each in known)
    return words.say("No figure changes under these definitions: %(list)s.", list=told)


def what(event: Json, words: Words) -> str:
    """What happened, in words."""
    kind = str(event.get("kind"))
    if kind == "message":
        return _message(event, words)
    value = event.get({"assignment": "agent"}.get(kind, kind))
    if value is None:
        return words.name("kind", kind)
    known = {
        "status": lambda: words.say("status: %(status)s", status=words.name("status", value)),
        "priority": lambda: words.say("priority: %(priority)s", priority=words.name("priority", value)),
        "team": lambda: words.say("team: %(team)s", team=value),
        "assignment": lambda: words.say("assigned to %(agent)s", agent=value),
    }
    return known[kind]() if kind in known else words.name("kind", kind)


def _message(event: Json, words: Words) -> str:
    if event.get("automatic"):
        return words.say("automatic (%(reason)s)", reason=words.name("automatic", event.get("automatic_reason")))
    return words.say("internal note") if event.get("public") is False else words.say("message")


def who(event: Json, words: Words) -> str:
    """Who did it: the role, and the id where the source gives one; `(?)` where only the role is not known."""
    role, known = event.get("author") or "unknown", event.get("author_id")
    if role == "unknown" and known:
        return f"{known} (?)"
    return f"{words.name('author', role)} {known}" if known else words.name("author", role)


def when(moment: str, before: str | None, words: Words) -> str:
    """An instant of a list; only its time of day where the one before is of the same day."""
    same = before and words.day(before) == words.day(moment)
    return words.clock(moment) if same else words.instant(moment)


def place(breach: Json, words: Words) -> str:
    """Channel, team and agent of a breach, as far as known."""
    return " · ".join(
        each for each in (words.name("channel", breach["channel"]), breach["team"], breach["agent"]) if each
    )


def period(window: Json, words: Words) -> str:
    """The days the audit looks at, and as of when."""
    first, last = window["since"] or window["first_event"], window["until"] or window["last_event"]
    return words.say(
        "%(first)s – %(last)s, as of %(moment)s (%(zone)s)",
        first=words.day(first), last=words.day(last), moment=words.moment(window["as_of"]), zone=words.timezone,
    )  # fmt: skip


def basis(window: Json, words: Words) -> str:
    """What says to which period a wait belongs, where it is not its beginning."""
    by = window.get("by", "began")
    return "" if by == "began" else words.name("period", by)


def sign(standing: str, words: Words) -> str:
    """Met, missed or nothing decided, in a sign and a word."""
    known = {
        "met": "● " + words.say("met"),
        "missed": "▼ " + words.say("missed"),
        "none": "○ " + words.say("nothing decided"),
    }
    return known[standing]


def verdict(result: Json, words: Words) -> str:
    """The sign and word of a result, with a warning where too few waits were decided."""
    few = " (" + words.say("too few") + ")" if 0 < decided(result) < FEW else ""
    return sign(standing(result), words) + few


def budget(result: Json, words: Words) -> str:
    """The error budget as a sentence, or nothing where nothing was decided."""
    if not decided(result) or "budget" not in result:
        return ""
    allowed, used, left = (result["budget"][name] for name in ("allowed", "used", "left"))
    over = words.say("%(n)s too many", n=-left) if left < 0 else words.say("%(n)s left", n=left)
    return words.say(
        "%(allowed)s, %(used)s: %(rest)s",
        allowed=words.plural("%(n)s may be late", "%(n)s may be late", allowed),
        used=words.plural("%(n)s is", "%(n)s are", used),
        rest=over if left else words.say("none left"),
    )


def budget_left(result: Json, words: Words) -> str:
    """What is left of the error budget, and of how much."""
    known = result.get("budget") if decided(result) else None
    if not known:
        return "–"
    told = words.say("%(left)s of %(allowed)s", left=words.signed(known["left"]), allowed=known["allowed"])
    return told.replace(" ", "\u00a0")


def lateness(breach: Json, words: Words, *, exact: bool = False) -> str:
    """By how much a wait is late; why, where it is late for another reason than its length."""
    if breach["over_seconds"] > 0:
        return words.say("late by %(time)s", time=words.duration(breach["over_seconds"], exact=exact))
    return words.name("reason", breach["reason"]) or words.name("outcome", "breached")


def cause(breach: Json, words: Words) -> str:
    """Why a late wait ended without an answer, where its length alone does not say so."""
    return words.name("reason", breach["reason"]) if breach["over_seconds"] > 0 else ""


def limits(audit: Json, result: Json, words: Words) -> str:
    """The limits a result was judged by."""
    return "; ".join(words.limit(each) for each in limits_of(audit, result))


def length(seconds: float | None, words: Words) -> str:
    """A length of time, or a dash where there is none."""
    return "–" if seconds is None else words.duration(seconds)


def automatic(audit: Json, words: Words) -> str:
    """How automatic messages were known, with their numbers."""
    reasons = ranked(audit["counts"]["automatic_by_reason"])
    return ", ".join(f"{words.name('automatic', name)} {words.number(n)}" for name, n in reasons)


def rejected(audit: Json, words: Words) -> str:
    """How many rows could not be read."""
    n = audit["rejected"]["rows"]
    return (
        words.plural("%(n)s row could not be read", "%(n)s rows could not be read", n)
        if n
        else words.say("Every row could be read")
    )


def missed(result: Json, words: Words) -> str:
    """By how much a goal is missed."""
    shown = words.percent(result["percent"], result["goal"])
    return words.say("%(percent)s in time, the goal is %(goal)s", percent=shown, goal=words.goal(result["goal"]))


def calls(result: Json, words: Words) -> str:
    """What became of the calls, and how long those taken had waited."""
    known = result["calls"]
    taken = words.plural(
        "%(taken)s of %(n)s call taken, %(lost)s not (%(voicemail)s to voicemail)",
        "%(taken)s of %(n)s calls taken, %(lost)s not (%(voicemail)s to voicemail)",
        known["offered"], taken=known["taken"], lost=known["not_taken"], voicemail=known["voicemail"],
    )  # fmt: skip
    if not known["taken"]:
        return taken
    waited = words.say(
        "average wait %(average)s, longest %(longest)s; 90th percentile of all judged %(most)s",
        average=words.duration(known["average_wait_seconds"]),
        longest=words.duration(known["longest_wait_seconds"]),
        most=length(result["p90_seconds"], words),
    )
    return f"{taken}; {waited}"
