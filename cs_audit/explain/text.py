"""An explanation in plain text, with a small chart of each wait."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from cs_audit.schedules.zones import zone

Json = Mapping[str, Any]
Words = Callable[[str], str]
_WIDTH = 64
_QUOTE = 100


def as_text(told: Json, words: Words, duration: Callable[[float], str]) -> str:
    """The explanation for a terminal; `words` translates, `duration` writes seconds."""
    where = zone(told["timezone"])
    lines = [
        f"{words('Ticket')} {told['ticket']}, {words('as of')} {_moment(told['as_of'], where)} ({told['timezone']})",
        "",
        *(_event(event, where, words) for event in told["events"]),
    ]
    if told["events_after_as_of"]:
        lines.append(f"     + {told['events_after_as_of']} {words('after the cut-off, not taken into account')}")
    for verdict in told["verdicts"]:
        lines += ["", *_verdict(verdict, told, words, duration)]
    for finding in told["findings"]:
        at = f" ({words('event')} {finding['event']})" if finding["event"] else ""
        head = f"{finding['rule']} ({finding['code']}, {words(finding['severity'])})"
        lines += ["", f"{head}: {words(finding['message'])}{at}"]
    return "\n".join(lines) + "\n"


def _moment(text: str, where: dt.tzinfo) -> str:
    return f"{_local(text, where):%Y-%m-%d %H:%M:%S}"


def _local(text: str, where: dt.tzinfo) -> dt.datetime:
    return dt.datetime.fromisoformat(text).astimezone(where)


def _event(event: Json, where: dt.tzinfo, words: Words) -> str:
    told = [words(event.get("author") or ""), words(event["kind"])]
    told += [
        words(event[name]) for name in ("status", "priority") if name in event and event["kind"] in (name, "other")
    ]
    if event.get("automatic"):
        told.append(f"{words('automatic')} ({words(event.get('automatic_reason') or 'source')})")
    if event["kind"] == "message" and event.get("public") is False:
        told.append(words("internal"))
    quote = " ".join(str(event.get("text") or "").split())
    shown = f"  “{quote[:_QUOTE]}{'…' if len(quote) > _QUOTE else ''}”" if quote else ""
    words_told = " ".join(each for each in told if each)
    return f"{event['number']:>4}  {_moment(event['occurred_at'], where)}  {words_told}{shown}"


def _verdict(verdict: Json, told: Json, words: Words, duration: Callable[[float], str]) -> Iterator[str]:
    where = zone(told["timezone"])
    outcome = words(verdict["outcome"]) + (f", {words(verdict['reason'])}" if verdict["reason"] else "")
    yield f"{verdict['rule']} ({verdict['code']}): {outcome}"
    if verdict["started_by"] is None:
        return
    if verdict["policy"]:
        clock = words("working time") if verdict["clock"] == "working" else words("calendar time")
        yield f"  {words('policy')} {verdict['policy']}, {words('schedule')} {verdict['schedule']}, {clock}"
    yield f"  {words('started by event')} {verdict['started_by']}: {_moment(verdict['began_at'], where)}"
    for each in verdict["stretches"]:
        yield _stretch(each, where, words, duration)
    yield _ending(verdict, told, where, words)
    yield f"  {_sum(verdict, words, duration)}"
    if verdict["stretches"]:
        yield f"  {_chart(verdict, told)}"


def _stretch(each: Json, where: dt.tzinfo, words: Words, duration: Callable[[float], str]) -> str:
    if "skipped" in each:
        days = [f"{day['date']}{' ' + day['name'] if day['name'] else ''}" for day in each["skipped"]]
        shown = days if len(days) <= 6 else [*days[:5], f"… {days[-1]}"]
        return f"    {words('closed')}: {', '.join(shown)}"
    begins, ends = _local(each["from"], where), _local(each["to"], where)
    end = f"{ends:%H:%M:%S}" if ends.date() == begins.date() else f"{ends:%Y-%m-%d %H:%M:%S}"
    return f"    {begins:%a %Y-%m-%d %H:%M:%S} - {end}  {duration(each['seconds'])}"


def _ending(verdict: Json, told: Json, where: dt.tzinfo, words: Words) -> str:
    if verdict["ended_by"] is None:
        return f"  {words('still waiting at the cut-off')}: {_moment(told['as_of'], where)}"
    return f"  {words('ended by event')} {verdict['ended_by']}: {_moment(verdict['ended_at'], where)}"


def _sum(verdict: Json, words: Words, duration: Callable[[float], str]) -> str:
    total = f"{words('total')} {duration(verdict['elapsed_seconds'])}"
    if verdict["limit_seconds"] is None:
        return total
    sign = "<=" if verdict["elapsed_seconds"] <= verdict["limit_seconds"] else ">"
    return f"{total} {sign} {duration(verdict['limit_seconds'])}: {words(verdict['outcome'])}"


def _chart(verdict: Json, told: Json) -> str:
    """One line from start to end: █ counted, · closed, ! the first moment past the due time."""
    begins = dt.datetime.fromisoformat(verdict["began_at"])
    ends = dt.datetime.fromisoformat(verdict["ended_at"] or told["as_of"])
    length = (ends - begins).total_seconds() or 1
    cells = ["·"] * _WIDTH

    def place(text: str) -> int:
        return min(int((dt.datetime.fromisoformat(text) - begins).total_seconds() / length * _WIDTH), _WIDTH - 1)

    for each in verdict["stretches"]:
        if "from" in each:
            for cell in range(place(each["from"]), place(each["to"]) + 1):
                cells[cell] = "█"
    due = verdict["due_at"]
    if due and begins <= dt.datetime.fromisoformat(due) <= ends:
        cells[place(due)] = "!"
    return f"[{''.join(cells)}]"
