"""Which columns hold words with a meaning (states, roles, kinds, channels), and names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cs_audit.config.toml import toml
from cs_audit.sources import shape_guess
from cs_audit.sources.headers import verdict_of
from cs_audit.sources.supposed import Desk, Rows, quoted
from cs_audit.sources.told import INTERNAL, is_number, meaning_of, plain_word, told, verdicts
from cs_audit.sources.words import meanings_of

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
_NOTES = ("note", "notes", "заметка", "заметки")


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


def answers(column: str, words: Iterable[str]) -> str:
    """The line of TOML that explains words, to be filled in."""
    listed = toml(dict.fromkeys(words, "..."))
    return f"values.{column} = {listed} (each one of: {' '.join(meanings_of(column))})"


def _settled(desk: Desk, column: str, header: str) -> list[str]:
    """Take a column of words; the words that cannot be told."""
    known, unknown = told(column, desk.evidence.words(header) or [])
    if not unknown:
        desk.guess.take(column, header, _listed(known))
        desk.guess.values[column] = known
    return unknown


def _listed(known: dict[str, str]) -> str:
    return ", ".join(f"{word} = {meaning}" for word, meaning in list(known.items())[:12])


def _take_status(desk: Desk) -> None:
    unknown: dict[str, list[str]] = {}
    for header in desk.free("status"):
        if desk.evidence.words(header) is None:
            desk.guess.leave(header, "too many different values for a status")
        elif left := _settled(desk, "status", header):
            unknown[header] = left
        else:
            return
    if unknown:
        header, words = next(iter(unknown.items()))
        desk.guess.columns["status"] = header
        kind = (
            "are bare numbers, which mean something else in every helpdesk"
            if all(map(is_number, words))
            else "are unknown"
        )
        desk.guess.ask(f"the values {quoted(words)} of {quoted([header])} {kind}", answers("status", words))


def _take_priority(desk: Desk) -> None:
    for header in desk.free("priority"):
        unknown = _settled(desk, "priority", header) if desk.evidence.words(header) else ["too many different values"]
        if not unknown:
            return
        numbers = all(map(is_number, unknown))
        why = (
            "bare numbers, and 1 is critical in one helpdesk and low in another"
            if numbers
            else f"unknown: {quoted(unknown[:5])}"
        )
        desk.guess.leave(header, f"{why}; to use it: columns.priority, values.priority")


def _take_channel(desk: Desk) -> None:
    for header in desk.free("channel"):
        known, unknown = told("channel", desk.evidence.words(header) or [])
        if known:
            desk.guess.take("channel", header, _listed(known | dict.fromkeys(unknown, "other")))
            desk.guess.values["channel"] = known | dict.fromkeys(unknown, "other")
            return
        desk.guess.leave(header, "none of its values is a known channel")


def _take_reported(desk: Desk) -> None:
    for header in desk.evidence.columns:
        rule = verdict_of(header)
        words = desk.evidence.words(header) if rule else None
        said = verdicts(words) if words and header not in desk.guess.columns.values() else None
        if rule and said:
            desk.guess.reported[rule] = {"column": header, "achieved": said[0], "breached": said[1]}
            desk.guess.why[f"reported.{rule}"] = "the helpdesk's own verdict, to compare with"


def _take_events(desk: Desk) -> None:
    if kind := shape_guess.tells_kinds(desk):
        _take_or_ask(desk, "kind", kind)
    if role := shape_guess.tells_roles(desk):
        _take_or_ask(desk, "author", role)
    _take_public(desk, kind)
    for flag in _FLAGS:
        for header in desk.free(flag)[:1]:
            if desk.evidence.words(header) and _settled(desk, flag, header):
                desk.guess.leave(
                    header, f"its values are neither true nor false; to use it: columns.{flag}, values.{flag}"
                )
    _take_direction(desk)
    for column in _NUMBERS:
        if (fit := desk.free(column)) and desk.evidence.numbers_only(fit[0]):
            desk.guess.take(column, fit[0])
    _event_status(desk, kind)


def _take_direction(desk: Desk) -> None:
    """Who called whom, where the rows are calls too."""
    for header in desk.free("direction")[:1]:
        if "answered" in desk.guess.columns and _settled(desk, "direction", header):
            desk.guess.leave(header, "its values say neither inbound nor outbound; to use it: values.direction")


def _take_or_ask(desk: Desk, column: str, header: str) -> None:
    unknown = _settled(desk, column, header)
    if unknown:
        desk.guess.columns[column] = header
        desk.guess.ask(
            f"the values {quoted(unknown)} of {quoted([header])} are no known {column}", answers(column, unknown)
        )


def _event_status(desk: Desk, kind: str | None) -> None:
    """A status tells something only in rows that are changes of it."""
    fit = desk.free("status")
    kinds = desk.guess.values.get("kind", {}).values()
    if kind and (not kinds or "status" in kinds):
        _take_status(desk)
    elif fit and not kind and desk.evidence.blanks(fit[0]):
        desk.guess.ask(
            f"{quoted(fit[:1])} is filled in some rows only, and no column says which rows are messages and which are "
            "changes of status",
            'columns.kind = "the column"',
            column="kind",
        )
    elif fit:
        desk.guess.leave(fit[0], "no row is said to be a change of status; to use it: columns.kind, values.kind")


def _take_public(desk: Desk, kind: str | None) -> None:
    """Which messages the requester sees: a flag, a flag of the opposite, or kinds that say so."""
    for header in desk.free("public"):
        _take_or_ask(desk, "public", header)
        return
    for header in desk.free("internal"):
        words = desk.evidence.words(header) or []
        known, unknown = told("public", words)
        if not unknown and words:
            turned = {word: _opposite(word, meaning) for word, meaning in known.items()}
            desk.guess.take("public", header, _listed(turned))
            desk.guess.values["public"] = turned
            return
    if kind:
        _public_by_kind(desk, kind, desk.evidence.words(kind) or [])


def _opposite(word: str, meaning: str) -> str:
    """A flag called internal: `yes` is not public; the word `private` is not public under either name."""
    spoken = plain_word(word) in ("private", "internal", "public")
    return meaning if spoken else "false" if meaning == "true" else "true"


def _public_by_kind(desk: Desk, kind: str, words: Sequence[str]) -> None:
    hidden = [word for word in words if INTERNAL.search(plain_word(word))]
    notes = [word for word in words if plain_word(word) in _NOTES]
    if hidden:
        turned = {word: "false" if word in (*hidden, *notes) else "true" for word in words}
        desk.guess.columns["public"] = kind
        desk.guess.values["public"] = turned
        desk.guess.why["public"] = _listed(turned)
    elif notes:
        desk.guess.ask(
            f"nothing says whether the requester sees rows that are {quoted(notes)} in {quoted([kind])}",
            f"columns.public = {toml(kind)} and values.public = "
            + toml({word: "false" if word in notes else "true" for word in words}),
            column="public",
        )


def _ask_who_wrote(desk: Desk) -> None:
    columns = desk.guess.columns
    if "author" in columns or not _has_messages(desk):
        return
    if {"author_id", "requester"} <= columns.keys():
        people = set(desk.evidence.texts(columns["author_id"]))
        if people & set(desk.evidence.texts(columns["requester"])):
            desk.guess.why["author_id"] = f"whoever is named in {quoted([columns['requester']])} is the requester"
            return
    if "author_id" in columns:
        desk.guess.ask(
            f"{quoted([columns['author_id']])} names who wrote, but nothing says who of them is the requester and who "
            "is an agent",
            'columns.author = "a column of roles", or requester = "opener" if whoever writes first is the requester,',
        )
        return
    text = "no column says who wrote: the requester or an agent"
    desk.guess.ask(text, 'columns.author = "the column"', column="author")


def _has_messages(desk: Desk) -> bool:
    kinds = desk.guess.values.get("kind")
    return kinds is None or "message" in kinds.values() or any(not meaning_of("kind", word) for word in kinds)
