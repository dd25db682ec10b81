"""How texts were understood: versions of lexicons, and what the configuration adds to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cs_audit.reports import lexis, values
from cs_audit.reports.words import Words

Json = Mapping[str, Any]


def lexicons(method: Json) -> str:
    """The lexicons with their versions, or nothing where no text was read."""
    known = (method.get("wording") or {}).get("lexicons", {})
    return ", ".join(f"{name} {version}" for name, version in sorted(known.items()))


def additions(method: Json, words: Words) -> Iterator[tuple[str, str, str]]:
    """What the configuration adds: its kind, its name, and what it says."""
    own = method.get("wording") or {}
    for label, phrases in own.get("phrases", {}).items():
        yield words.say("own phrases"), label, "; ".join(phrases)
    for name, row in own.get("concepts", {}).items():
        yield words.say("own concept"), name, _row(row)
    for name, row in own.get("qualifiers", {}).items():
        yield words.say("own group of cases"), name, _row(row)
    for value in own.get("ignore_values", ()):
        yield words.say("value never reported"), "", values.shown(value, words)
    for name, value in own.get("policy_facts", {}).items():
        yield words.say("policy fact"), lexis.slot(name, words), values.shown(value, words)


def opinions(method: Json, words: Words) -> str:
    """How often a model asked for a second opinion agreed, or nothing where none was asked."""
    told = method.get("second_opinion")
    if not told:
        return ""
    return words.say(
        "Second opinion of %(model)s on contradictions to be reviewed: it agrees with %(agreed)s, not with "
        "%(disagreed)s; %(discarded)s answers were not usable, %(unanswered)s were not given.",
        **{name: told[name] for name in ("model", "agreed", "disagreed", "discarded")},
        unanswered=sum(told["unanswered"].values()),
    )


def excused(exception: Json, words: Words) -> str:
    """What an exception is about: its ticket, or what answers say, with the values if it names any."""
    if exception.get("ticket") or not exception.get("slot"):
        return str(exception.get("ticket") or "")
    slot = lexis.slot(exception["slot"], words)
    told = ", ".join(values.shown(each, words, exception["slot"].partition(":")[0]) for each in exception["values"])
    return f"{slot}: {told}" if told else slot


def _row(row: Json) -> str:
    return "; ".join(f"{key}: {text}" for key, text in sorted(row.items()) if text)
