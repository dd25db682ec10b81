"""What an audit, an explanation and a table of verdicts or findings hold of people, found by the names of their keys.

Every text is redacted unless its key is known to hold a word of the program's own: what is added later is not
forgotten.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import polars as pl

from cs_audit.redact.redaction import PEOPLE, Redaction

Json = dict[str, Any]
Change = Callable[[str], str]

_OWN = frozenset({
    "rule", "code", "severity", "outcome", "otherwise", "clock", "kind", "author", "channel", "status", "priority",
    "automatic_reason", "limit", "fingerprint", "sha256", "schema_version", "version", "language", "timezone", "type",
    "encoding", "definition", "state", "by", "pause", "slot", "until", "since", "from", "to", "key",
    "as_of", "occurred_at", "began_at", "ended_at", "due_at", "first_at", "last_at", "time_zone_data", "holiday_data",
    "compiled", "problem", "holidays", "lexicons", "hours", "prompt_version", "model", "limits",
})  # fmt: skip
"""Keys of words that are the program's own, or the configuration's choice among them."""
_TICKETS = ("ticket", "related", "tickets")
_FILES = ("path", "file")
_NAMED = ("excluded", "not_judged", "schedules", "unseen", "team", "source", "sources")
"""Keys of mappings from names the user chose; those from people, organisations and tickets are known by kind."""
_CALLED = {
    **dict.fromkeys((*PEOPLE, "author_ids", "ai_agents", "agents"), Redaction.person),
    **dict.fromkeys((*_TICKETS, "histories"), Redaction.ticket),
    "organization": Redaction.organization,
}
_WORDS = "values."
"""What stands before the column whose words a source explains: they may be anything."""
_EXCLUDED = "excluded:"


def redacted(audit: Mapping[str, Any], redaction: Redaction) -> Json:
    """The audit without people: all numbers, verdicts and times as they were. One that is redacted stays as it is."""
    from cs_audit.audit.result import fingerprint  # noqa: PLC0415 - what renders needs no polars

    if audit.get("redacted"):
        return dict(audit)
    for kind, names in seen(audit):
        redaction.see(kind, names)
    rules = audit["method"]["rules"]
    made = _value(dict(audit), "", redaction)
    made["method"]["rules"] = rules
    made["redacted"] = redaction.shown
    return {**made, "fingerprint": fingerprint(made)}


def explained(told: Mapping[str, Any], redaction: Redaction) -> Json:
    """The explanation of a ticket without people."""
    for kind, names in seen(told):
        redaction.see(kind, names)
    made: Json = _value(dict(told), "", redaction)
    return made


def tabled(frame: pl.DataFrame, redaction: Redaction) -> pl.DataFrame:
    """A table of verdicts or findings without people."""
    texts = [name for name, kind in frame.schema.items() if kind == pl.String and name not in _OWN]
    return frame.with_columns(_column(frame[name], redaction) for name in texts)


def _column(values: pl.Series, redaction: Redaction) -> pl.Series:
    known = values.drop_nulls().unique() if values.name != "url" else values.head(0)
    told = [_cell(each, values.name, redaction) for each in known]
    return values.replace_strict(known, pl.Series(told, dtype=pl.String), default=None, return_dtype=pl.String)


def _cell(text: str, name: str, redaction: Redaction) -> str | None:
    if name in ("related", "evidence"):
        return json.dumps(_value(json.loads(text), name, redaction), ensure_ascii=False)
    changed: str | None = _value(text, name, redaction)
    return changed


def seen(value: Any, key: str = "") -> Iterator[tuple[str, list[str]]]:
    """The people and organisations that a value names, by kind."""
    kind = "person" if key in PEOPLE else "organization" if key == "organization" else ""
    if isinstance(value, Mapping):
        if kind:
            yield kind, list(value)
        for name, each in value.items():
            yield from seen(each, name)
    elif isinstance(value, list):
        for each in value:
            yield from seen(each, key)
    elif kind and isinstance(value, str):
        yield kind, [value]


def _value(value: Any, key: str, redaction: Redaction) -> Any:
    """A part of a value that stands under a key, redacted."""
    if isinstance(value, Mapping):
        named = _change(key, redaction) if key in (*PEOPLE, "organization", "histories", *_NAMED) else None
        told = {(named(name) if named else name): _value(each, name, redaction) for name, each in value.items()}
        if "column" in value and "problem" in value:  # of a row that was rejected: its value may be anything
            return {**told, **_rejected(str(value["value"] or ""), str(value["problem"]), redaction)}
        return {**told, "reason": redaction.text(value["reason"])} if _free(value) else told
    if isinstance(value, list):
        return [_value(each, key, redaction) for each in value]
    if not isinstance(value, str) or key in _OWN:
        return value
    return None if key == "url" else _change(key, redaction)(value)


def _rejected(value: str, problem: str, redaction: Redaction) -> dict[str, str]:
    """The shape of a value that could not be read, also where the problem repeats it to say what to write."""
    shape = redaction.withheld(value)
    return {"value": shape, "problem": problem.replace(f"{{ {value!r} =", f"{{ {shape!r} =")}


def _free(value: Mapping[str, Any]) -> bool:
    """Whether the reason in a mapping is anybody's words: of an exception, or of a second opinion."""
    return isinstance(value.get("reason"), str) and ("state" in value or "agrees" in value)


def _change(key: str, redaction: Redaction) -> Change:
    """How a text under a key is told."""
    called = _CALLED.get(key) or (Redaction.word if key.startswith(_WORDS) else None)
    if called:
        return partial(called, redaction)
    if key in ("reason", "not_judged"):
        return lambda reason: redaction.text(reason) if reason.startswith(_EXCLUDED) else reason
    if key in _FILES:
        return lambda path: redaction.text(path if "://" in path else re.split(r"[\\/]", path)[-1])
    return redaction.text
