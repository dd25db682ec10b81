"""Tickets as people write them down: the ```timeline blocks of rule pages and golden files.

A line is one event, `DAY HH:MM[:SS]  AUTHOR  KIND  WORDS`, with a comment where the rule says something:

    Mon 09:00  requester  message
    Mon 09:01  system     message  automatic
    Mon 10:05  agent      message              # breached 65m

Lines stand in the order of their events; of one instant the line above comes first. WORDS are `internal`,
`automatic` (and why: `phrase`, `burst` ...), `inbound`, `answered`, `voicemail`, `unstaffed`, `waited:SECONDS`,
`team:NAME`, `agent:NAME` (in charge), `by:NAME` (the author), `manager:NAME`, `channel:NAME`, `ticket:NAME` (else T),
`of:NAME` (the requester, else R), `score:2/5`, `says:LABEL`, `seq:N`, or a status; what was said may follow in quotation
marks, and is read for labels. The block's head
may say `as_of=Mon 12:00` (else the last event is the cut-off), `limit=60m` (also the default; `promised` is what was said), `pause=pending,on_hold`
(statuses in which the target's clock stands still) and `within=2h` (an option of the rule; spaces are `_`).

Every verdict is written down, also `not_judged REASON`. It stands on the event that ended the wait; where nothing
did, on the event that left it without an answer; where it is still open, on the event that began it; where there
was no wait at all, on the ticket's first event. A finding (`# found`) stands on the event it points at.
"""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from cs_audit.audit.promised import written
from cs_audit.events import AUTHORS, INFORMATION, KINDS, REASONS, STATUSES
from cs_audit.text.phrases import info_asked, info_given, promises
from cs_audit.text.phrases.classify import says
from cs_audit.text.phrases.lexicon import lexicon

MONDAY = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
HOUR = dt.timedelta(hours=1)

_BLOCK = re.compile(r"^```timeline([^\n]*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
_HEAD = re.compile(r"(\w+)=(\w{3} [\d:]+|\S+)")
_LINE = re.compile(
    r"(?P<when>\w{3} [\d:]+) +(?P<author>\w+) +(?P<kind>\w+)(?P<words>[^#\"]*)"
    r"(?:\"(?P<text>[^\"]*)\" *)?(?:# *(?P<says>.*))?"
)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}

Event = dict[str, Any]
NAMED = {"seq", "team", "waited", "says", "agent", "by", "manager", "channel", "ticket", "of", "score"}
LABELS = lexicon(None).names
Said = tuple[int, str]
"""The place of an event and the comment on it."""


@dataclass(frozen=True)
class Timeline:
    """One block: its events, the comments on them, and the head."""

    events: list[Event]
    says: list[Said]
    as_of: dt.datetime
    limit: dt.timedelta | None
    options: dict[str, Any]
    pause: tuple[str, ...] | None


def timelines(page: str) -> list[Timeline]:
    """The timelines of a page, in order."""
    return [_timeline(head, body) for head, body in _BLOCK.findall(page)]


def span_of(text: str) -> dt.timedelta:
    """`90s`, `60m` or `2h` as a length of time."""
    return dt.timedelta(**{_UNITS[text[-1]]: int(text[:-1])})


def shown(length: dt.timedelta) -> str:
    """A length of time as comments write it: `65m`, `60m 1s` or `15s`."""
    minutes, seconds = divmod(int(length.total_seconds()), 60)
    if seconds and not minutes:
        return f"{seconds}s"
    return f"{minutes}m {seconds}s" if seconds else f"{minutes}m"


def _timeline(head: str, body: str) -> Timeline:
    given = dict(_HEAD.findall(head))
    lines = [_match(line) for line in body.splitlines() if line.strip()]
    events = [_event(line, row) for row, line in enumerate(lines)]
    _note_managers(events)
    times = [each["occurred_at"] for each in events]
    if times != sorted(times):
        raise ValueError(f"lines out of order: {body}")
    return Timeline(
        events,
        [(row, line["says"].strip()) for row, line in enumerate(lines) if line["says"]],
        _moment(given.pop("as_of").replace("_", " ")) if "as_of" in given else times[-1],
        None if given.get("limit") == "promised" and given.pop("limit") else span_of(given.pop("limit", "60m")),
        pause=tuple(given.pop("pause").split(",")) if "pause" in given else None,
        options={name: _option(value) for name, value in given.items()},
    )


