"""What a finding points at: an event, with the words that say so, and before it the event it follows from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cs_audit.reports import telling
from cs_audit.reports.words import Words

Json = Mapping[str, Any]

_AGAIN = ("requester_repeats_himself", "moved_to_another_channel")


def quoted(text: str, words: Words) -> str:
    """Somebody's words in quotation marks."""
    return words.say("“%(text)s”", text=text)


def evidence(finding: Json, words: Words) -> list[tuple[str, list[str]]]:
    """Each event of a finding in words, the earlier first, with the quotes it holds."""
    events = finding["evidence"]
    quotes = [list(each.get("quotes") or ()) for each in events]
    if len(events) != 2:
        return [(_event(each, words), said) for each, said in zip(events, quotes, strict=True)]
    cause, event = events
    told = (
        words.say("first: %(event)s, %(where)s", event=_event(cause, words), where=_where(finding, cause, words)),
        words.say("again: %(event)s", event=_event(event, words))
        if finding["rule"] in _AGAIN
        else words.say("then: %(event)s", event=_event(event, words)),
    )
    return list(zip(told, quotes, strict=True))


def sentence(finding: Json, words: Words) -> str:
    """The same in one line."""
    return "; ".join(
        " ".join([told, *(quoted(each, words) for each in said)]) for told, said in evidence(finding, words)
    )


def others(finding: Json) -> Sequence[str]:
    """Other tickets that show it, besides one that the evidence names."""
    related: Sequence[str] = finding["related"]
    return () if len(finding["evidence"]) == 2 and len(related) == 1 else related


def _event(event: Json, words: Words) -> str:
    return f"{telling.what(event, words)} ({telling.who(event, words)})"


def _where(finding: Json, cause: Json, words: Words) -> str:
    other = finding["related"][0] if finding["related"] else None
    known = (
        words.say("ticket %(ticket)s", ticket=other) if other else "",
        words.name("channel", cause.get("channel")),
        words.moment(cause["occurred_at"]),
    )
    return ", ".join(each for each in known if each)
