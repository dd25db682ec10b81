"""Messages nobody wrote: known by mail headers, by the subject, or by phrases of acknowledgements and absences.

Headers beat the subject, the subject beats the text. Each test has two forms that agree: `why` for one message, and
functions of whole columns. Who writes decides too: a requester who repeats an acknowledgement is asking about it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

import polars as pl

from cs_audit.text import boilerplate, repeated
from cs_audit.text.lexicon import lexicon, version

REASONS = ("header", "subject", "text", "burst", "clockwork")
"""Why a message is automatic; the last two are known only from many tickets (see `repeated`)."""

_LINE_END, _FOLDED_LINE, _BODY = r"\r\n?", r"\n[ \t]+", r"(?s)\n\n.*$"


def why(
    headers: str | Mapping[str, str] | None, subject: str | None, text: str | None, *, author: str | None = None
) -> str | None:
    """Why one message is automatic: `header`, `subject` or `text`; None if a person wrote it as far as can be seen.

    Args:
        headers: the mail's headers, as a block of lines or by name.
        subject: the mail's own subject. An agent's says nothing: it repeats the ticket's.
        text: the message as plain text without quoted history; "do not reply" may stand in its signature.
        author: role of who wrote it, in the words of the event table; None if unknown.
    """
    if headers and re.search(_header_pattern(), _block(headers)):
        return "header"
    if subject and author != "agent" and re.search(_subject_pattern(), subject):
        return "subject"
    return "text" if text and boilerplate.rule_of(text, author=author) else None


def lexicon_version() -> str:
    """The version of the headers, subjects and phrases."""
    return version("automatic")


def header_says(headers: pl.Expr) -> pl.Expr:
    """Whether each block of mail headers is that of automatic mail (RFC 3834, and the vendors' own lines)."""
    block = headers.str.replace_all(_LINE_END, "\n").str.replace_all(_FOLDED_LINE, " ").str.replace(_BODY, "")
    return block.str.contains(_header_pattern())


def subject_says(subjects: pl.Expr) -> pl.Expr:
    """Whether each subject begins like that of automatic mail."""
    return subjects.str.contains(_subject_pattern())


def reasons(frame: pl.DataFrame) -> pl.Series:
    """Why each message is automatic, or null: the first of `REASONS`, by those columns the frame has.

    The columns are headers, subject, text (plain, without quoted history, better with its signature) and author.
    With ticket, occurred_at and author_id too, repetition within the frame tells as well: give it all tickets
    whole, or gather `repeated.prints` chunk by chunk. The result is the column `automatic_reason`.
    """
    tests: list[pl.Expr] = []
    if "headers" in frame.columns:
        tests.append(_named("header", header_says(pl.col("headers"))))
    if "subject" in frame.columns:
        found = subject_says(pl.col("subject"))
        tests.append(
            _named("subject", found & pl.col("author").ne_missing("agent") if "author" in frame.columns else found)
        )
    if "text" in frame.columns:
        authors = frame["author"] if "author" in frame.columns else None
        tests.append(_named("text", pl.lit(boilerplate.rules_of(frame["text"], authors)).is_not_null()))
    if {"ticket", "occurred_at", "author_id", "text"}.issubset(frame.columns):
        tests.append(pl.lit(repeated.reasons(repeated.prints(frame)).cast(pl.Enum(REASONS))))
    return frame.select(pl.coalesce([*tests, pl.lit(None, pl.Enum(REASONS))]).alias("automatic_reason")).to_series()


def _named(reason: str, test: pl.Expr) -> pl.Expr:
    return pl.when(test).then(pl.lit(reason, pl.Enum(REASONS)))


def _block(headers: str | Mapping[str, str]) -> str:
    lines = headers if isinstance(headers, str) else "\n".join(f"{name}: {value}" for name, value in headers.items())
    return re.sub(_BODY, "", re.sub(_FOLDED_LINE, " ", re.sub(_LINE_END, "\n", lines)), count=1)


@cache
def _header_pattern() -> str:
    return "(?im)^(?:" + "|".join(lexicon("automatic")["headers"]["lines"]) + ")"


@cache
def _subject_pattern() -> str:
    return r"(?i)^\s*(?:" + "|".join(lexicon("automatic")["subjects"]["starts"]) + ")"