def _rated(score: str | None) -> str | None:
    if score is None:
        return None
    value, scale = map(int, score.split("/"))
    return "low" if value * 5 <= scale * 2 else "high" if value * 5 >= scale * 4 else "middle"


def _note_managers(events: list[Event]) -> None:
    """Whether each event is done by the account manager named so far, or, before any is named, by the first one."""
    named = [each["account_manager"] for each in events if each["account_manager"]]
    manager = named[0] if named else None
    for each in events:
        manager = each["account_manager"] or manager
        who = each["agent"] if each["author"] == "requester" else each["author_id"] or each["agent"]
        each["by_manager"] = None if manager is None or who is None else who == manager


def _option(text: str) -> Any:
    if re.fullmatch(r"\d+[smhd]", text):
        return span_of(text)
    if text.isdigit():
        return int(text)
    return text == "true" if text in ("true", "false") else text.replace("_", " ")


def _match(line: str) -> re.Match[str]:
    match = _LINE.fullmatch(line.strip())
    if match is None:
        raise ValueError(f"not a line of a timeline: {line}")
    return match


def _moment(text: str) -> dt.datetime:
    day, _, clock = text.partition(" ")
    hour, minute, second = (int(part) for part in [*clock.split(":"), "0"][:3])
    return MONDAY + dt.timedelta(days=DAYS.index(day), hours=hour, minutes=minute, seconds=second)


def _event(line: re.Match[str], row: int) -> Event:
    words = set(line["words"].split())
    statuses = [word for word in words if word in STATUSES]
    named = dict(word.split(":") for word in words if ":" in word)
    said = {word.removeprefix("says:") for word in words if word.startswith("says:")}
    said |= {each.label for each in says(line["text"] or "", line["author"])}
    known = {
        "internal",
        "automatic",
        "inbound",
        "answered",
        "voicemail",
        "unstaffed",
        *REASONS,
        *statuses,
        *(f"{key}:{named[key]}" for key in named),
        *(f"says:{label}" for label in said),
    }
    if words - known or named.keys() - NAMED or line["author"] not in AUTHORS or line["kind"] not in KINDS:
        raise ValueError(f"unknown words in a timeline: {line[0]}")
    return {
        "ticket": named.get("ticket", "T"),
        "row": row,
        "seq": int(named["seq"]) if "seq" in named else None,
        "occurred_at": _moment(line["when"]),
        "kind": line["kind"],
        "author": line["author"],
        "public": "internal" not in words,
        "automatic": "automatic" in words,
        "automatic_reason": next((word for word in REASONS if word in words), None),
        "status": next(iter(statuses), None),
        "text": line["text"],
        "promised": [written(each.deadline) for each in promises(line["text"])]
        if line["text"] and line["author"] == "agent"
        else None,
        **{f"says_{label}": label in said for label in LABELS},
        **{f"asks_{kind}": kind in info_asked(line["text"] or "") for kind in INFORMATION},
        **{f"gives_{kind}": kind in info_given(line["text"] or "") for kind in INFORMATION},
        "team": named.get("team"),
        "agent": named.get("agent"),
        "author_id": named.get("by", "R" if line["author"] == "requester" else None),
        "requester": named.get("of", "R"),
        "channel": named.get("channel"),
        "account_manager": named.get("manager"),
        "rated": _rated(named.get("score")),
        "staffed": "unstaffed" not in words if line["author"] == "requester" else None,
        "direction": "inbound" if "inbound" in words else None,
        "answered": "answered" in words if line["kind"] == "call" else None,
        "voicemail": "voicemail" in words if line["kind"] == "call" else None,
        "waited_seconds": float(named["waited"]) if "waited" in named else None,
    }
