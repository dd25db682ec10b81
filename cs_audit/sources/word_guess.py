"""Which columns hold words with a meaning (states, roles, kinds, channels), and names."""

from __future__ import annotations

from cs_audit.sources import shape_guess
from cs_audit.sources.headers import verdict_of
from cs_audit.sources.settled import answers, listed, settled, take_or_ask, take_public
from cs_audit.sources.supposed import Desk, Rows, quoted
from cs_audit.sources.told import is_number, meaning_of, told, verdicts
from cs_audit.worded import worded

_NAMES: dict[Rows, tuple[str, ...]] = {
    "tickets": ("team", "agent", "account_manager", "requester", "organization", "tags", "subject", "url"),
    "updates": ("team", "agent", "account_manager", "requester", "organization", "tags", "subject", "url"),
    "events": (
        "author_id",
        "team",
        "agent",
        "account_manager",
        "requester",
        "organization",
        "tags",
        "subject",
        "text",
        "headers",
        "url",
    ),
}
_FLAGS = ("automatic", "answered", "voicemail")
_NUMBERS = ("seq", "waited_seconds", "talk_seconds", "score", "scale")


def take_words(desk: Desk, rows: Rows) -> None:
    """Take every column of words and names that rows of this shape have."""
    if rows == "events":
        _take_events(desk)
    else:
        _take_status(desk)
        _take_reported(desk)
    _take_priority(desk)
    _take_channel(desk)
    for column in _NAMES[rows]:
        if fit := desk.free(column):
            desk.guess.take(column, fit[0])
    if rows == "events":
        _ask_who_wrote(desk)


def _take_status(desk: Desk) -> None:
    unknown: dict[str, list[str]] = {}
    for header in desk.free("status"):
        if desk.evidence.words(header) is None:
            desk.guess.leave(header, worded("too many different values for a status"))
        elif left := settled(desk, "status", header):
            unknown[header] = left
        else:
            return
    if unknown:
        header, words = next(iter(unknown.items()))
        desk.guess.columns["status"] = header
        shown = {"words": quoted(words), "column": quoted([header])}
        numbers = worded(
            "the values {words} of {column} are bare numbers, which mean something else in every helpdesk", **shown
        )
        strange = worded("the values {words} of {column} are unknown", **shown)
        desk.guess.ask(numbers if all(map(is_number, words)) else strange, answers("status", words))


def _take_priority(desk: Desk) -> None:
    for header in desk.free("priority"):
        unknown = settled(desk, "priority", header) if desk.evidence.words(header) else ["too many different values"]
        if not unknown:
            return
        numbers = all(map(is_number, unknown))
        why = (
            worded("bare numbers, and 1 is critical in one helpdesk and low in another")
            if numbers
            else worded("unknown: {words}", words=quoted(unknown[:5]))
        )
        desk.guess.leave(header, worded("{why}; to use it: columns.priority, values.priority", why=why))


def _take_channel(desk: Desk) -> None:
    for header in desk.free("channel"):
        known, unknown = told("channel", desk.evidence.words(header) or [])
        if known:
            desk.guess.take("channel", header, listed(known | dict.fromkeys(unknown, "other")))
            desk.guess.values["channel"] = known | dict.fromkeys(unknown, "other")
            return
        desk.guess.leave(header, worded("none of its values is a known channel"))


def _take_reported(desk: Desk) -> None:
    for header in desk.evidence.columns:
        rule = verdict_of(header)
        words = desk.evidence.words(header) if rule else None
        said = verdicts(words) if words and header not in desk.guess.columns.values() else None
        if rule and said:
            desk.guess.reported[rule] = {"column": header, "achieved": said[0], "breached": said[1]}
            desk.guess.why[f"reported.{rule}"] = worded("the helpdesk's own verdict, to compare with")


def _take_events(desk: Desk) -> None:
    if kind := shape_guess.tells_kinds(desk):
        take_or_ask(desk, "kind", kind)
    if role := shape_guess.tells_roles(desk):
        take_or_ask(desk, "author", role)
    take_public(desk, kind)
    for flag in _FLAGS:
        for header in desk.free(flag)[:1]:
            if desk.evidence.words(header) and settled(desk, flag, header):
                desk.guess.leave(
                    header,
                    worded(
                        "its values are neither true nor false; to use it: columns.{flag}, values.{flag}", flag=flag
                    ),
                )
    _take_direction(desk)
    for column in _NUMBERS:
        if (fit := desk.free(column)) and desk.evidence.numbers_only(fit[0]):
            desk.guess.take(column, fit[0])
    _event_status(desk, kind)


def _take_direction(desk: Desk) -> None:
    """Who called whom, where the rows are calls too."""
    for header in desk.free("direction")[:1]:
        if "answered" in desk.guess.columns and settled(desk, "direction", header):
            desk.guess.leave(header, worded("its values say neither inbound nor outbound; to use it: values.direction"))


def _event_status(desk: Desk, kind: str | None) -> None:
    """A status tells something only in rows that are changes of it."""
    fit = desk.free("status")
    kinds = desk.guess.values.get("kind", {}).values()
    if kind and (not kinds or "status" in kinds):
        _take_status(desk)
    elif fit and not kind and desk.evidence.blanks(fit[0]):
        desk.guess.ask(
            worded(
                "{column} is filled in some rows only, and no column says which rows are messages and which are "
                "changes of status",
                column=quoted(fit[:1]),
            ),
            worded('columns.kind = "the column"'),
            column="kind",
        )
    elif fit:
        desk.guess.leave(
            fit[0], worded("no row is said to be a change of status; to use it: columns.kind, values.kind")
        )


def _ask_who_wrote(desk: Desk) -> None:
    columns = desk.guess.columns
    if "author" in columns or not _has_messages(desk):
        return
    if {"author_id", "requester"} <= columns.keys():
        people = set(desk.evidence.texts(columns["author_id"]))
        if people & set(desk.evidence.texts(columns["requester"])):
            desk.guess.why["author_id"] = worded(
                "whoever is named in {column} is the requester", column=quoted([columns["requester"]])
            )
            return
    if "author_id" in columns:
        desk.guess.ask(
            worded(
                "{column} names who wrote, but nothing says who of them is the requester and who is an agent",
                column=quoted([columns["author_id"]]),
            ),
            worded(
                'columns.author = "a column of roles", or requester = "opener" if whoever writes first is the '
                "requester,"
            ),
        )
        return
    text = worded("no column says who wrote: the requester or an agent")
    desk.guess.ask(text, worded('columns.author = "the column"'), column="author")


def _has_messages(desk: Desk) -> bool:
    kinds = desk.guess.values.get("kind")
    return kinds is None or "message" in kinds.values() or any(not meaning_of("kind", word) for word in kinds)
