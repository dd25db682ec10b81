"""An explanation in plain text, with a small chart of each wait."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from cs_audit.reports import answers, clean, marks, telling

if TYPE_CHECKING:
    from cs_audit.reports.words import Words

Json = Mapping[str, Any]
_WIDTH = 64
_QUOTE = 100
_DAYS = 6


def as_text(told: Json, words: Words) -> str:
    """The explanation for a terminal."""
    as_of = words.say("As of %(moment)s (%(zone)s)", moment=words.moment(told["as_of"]), zone=told["timezone"])
    lines = [f"{words.say('Ticket %(ticket)s', ticket=told['ticket'])}. {as_of}", ""]
    lines += [_event(event, words) for event in told["events"]]
    if told["events_after_as_of"]:
        lines.append(f"      {after_cutoff(told, words)}")
    for verdict in told["verdicts"]:
        lines += ["", *_verdict(verdict, told, words)]
    lines += [""] if told["findings"] else []
    for each in told["findings"]:
        lines += [finding(each, words), *(f"  {line}" for line in evidence(each, words))]
    return clean.plain("\n".join(clean.line(each) for each in lines) + "\n")


def after_cutoff(told: Json, words: Words) -> str:
    """How many events the cut-off left out."""
    number = told["events_after_as_of"]
    return words.plural(
        "%(n)s event after the cut-off is left out", "%(n)s events after the cut-off are left out", number
    )


def finding(each: Json, words: Words) -> str:
    """One finding as a sentence."""
    at = _standing(each, words)
    if answers.is_claim(each):
        said = f"{answers.slot(each, words)}: {answers.difference(each, words)}"
        return f"{each['rule']} ({each['code']}, {answers.grade(each, words)}): {said}{at}"
    severity = words.name("severity", each["severity"])
    return f"{each['rule']} ({each['code']}, {severity}): {words.prose(each['message'])}{at}"


def _standing(each: Json, words: Words) -> str:
    """The event a finding stands on, or the ticket where that is another one."""
    if each["event"]:
        return " " + words.say("(event %(number)s)", number=each["event"])
    return " " + words.say("(in ticket %(ticket)s)", ticket=each["ticket"]) if each.get("ticket") else ""


def evidence(each: Json, words: Words) -> list[str]:
    """What a finding stands on, a line each: answers word for word and why they clash, or events and their quotes."""
    events = each["evidence"]
    if not events:
        return []
    if answers.is_claim(each):
        return answers.lines(each, words)
    lines = [marks.sentence(each, words)] if len(events) > 1 or events[0].get("quotes") else []
    more = marks.others(each)
    return [*lines, f"{words.say('See also')}: {', '.join(more)}"] if more else lines


def heading(verdict: Json, words: Words) -> str:
    """The rule and what became of the wait."""
    outcome = words.name("outcome", verdict["outcome"])
    reason = f", {words.name('reason', verdict['reason'])}" if verdict["reason"] else ""
    return f"{verdict['rule']} ({verdict['code']}): {outcome}{reason}"


def standard(verdict: Json, words: Words) -> str:
    """The policy, schedule and clock that judged."""
    return words.say(
        "policy %(policy)s, schedule %(schedule)s, %(clock)s",
        policy=verdict["policy"],
        schedule=verdict["schedule"],
        clock=words.name("clock", verdict["clock"]),
    )


def beginning(verdict: Json, words: Words) -> str:
    """Which event began the wait, and when."""
    return words.say(
        "began with event %(number)s, %(moment)s",
        number=verdict["started_by"],
        moment=words.instant(verdict["began_at"]),
    )


def ending(verdict: Json, told: Json, words: Words) -> str:
    """Which event ended the wait, and when; or that it lasts."""
    if verdict["ended_by"] is None:
        return words.say("still open at %(moment)s", moment=words.moment(told["as_of"]))
    return words.say(
        "ended with event %(number)s, %(moment)s", number=verdict["ended_by"], moment=words.instant(verdict["ended_at"])
    )


def total(verdict: Json, words: Words) -> str:
    """The sum against the limit."""
    elapsed = words.duration(verdict["elapsed_seconds"], exact=True)
    if verdict["limit_seconds"] is None:
        return f"{words.say('Sum')} {elapsed}"
    sign = "≤" if verdict["elapsed_seconds"] <= verdict["limit_seconds"] else ">"
    limit = words.duration(verdict["limit_seconds"], exact=True)
    return (
        f"{words.say('Sum')} {elapsed} {sign} {words.say('limit')} {limit}: {words.name('outcome', verdict['outcome'])}"
    )


def stretch(each: Json, words: Words) -> str:
    """One stretch of time that was counted, or the days that were not."""
    if "paused" in each:
        return _paused(each["paused"], words)
    if "skipped" not in each:
        return f"{words.stretch(each['from'], each['to'])}  {words.duration(each['seconds'], exact=True)}"
    days = [
        f"{words.weekday_date(day['date'])}{' (' + day['name'] + ')' if day['name'] else ''}" for day in each["skipped"]
    ]
    shown = days if len(days) <= _DAYS else [*days[: _DAYS - 1], f"… {days[-1]}"]
    return words.say("closed: %(days)s", days=", ".join(shown))


def _paused(pause: Json, words: Words) -> str:
    """A pause: when, why, and how much working time it took out."""
    return words.say(
        "%(stretch)s  not counted: %(status)s since event %(number)s (%(length)s)",
        stretch=words.stretch(pause["from"], pause["to"]),
        status=words.name("status", pause["status"]),
        number=pause["event"],
        length=words.duration(pause["seconds"], exact=True),
    )


def change(each: Json, words: Words) -> str:
    """A wait that passed to another policy."""
    return words.say(
        "with event %(number)s: policy %(before)s → %(after)s",
        number=each["event"],
        before=_promise(each["before"], words),
        after=_promise(each["after"], words),
    )


def _promise(told: Json, words: Words) -> str:
    limit = words.limit(told["limit"]) if told["limit"] else words.say("no target")
    return f"{told['policy'] or words.say('none')} ({limit})"


def due(verdict: Json, words: Words) -> str:
    """When the wait was due."""
    return words.say("due %(moment)s", moment=words.instant(verdict["due_at"]))


def quote(event: Json) -> str:
    """The beginning of a message."""
    text = " ".join(str(event.get("text") or "").split())
    return f"“{text[:_QUOTE]}{'…' if len(text) > _QUOTE else ''}”" if text else ""


def _event(event: Json, words: Words) -> str:
    what = f"{telling.who(event, words)}: {telling.what(event, words)}"
    return f"{event['number']:>4}  {words.instant(event['occurred_at'])}  {what}  {quote(event)}".rstrip()


def _verdict(verdict: Json, told: Json, words: Words) -> Iterator[str]:
    yield heading(verdict, words)
    if verdict["started_by"] is None:
        return
    if verdict["policy"]:
        yield f"  {standard(verdict, words)}"
    yield f"  {beginning(verdict, words)}"
    yield from (f"  {change(each, words)}" for each in verdict["changes"])
    yield from (f"    {stretch(each, words)}" for each in verdict["stretches"])
    if not any("from" in each for each in verdict["stretches"]):
        yield f"    {words.say('no working time in between')}"
    if verdict["due_at"]:
        yield f"  {due(verdict, words)}"
    yield f"  {ending(verdict, told, words)}"
    yield f"  {total(verdict, words)}"
    if any("from" in each for each in verdict["stretches"]):
        yield f"  {_chart(verdict, told)}"


def _chart(verdict: Json, told: Json) -> str:
    """One line from start to end: █ counted, · not counted, ! the moment it was due."""
    begins = dt.datetime.fromisoformat(verdict["began_at"])
    ends = dt.datetime.fromisoformat(verdict["ended_at"] or told["as_of"])
    length = (ends - begins).total_seconds() or 1
    cells = ["·"] * _WIDTH

    def place(text: str) -> int:
        return min(int((dt.datetime.fromisoformat(text) - begins).total_seconds() / length * _WIDTH), _WIDTH - 1)

    for each in verdict["stretches"]:
        if "from" in each:
            cells[place(each["from"]) : place(each["to"]) + 1] = "█" * (place(each["to"]) - place(each["from"]) + 1)
    due = verdict["due_at"]
    if due and begins <= dt.datetime.fromisoformat(due) <= ends:
        cells[place(due)] = "!"
    return f"[{''.join(cells)}]"
