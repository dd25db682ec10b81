"""The same text again and again: bursts, clockwork and canned answers, told from many tickets at once.

All is told from *prints*: a narrow table with a number in place of each text, which can be gathered from chunks of
whole tickets and judged together. No step compares texts with each other; everything is sorting and counting.
"""

from __future__ import annotations

from functools import reduce
from operator import or_

import polars as pl

BURST_TICKETS, BURST_SECONDS = 5, 60
"""So many tickets got the same text of one author within so many seconds: nobody writes that."""
CLOCKWORK_TICKETS, CLOCKWORK_SECONDS = 10, 5
"""In so many tickets the same text of one author followed another's event by the same delay, within so many seconds."""
CLOCKWORK_LETTERS = 40
"""Shorter texts follow a person's rhythm too ("Hello!")."""
CANNED_TICKETS = 20
"""So many tickets got the same text of one author at any time: a prepared answer, which a person chose."""

_GREETED = (
    r"(?i)^\s*((?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|здравствуйте|добрый (?:день|вечер)"
    r"|доброе утро|привет|уважаем(?:ый|ая|ые)),?)(?: +[\w.-]+){1,3} *(?:[,!.:]|\n|$)"
)
_NO_LETTERS = r"[^\p{L}]+"
_LONG_AGO = -(2**62)
_TEXT = ["author_id", "print"]


def prints(frame: pl.DataFrame) -> pl.DataFrame:
    """What is remembered of each event to tell repetition: one row an event, in the frame's order.

    Args:
        frame: whole tickets with ticket, occurred_at, author_id, text and, where known, author. Rows without text
            are other events; delays are counted from them too.

    Returns:
        row, ticket, author_id, occurred_at; `print`, a number for the text's words without its figures and the name
        it greets, null where there are none, no author, or a requester; `letters` of these words; `delay`, seconds
        since the last thing somebody else did in the ticket, null if there was none. Tables of several chunks are
        put one below the other with their rows numbered anew; a print means the same in all tables of one run.
    """
    table = frame.select(
        pl.int_range(pl.len()).alias("row"),
        "ticket",
        pl.col("author_id").cast(pl.String),
        "occurred_at",
        pl.col("text").str.replace(_GREETED, "${1} ").str.replace_all(_NO_LETTERS, " ").alias("words"),
        (pl.col("author").eq_missing("requester") if "author" in frame.columns else pl.lit(value=False)).alias(
            "asking"
        ),
    )
    told = pl.col("author_id").is_not_null() & (pl.col("words").str.len_bytes() > 1) & ~pl.col("asking")
    table = table.with_columns(
        pl.when(told).then(pl.col("words").hash(0)).alias("print"),
        (pl.col("words").str.len_chars() - pl.col("words").str.count_matches(" ", literal=True)).alias("letters"),
    )
    table = table.drop("words", "asking").sort("ticket", "occurred_at", "row")
    return table.with_columns(_since_another().alias("delay")).sort("row")


def _since_another() -> pl.Expr:
    """Seconds since the last event of the ticket by another author; the frame is sorted."""
    at = pl.col("occurred_at").to_physical()
    author = pl.col("author_id").fill_null("")
    first = pl.col("ticket").ne_missing(pl.col("ticket").shift())
    last = pl.when(first).then(_LONG_AGO).when(author != author.shift()).then(at.shift()).forward_fill()
    return pl.when(last > _LONG_AGO).then((at - last) / 1e6)


def reasons(table: pl.DataFrame) -> pl.Series:
    """For each row of `prints`: `burst`, `clockwork` or null."""
    named = pl.when(pl.lit(burst(table))).then(pl.lit("burst")).when(pl.lit(clockwork(table))).then(pl.lit("clockwork"))
    return table.select(named.alias("automatic_reason")).to_series()


def burst(table: pl.DataFrame) -> pl.Series:
    """Whether each row belongs to a burst: one author's text in `BURST_TICKETS` tickets within `BURST_SECONDS`."""
    seen = _in_tickets(table, BURST_TICKETS).sort(*_TEXT, "ticket", "occurred_at", "row")
    soon = (pl.col("occurred_at") - pl.col("occurred_at").shift()).dt.total_seconds() < BURST_SECONDS
    seen = seen.with_columns((_same(*_TEXT, "ticket") & soon).fill_null(value=False).alias("again"))
    once = seen.filter(~pl.col("again")).sort(*_TEXT, "occurred_at", "row")
    ahead = 1 - BURST_TICKETS
    lasts = pl.col("occurred_at").shift(ahead) - pl.col("occurred_at")
    starts = _same(*_TEXT, by=ahead) & (lasts.dt.total_microseconds() <= BURST_SECONDS * 1_000_000)
    once = once.with_columns(starts.fill_null(value=False).alias("starts"))
    inside = reduce(or_, (pl.col("starts").shift(by, fill_value=False) for by in range(BURST_TICKETS)))
    once = once.select("row", inside.alias("found"))
    found = seen.join(once, on="row", how="left", maintain_order="left").with_columns(pl.col("found").forward_fill())
    return _marked(table, found.filter("found")["row"])


def clockwork(table: pl.DataFrame) -> pl.Series:
    """Whether each row is clockwork: one author's text that always follows another's event by the same delay.

    The middle nine tenths of the delays lie within `CLOCKWORK_SECONDS`. People with a prepared answer are far less
    regular: theirs spread over minutes. Times written in whole minutes tell nothing.
    """
    seen = _in_tickets(table, CLOCKWORK_TICKETS).filter(pl.col("letters") >= CLOCKWORK_LETTERS)
    regular = (pl.col("delay").quantile(0.95) - pl.col("delay").quantile(0.05)) <= CLOCKWORK_SECONDS
    followed = pl.col("ticket").filter(pl.col("delay").is_not_null()).n_unique() >= CLOCKWORK_TICKETS
    exact = (pl.col("occurred_at").dt.second() > 0).mean() > 0.5
    groups = seen.group_by(_TEXT).agg((regular & followed & exact).alias("found")).filter("found")
    return _marked(table, seen.join(groups, on=_TEXT, how="semi")["row"])


def copies(table: pl.DataFrame) -> pl.Series:
    """How many tickets got each row's text from its author; 0 where it has no print."""
    groups = table.drop_nulls("print").group_by(_TEXT).agg(pl.col("ticket").n_unique().alias("copies"))
    return table.join(groups, on=_TEXT, how="left", maintain_order="left")["copies"].fill_null(0)


def canned(table: pl.DataFrame) -> pl.Series:
    """Whether each row is a prepared answer: information about how people work, no sign of a machine."""
    return (copies(table) >= CANNED_TICKETS).alias("canned")


def _in_tickets(table: pl.DataFrame, least: int) -> pl.DataFrame:
    """The rows whose text its author sent to at least so many tickets."""
    return table.filter(copies(table) >= least)


def _same(*columns: str, by: int = 1) -> pl.Expr:
    """Whether a row has the same values as the one `by` rows before."""
    return pl.all_horizontal(pl.col(name) == pl.col(name).shift(by) for name in columns)


def _marked(table: pl.DataFrame, rows: pl.Series) -> pl.Series:
    return table["row"].is_in(rows.implode())
