"""What became of late tickets and findings between two audits, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cs_audit.reports import changes, lexis, values
from cs_audit.reports.words import Words

Json = Mapping[str, Any]

LISTED = 20_000
"""As many late waits and findings of each rule an audit lists by ticket and time."""

APPEARED, VANISHED = ("new", "came"), ("fixed", "left")


def account(listing: Json, words: Words) -> str:
    """Where late tickets or findings of a rule went, in numbers that add up."""
    if listing.get("in", "both") != "both":
        return alone(listing, words)
    told = [
        (listing["new"], words.say("%(n)s new", n=listing["new"])),
        (listing["came"], words.say("%(n)s of a time not covered before", n=listing["came"])),
        (listing["fixed"], words.say("%(n)s fixed", n=listing["fixed"])),
        (listing["left"], words.say("%(n)s of a time no longer covered", n=listing["left"])),
        (listing["same"], words.say("%(n)s the same", n=listing["same"])),
        (listing["untold_now"], words.say("%(n)s of now not comparable", n=listing["untold_now"])),
        (listing["untold_before"], words.say("%(n)s of before not comparable", n=listing["untold_before"])),
    ]
    shown = ", ".join(text for number, text in told if number)
    both = changes.numbers(listing["before"], listing["now"], words)
    return f"{both} ({shown})" if shown else both


def alone(listing: Json, words: Words) -> str:
    """A rule that only one audit asked."""
    if listing["in"] == "new":
        return words.say("%(n)s, not looked for before", n=listing["now"])
    return words.say("%(n)s before, no longer looked for", n=listing["before"])


def late(comparison: Json) -> list[Json]:
    """Late tickets by rule, where either audit has any, in the order of reports."""
    order = [each["rule"] for each in changes.wholes(comparison)]
    known = [each for each in comparison["breaches"] if each["before"] or each["now"]]
    return sorted(known, key=lambda each: order.index(each["rule"]))


def found(comparison: Json) -> list[Json]:
    """Findings by rule, where either audit has any; those that are all the same come last."""
    known = [each for each in comparison["findings"] if each["before"] or each["now"]]
    return sorted(known, key=unchanged)


def unchanged(listing: Json) -> bool:
    """Whether every ticket of a listing is in both audits."""
    return listing.get("same") == listing.get("before") == listing.get("now")


def untold(comparison: Json) -> bool:
    """Whether anything could not be compared, because an audit lists only so many."""
    every = [*comparison["breaches"], *comparison["findings"]]
    return any(each.get("untold_before") or each.get("untold_now") for each in every)


def why_untold(words: Words) -> str:
    """Why some tickets can be called neither new nor fixed."""
    return words.say(
        "An audit lists the hundred worst late waits and the first hundred findings of each rule, and of all late "
        "waits and findings of events the latest %(n)s. Of what is not listed, or missing from a list that is not "
        "whole, it cannot be told whether it is new, fixed or the same: it is not comparable. Fixed means: was there, "
        "lies in the newer audit's period, and is there no more.",
        n=LISTED,
    )


def rows(listing: Json, states: Sequence[str]) -> list[Json]:
    """The tickets in these states."""
    return [each for each in listing.get("rows", ()) if each["state"] in states]


def state(row: Json, words: Words) -> str:
    """What became of a ticket."""
    known = {
        "new": words.say("new"),
        "came": words.say("new, of a time not covered before"),
        "fixed": words.say("fixed"),
        "left": words.say("of a time no longer covered"),
    }
    return known[row["state"]]


def what(row: Json, words: Words) -> str:
    """By how much a wait is late, or what answers say, or how grave a finding is."""
    if "over_seconds" in row:
        return (
            words.say("late by %(time)s", time=words.duration(row["over_seconds"])) if row["over_seconds"] > 0 else ""
        )
    if "slot" in row:
        kind = str(row["slot"]).partition(":")[0]
        said = ", ".join(values.shown(each, words, kind) for each in row["values"])
        return f"{lexis.slot(row['slot'], words)}: {said}"
    return words.name("severity", row["severity"])
