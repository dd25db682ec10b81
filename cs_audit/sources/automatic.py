"""Which messages no person wrote, and how that is known."""

from __future__ import annotations

import re
from collections.abc import Iterable

import polars as pl

from cs_audit.events.columns import SCHEMA

SUBJECTS = (
    "automatic reply:", "auto reply", "auto-reply", "autoreply", "auto:", "out of office", "out of the office",
    "undeliverable:", "delivery status notification", "mail delivery failed", "returned mail:", "failure notice",
    "автоответ", "автоматический ответ", "не в офисе", "вне офиса", "недоставленное сообщение",
)  # fmt: skip
"""How subjects of automatic mail begin.

"Re: Automatic reply" is a person answering one. A ticket's subject is repeated on its agents' messages, so theirs
prove nothing.
"""

HEADERS = (
    r"auto-submitted\s*:\s*auto-", r"x-auto-response-suppress\s*:", r"x-autoreply\s*:\s*\S", r"x-autorespond\s*:",
    r"precedence\s*:\s*(?:auto[_-]reply|bulk|junk)", r"x-auto-reply\s*:",
)  # fmt: skip
"""Header lines that only automatic mail carries (RFC 3834, and the vendors' own)."""


def reason(columns: Iterable[str], author_ids: list[str], texts: list[str], subjects: list[str]) -> pl.Expr:
    """Why a message is automatic, or null: the first of source, author, author_id, subject, header, text.

    `columns` are those at hand. Configured texts are found anywhere in the message, in any case.
    """
    have = set(columns)
    tests: list[tuple[str, pl.Expr]] = []
    if "automatic" in have:
        tests.append(("source", pl.col("automatic")))
    if "author" in have:
        tests.append(("author", (pl.col("author") == "bot") | (pl.col("author") == "system")))
    if "author_id" in have and author_ids:
        tests.append(("author_id", pl.col("author_id").cast(pl.String).is_in(author_ids)))
    if "subject" in have:
        starts = "|".join(re.escape(each) for each in (*SUBJECTS, *(each.lower() for each in subjects)))
        found = pl.col("subject").str.contains(rf"(?i)^\s*(?:{starts})")
        tests.append(("subject", found & (pl.col("author") != "agent") if "author" in have else found))
    if "headers" in have:
        tests.append(("header", pl.col("headers").str.contains("(?im)^(?:" + "|".join(HEADERS) + ")")))
    if "text" in have and texts:
        phrases = "|".join(re.escape(" ".join(each.split())).replace("\\ ", r"\s+") for each in texts)
        tests.append(("text", pl.col("text").str.contains(f"(?i){phrases}")))
    kind = SCHEMA["automatic_reason"]
    reasons: list[pl.Expr] = [pl.when(test).then(pl.lit(name, kind)) for name, test in tests]
    return pl.coalesce(reasons or [pl.lit(None, kind)]).alias("automatic_reason")
