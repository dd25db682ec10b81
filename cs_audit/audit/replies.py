"""What agents answered, reply by reply, each with the question it answers."""

from __future__ import annotations

import polars as pl

from cs_audit.answers.sentences import bounds
from cs_audit.events import agent_message, requester_message

_MADE_OF = ("text", "channel", "agent", "author_id", "team", "source", "url")
COLUMNS = ("ticket", "occurred_at", "channel", "agent", "question", "text", "team", "source", "url")


def replies(events: pl.DataFrame) -> pl.DataFrame:
    """The public replies by people in whole tickets in order (COLUMNS).

    The question is what the requester wrote since the reply before it, greetings left out ("good morning" says nothing
    of a time of day); where he wrote nothing since, what he wrote last. The agent is the author, else who is in charge.
    """
    lacking = [name for name in _MADE_OF if name not in events.columns]
    told = events.with_columns(pl.lit(None, pl.String).alias(name) for name in lacking).with_columns(
        pl.col("channel").cast(pl.String), pl.coalesce("author_id", "agent").alias("agent")
    )
    said = told.filter((requester_message.expr | agent_message.expr) & pl.col("text").is_not_null())
    reply = pl.col("author") == "agent"
    turn = reply.cast(pl.UInt32).cum_sum().shift(1, fill_value=0).over("ticket")
    asked = pl.when(~reply).then("asked")
    said = said.with_columns(turn.alias("turn"), _without_greetings(said["text"]).alias("asked")).with_columns(
        asked.drop_nulls().str.join("\n").over("ticket", "turn").alias("question")
    )
    said = said.with_columns(
        pl.when(pl.col("question") != "").then("question").forward_fill().over("ticket").fill_null("").alias("question")
    )
    return said.filter(reply).select(COLUMNS)


def _without_greetings(texts: pl.Series) -> pl.Series:
    """Each text from where its greeting ends."""
    return pl.Series([text[bounds(text)[0] :] for text in texts], dtype=pl.String)
