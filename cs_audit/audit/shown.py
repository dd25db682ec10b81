"""What messages say, as much of it as a report shows."""

from __future__ import annotations

import polars as pl

from cs_audit.text.plain import plain_texts

MOST = 600
"""Characters of a message that a report shows at most."""


def shortened(events: pl.DataFrame, *, plain: bool) -> pl.DataFrame:
    """Events with the beginning of what each author himself wrote; if their texts are not `plain` yet, made so."""
    text = events["text"] if plain else plain_texts(events["text"])
    begun = pl.Series("text", [each and each[:MOST] + "…" * (len(each) > MOST) for each in text], pl.String)
    return events.with_columns(begun)
