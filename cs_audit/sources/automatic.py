"""Which messages no person wrote, and how that is known."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

import polars as pl

from cs_audit.events.columns import SCHEMA
from cs_audit.text.automatic import header_says, subject_says

if TYPE_CHECKING:
    from cs_audit.config.models import AutomaticTable


def reason(columns: Iterable[str], configured: AutomaticTable) -> pl.Expr:
    """Why a message is automatic, or null: the first of ai_agent, source, author, author_id, subject, header, text.

    `columns` are those at hand. Configured texts are found anywhere in the message, in any case.
    """
    have = set(columns)
    author_ids, texts = configured.author_ids, configured.text
    tests: list[tuple[str, pl.Expr]] = []
    if "author_id" in have and configured.ai_agents:
        tests.append(("ai_agent", pl.col("author_id").cast(pl.String).is_in(configured.ai_agents)))
    if "automatic" in have:
        tests.append(("source", pl.col("automatic")))
    if "author" in have:
        tests.append(("author", (pl.col("author") == "bot") | (pl.col("author") == "system")))
    if "author_id" in have and author_ids:
        tests.append(("author_id", pl.col("author_id").cast(pl.String).is_in(author_ids)))
    if "subject" in have:
        found = _subject(configured.subjects)
        tests.append(("subject", found & (pl.col("author") != "agent") if "author" in have else found))
    if "headers" in have:
        tests.append(("header", header_says(pl.col("headers"))))
    if "text" in have and texts:
        phrases = "|".join(re.escape(" ".join(each.split())).replace("\\ ", r"\s+") for each in texts)
        tests.append(("text", pl.col("text").str.contains(f"(?i){phrases}")))
    kind = SCHEMA["automatic_reason"]
    reasons: list[pl.Expr] = [pl.when(test).then(pl.lit(name, kind)) for name, test in tests]
    return pl.coalesce(reasons or [pl.lit(None, kind)]).alias("automatic_reason")


def _subject(own: list[str]) -> pl.Expr:
    """A subject that begins like that of automatic mail, or like one of the configuration's.

    A ticket's subject is repeated on its agents' messages, so theirs prove nothing.
    """
    said = subject_says(pl.col("subject"))
    starts = "|".join(re.escape(each) for each in own)
    return said | pl.col("subject").str.contains(rf"(?i)^\s*(?:{starts})") if own else said
