"""Answers that contradict each other, or a declared policy: both sides word for word, and why they clash.

What agents said is the evidence and is quoted; what requesters wrote is not.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from cs_audit.reports import lexis, values
from cs_audit.reports.words import Words

Json = Mapping[str, Any]

WHY = "why"
"""The context of what explains a clash in the catalogues."""

CHANGED = "the answer changed over time"
GRADES = {"high": "sure", "medium": "to be reviewed", "low": "to be reviewed"}
"""How sure a claim is, by its severity."""

WITHHELD = {
    "the same question in other words, by meaning: {a} and {b}": "the same question in other words, found by meaning",
}
"""Reasons that quote requesters, and what is told instead."""

MEASURED = ("for another quantity: {a} and {b}",)
"""Reasons that name values; all others name words."""

REASONS = tuple(WITHHELD.values())
"""Reasons that only reports give."""

_FIELD = re.compile(r"\{(\w+)\}")


def is_claim(finding: Json) -> bool:
    """Whether a finding is about what answers say."""
    return bool(finding["evidence"]) and "slot" in finding["evidence"][-1]


def sides(finding: Json) -> Sequence[Json]:
    """The values that were said: two, or the one that a policy forbids."""
    return list(finding["evidence"][:-1])


def why(finding: Json) -> Json:
    """What explains a claim."""
    told: Json = finding["evidence"][-1]
    return told


def slot(finding: Json, words: Words) -> str:
    """What was asked."""
    told = lexis.slot(str(why(finding)["slot"]), words)
    return told[:1].upper() + told[1:]


def grade(finding: Json, words: Words) -> str:
    """How sure a claim is, or that the answer changed."""
    if why(finding)["kind"] == "change":
        return words.phrase("grade", CHANGED)
    return words.phrase("grade", GRADES[finding["severity"]])


def grades(rule: Json, shown: Sequence[Json], words: Words) -> str:
    """How many of a rule's findings are how grave; of claims, how sure."""
    known = rule.get("found_by") or {rule["severity"]: rule["found"]}
    claims = any(is_claim(each) for each in shown)
    named = {each: words.phrase("grade", GRADES[each]) if claims else words.name("severity", each) for each in known}
    if len(named) == 1:
        return next(iter(named.values()))
    return ", ".join(f"{name} {words.number(known[each])}" for each, name in named.items())


def difference(finding: Json, words: Words) -> str:
    """Why the values clash."""
    told = why(finding)["difference"]
    fields = {name: _value(finding, text, words) for name, text in told["fields"].items()}
    return _filled(told["reason"], fields, words)


def same_case(finding: Json, words: Words) -> str:
    """Why it is one case, where the claim says so."""
    told = why(finding).get("same_case")
    return _reason(told, words) if told else ""


def doubts(finding: Json, words: Words) -> list[str]:
    """What speaks for two cases."""
    return [_reason(each, words) for each in why(finding)["doubts"]]


def value(finding: Json, side: Json, words: Words) -> str:
    """A side's normalised value."""
    return _value(finding, side["value"], words)


def declared(finding: Json, words: Words) -> str:
    """What the configuration says instead, or nothing."""
    told = why(finding).get("declared")
    return _value(finding, told, words) if told else ""


def most(finding: Json, side: Json) -> bool:
    """Whether this is what was said most often."""
    return bool(why(finding).get("majority") == side["value"])


def quoted(side: Json) -> tuple[str, str, str]:
    """The sentence in three: before the quoted value, the value, after it."""
    sentence, quote = str(side["sentence"]), str(side["quote"])
    found = re.search(rf"(?<!\w){re.escape(quote)}(?!\w)", sentence) if quote else None
    begin = found.start() if found else sentence.find(quote) if quote else -1
    if begin < 0:
        return sentence, "", ""
    return sentence[:begin], quote, sentence[begin + len(quote) :]


def spread(side: Json, words: Words) -> str:
    """By how many a value was said, as far as known."""
    told = (
        words.plural("%(n)s conversation", "%(n)s conversations", side["conversations"]),
        words.plural("%(n)s agent", "%(n)s agents", side["agents"]) if side["agents"] else "",
        words.plural("%(n)s channel", "%(n)s channels", side["channels"]) if side["channels"] else "",
    )
    return ", ".join(each for each in told if each)


def period(side: Json, words: Words) -> str:
    """From when to when it was said."""
    first, last = words.date(side["first_at"]), words.date(side["last_at"])
    return first if first == last else f"{first} – {last}"


def speaker(side: Json, words: Words) -> str:
    """Who said it, where and when, besides the ticket."""
    known = (words.name("channel", side["channel"]), side["agent"], words.moment(side["occurred_at"]))
    return " · ".join(each for each in known if each)


def opinion(finding: Json, words: Words) -> str:
    """What a model asked for a second opinion says, in its own words; nothing where it was not asked or not usable."""
    told = why(finding).get("opinion") or {}
    if "agrees" not in told:
        return ""
    verdict = words.say("contradicts") if told["agrees"] else words.say("does not contradict")
    return words.say("%(verdict)s (%(model)s: %(reason)s)", verdict=verdict, **_only(told, "model", "reason"))


def _only(told: Json, *names: str) -> dict[str, str]:
    return {name: str(told[name]) for name in names}


def others(finding: Json) -> list[str]:
    """Other tickets that show it, besides those that are quoted."""
    told = {each["ticket"] for each in sides(finding)}
    return [each for each in finding["related"] if each not in told]


def lines(finding: Json, words: Words) -> list[str]:
    """Both sides and what explains the clash, a line each, for plain text."""
    made = [
        f"{value(finding, side, words)}: {words.say('“%(text)s”', text=side['sentence'])} "
        f"({side['ticket']} · {speaker(side, words)}; {spread(side, words)}"
        f"{'; ' + words.say('the majority') if most(finding, side) else ''})"
        for side in sides(finding)
    ]
    told = {
        words.say("The policy says"): declared(finding, words),
        words.say("Why it is one case"): same_case(finding, words),
        words.say("Doubts"): "; ".join(doubts(finding, words)),
        words.say("A second opinion"): opinion(finding, words),
        words.say("See also"): ", ".join(others(finding)),
    }
    return [*made, *(f"{name}: {text}" for name, text in told.items() if text)]


def dismissal(finding: Json) -> str:
    """What names the claim in an exception of the configuration."""
    said = sorted(each["value"] for each in sides(finding))
    told = json.dumps(said, ensure_ascii=False)
    return f"slot = {json.dumps(why(finding)['slot'], ensure_ascii=False)}, values = {told}"


def _value(finding: Json, text: str, words: Words) -> str:
    return values.shown(str(text), words, str(why(finding)["slot"]).partition(":")[0])


def _reason(told: Json, words: Words) -> str:
    reason = str(told["reason"])
    read = values.shown if reason in MEASURED else lexis.listed
    fields = {
        name: lexis.group(text, words) if name == "group" else read(str(text), words)
        for name, text in told["fields"].items()
    }
    return _filled(WITHHELD.get(reason, reason), fields, words)


def _filled(reason: str, fields: Mapping[str, str], words: Words) -> str:
    return _FIELD.sub(lambda found: fields.get(found[1], found[0]), words.phrase(WHY, reason))
