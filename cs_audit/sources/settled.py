"""Columns of words that are settled, or asked about; and which messages the requester sees."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cs_audit.config.toml import toml
from cs_audit.sources.supposed import Desk, quoted
from cs_audit.sources.told import INTERNAL, plain_word, told
from cs_audit.sources.words import meanings_of
from cs_audit.worded import Worded, verbatim, worded

_NOTES = ("note", "notes", "заметка", "заметки")


def answers(column: str, words: Iterable[str]) -> Worded:
    """The line of TOML that explains words, to be filled in."""
    open_words = toml(dict.fromkeys(words, "..."))
    known = " ".join(meanings_of(column))
    return worded("values.{column} = {listed} (each one of: {known})", column=column, listed=open_words, known=known)


def settled(desk: Desk, column: str, header: str) -> list[str]:
    """Take a column of words; the words that cannot be told."""
    known, unknown = told(column, desk.evidence.words(header) or [])
    if not unknown:
        desk.guess.take(column, header, listed(known))
        desk.guess.values[column] = known
    return unknown


def listed(known: dict[str, str]) -> Worded:
    """Words with their meanings, as a reason."""
    return verbatim(", ".join(f"{word} = {meaning}" for word, meaning in list(known.items())[:12]))


def take_or_ask(desk: Desk, column: str, header: str) -> None:
    """Take a column of words; ask about those that cannot be told."""
    unknown = settled(desk, column, header)
    if unknown:
        desk.guess.columns[column] = header
        desk.guess.ask(
            worded(
                "the values {words} of {header} are no known {column}",
                words=quoted(unknown),
                header=quoted([header]),
                column=column,
            ),
            answers(column, unknown),
        )


def take_public(desk: Desk, kind: str | None) -> None:
    """Which messages the requester sees: a flag, a flag of the opposite, or kinds that say so."""
    for header in desk.free("public"):
        take_or_ask(desk, "public", header)
        return
    for header in desk.free("internal"):
        words = desk.evidence.words(header) or []
        known, unknown = told("public", words)
        if not unknown and words:
            turned = {word: _opposite(word, meaning) for word, meaning in known.items()}
            desk.guess.take("public", header, listed(turned))
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
    turned = {word: "false" if word in (*hidden, *notes) else "true" for word in words}
    if hidden:
        desk.guess.columns["public"] = kind
        desk.guess.values["public"] = turned
        desk.guess.why["public"] = listed(turned)
    elif notes:
        desk.guess.ask(
            worded(
                "nothing says whether the requester sees rows that are {words} in {column}",
                words=quoted(notes),
                column=quoted([kind]),
            ),
            worded("columns.public = {header} and values.public = {words}", header=toml(kind), words=toml(turned)),
            column="public",
        )
