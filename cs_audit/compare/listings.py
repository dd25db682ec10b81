"""Late tickets and findings of two audits, matched: which are new, which are gone, which are both.

An audit keeps the worst late waits and the first findings of each rule whole, and lists the latest of all by ticket and
time. What is absent from lists that are not complete may be there all the same; it is counted as untold, never as fixed
or new, unless the order of a list proves it absent.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cs_audit.compare.periods import Period, moment

Json = dict[str, Any]
Audit = Mapping[str, Any]
Key = tuple[Hashable, ...]

SHOWN = ("ticket", "channel", "team", "agent", "url")


@dataclass(frozen=True)
class Listing:
    """What an audit lists of a rule: the rows by identity, how many there are in all, and what it could have seen.

    `covers` and `proves` take a row of the other audit: whether it lies in this one's period, and whether its absence
    from these rows proves that it is not there.
    """

    rows: Mapping[Key, Json]
    total: int
    covers: Callable[[Json], bool]
    proves: Callable[[Json], bool]


def breaches(old: Audit, new: Audit) -> list[Json]:
    """The late waits of every rule with a target in both audits; a wait is its ticket and when it began."""
    rules = {each["rule"] for each in old["results"]}
    wholes = [each for each in new["results"] if each["policy"] is None and each["rule"] in rules]
    made = []
    for each in wholes:
        before, now = (_late(audit, each["rule"]) for audit in (old, new))
        made.append({"rule": each["rule"], "code": each["code"], **matched(before, now, _wait)})
    return made


def findings(old: Audit, new: Audit) -> list[Json]:
    """The findings of every rule that looked for them in both audits, in the newer one's order; then the rules that
    only one of them asked, with the number found.
    """
    before, after = _asked(old), _asked(new)
    made = [
        {**_rule(after[name]), "in": "both", "grades": _grades(before[name], after[name]),
         **matched(_found(old, before[name]), _found(new, after[name]), _finding)}
        for name in after if name in before
    ]  # fmt: skip
    for where, mine, others in (("new", after, before), ("old", before, after)):
        made += [_alone(where, each) for name, each in mine.items() if name not in others]
    return made


def matched(old: Listing, new: Listing, shown: Callable[[Json], Json]) -> Json:
    """Numbers that add up, and the rows that are in one list only.

    `now` = `same` + `new` (not there before) + `came` (of a period the older audit does not cover) + `untold_now`;
    `before` = `same` + `fixed` (not there any more) + `left` (of a period the newer one does not cover) +
    `untold_before`.
    """
    appeared = [(_state(row, old, "new", "came"), row) for key, row in new.rows.items() if key not in old.rows]
    vanished = [(_state(row, new, "fixed", "left"), row) for key, row in old.rows.items() if key not in new.rows]
    number = Counter(state for state, _ in (*appeared, *vanished))
    same = len(old.rows.keys() & new.rows.keys())
    told = {name: number[name] for name in ("new", "came", "fixed", "left")}
    return {
        "before": old.total,
        "now": new.total,
        "same": same,
        **told,
        "untold_before": old.total - same - told["fixed"] - told["left"],
        "untold_now": new.total - same - told["new"] - told["came"],
        "rows": [{"state": state, **shown(row)} for state, row in (*appeared, *vanished) if state],
    }


def _state(row: Json, other: Listing, absent: str, outside: str) -> str:
    """What it means that the other audit does not list a row; nothing where that cannot be told."""
    if not other.covers(row):
        return outside
    return absent if other.proves(row) else ""


def _numbered(rows: Sequence[Json], identity: Callable[[Json], Key]) -> dict[Key, Json]:
    """Rows by identity; of several with the same one, each has its number."""
    return dict(_with_numbers(rows, identity))


def _with_numbers(rows: Sequence[Json], identity: Callable[[Json], Key]) -> Iterator[tuple[Key, Json]]:
    seen: Counter[Key] = Counter()
    for row in rows:
        key = identity(row)
        seen[key] += 1
        yield (*key, seen[key]), row


def _late(audit: Audit, rule: str) -> Listing:
    rows = _rows([each for each in audit["worst"] if each["rule"] == rule], listed(audit, rule), _waited)
    total = next(each["breached"] for each in audit["results"] if each["rule"] == rule and each["policy"] is None)
    whole, period, unread = len(rows) >= total, Period.of(audit), _unread(audit)
    since = _reached(audit, rule, "began_at")

    def covers(row: Json) -> bool:
        began = moment(row["began_at"])
        decides = moment(row["due_at"]) if period.by == "due" and row.get("due_at") else began
        return period.holds(began) and (period.by == "opened" or period.takes(decides))

    def proves(row: Json) -> bool:
        """A window by what is not in the row (the ticket's opening, the due time) leaves open whether it takes the
        wait in.
        """
        unknown = period.by == "opened" or (period.by == "due" and "due_at" not in row)
        open_window = unknown and (period.since or period.until)
        told = whole or (since is not None and moment(row["began_at"]) > since)
        return told and row["ticket"] not in unread and not open_window

    return Listing(rows, total, covers, proves)


def listed(audit: Audit, rule: str) -> list[Json]:
    """What an audit lists of a rule by ticket and time alone, the latest first; nothing in small and in older ones."""
    columns = audit.get("listed", {}).get(rule, {})
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _rows(whole: Sequence[Json], short: Sequence[Json], identity: Callable[[Json], Key]) -> dict[Key, Json]:
    """Those that are told whole, then the others, the worst or the earliest first."""
    told = sorted(short, key=lambda row: (-row.get("over_seconds", 0), *identity(row)[::-1]))
    nobody: Json = dict.fromkeys((*SHOWN, "policy"))
    others = {key: {**nobody, **row} for key, row in _with_numbers(told, identity)}
    first = _numbered(whole, identity)
    return first | {key: row for key, row in others.items() if key not in first}


def _reached(audit: Audit, rule: str, time: str) -> dt.datetime | None:
    """The moment after which everything is listed, though not all is; None where nothing is."""
    times = audit.get("listed", {}).get(rule, {}).get(time)
    return moment(times[-1]) if times else None


def _waited(row: Json) -> Key:
    return row["ticket"], row["began_at"]


def _wait(row: Json) -> Json:
    return {**_about(row), "occurred_at": row["began_at"], "over_seconds": row["over_seconds"], "policy": row["policy"]}


def _about(row: Json) -> Json:
    return {name: row[name] for name in SHOWN}


def _unread(audit: Audit) -> set[str]:
    """Tickets of which rows could not be read: nothing is known of them."""
    return {each["ticket"] for each in audit["rejected"]["listed"] if each["ticket"]}


def _asked(audit: Audit) -> dict[str, Json]:
    return {each["rule"]: each for each in audit["method"]["rules"] if each["found"] is not None}


def _alone(where: str, rule: Json) -> Json:
    """A rule that only one audit asked."""
    none = {**rule, "found": 0, "found_by": {}}
    sides = (none, rule) if where == "new" else (rule, none)
    number = {"before": sides[0]["found"], "now": sides[1]["found"]}
    return {**_rule(rule), "in": where, "grades": _grades(*sides), **number}


def _rule(rule: Json) -> Json:
    return {name: rule[name] for name in ("rule", "code", "severity")}


def _grades(old: Json, new: Json) -> Json:
    """Findings by severity, before and now; older audits know only the rule's."""
    made = [each.get("found_by") or ({each["severity"]: each["found"]} if each["found"] else {}) for each in (old, new)]
    return {grade: [side.get(grade, 0) for side in made] for grade in sorted({*made[0], *made[1]})}


def _found(audit: Audit, rule: Json) -> Listing:
    kept = [each for each in audit["findings"] if each["rule"] == rule["rule"]]
    short = [{**each, "severity": rule["severity"], "evidence": []} for each in listed(audit, rule["rule"])]
    rows = _rows(kept, short, _identity)
    whole, period, unread = len(rows) >= rule["found"], Period.of(audit), _unread(audit)
    last, since = _place(kept[-1]) if kept else None, _reached(audit, rule["rule"], "occurred_at")

    def covers(row: Json) -> bool:
        return period.covers(*_moments(row))

    def proves(row: Json) -> bool:
        """What is kept is in the order of severity, time and ticket, what is listed the latest first."""
        before = not _claim(row) and last is not None and _place(row) < last
        after = not _claim(row) and since is not None and moment(row["occurred_at"]) > since
        return (whole or before or after) and row["ticket"] not in unread

    return Listing(rows, rule["found"], covers, proves)


def _place(row: Json) -> tuple[str, dt.datetime, str]:
    return row["severity"], moment(row["occurred_at"]), row["ticket"]


def _identity(row: Json) -> Key:
    """The ticket and the moment; of what answers say, what was asked and the values, whatever the tickets."""
    claim = _claim(row)
    if claim:
        values = tuple(sorted(str(each["value"]) for each in row["evidence"][:-1]))
        return str(claim["slot"]), str(claim["kind"]), str(claim.get("declared")), values
    return row["ticket"], row["occurred_at"]


def _claim(row: Json) -> Json | None:
    """What explains a finding about answers; None for one about events."""
    last = row["evidence"][-1] if row["evidence"] else {}
    return last if "slot" in last else None


def _moments(row: Json) -> list[dt.datetime]:
    if not _claim(row):
        return [moment(row["occurred_at"])]
    return [moment(side[name]) for side in row["evidence"][:-1] for name in ("first_at", "last_at")]


def _finding(row: Json) -> Json:
    claim = _claim(row)
    told = (
        {"slot": claim["slot"], "values": sorted(str(each["value"]) for each in row["evidence"][:-1])} if claim else {}
    )
    return {**_about(row), "occurred_at": row["occurred_at"], "severity": row["severity"], **told}
