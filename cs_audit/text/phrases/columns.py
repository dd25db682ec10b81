"""Labels of many messages at once: regular expressions and automata of Polars leave few texts to be read one by one."""

from __future__ import annotations

import numpy as np
import polars as pl

from cs_audit.text.phrases.classify import said_labels
from cs_audit.text.phrases.lexicon import ROLES, Extra, lexicon
from cs_audit.text.phrases.parts import LETTER

MANY = 5_000
"""From so many texts on, looking for what must occur in a match costs less than reading every text."""

_APOSTROPHES = "’‘ʼ`´"


def labels(texts: pl.Series, role: str | pl.Series, extra: Extra | None = None) -> pl.DataFrame:
    """Which labels each message has: a boolean column for each label of the lexicon, a row for each text.

    The same as `says`, label by label. A null text and a role other than `agent` and `requester` have none.

    Args:
        texts: the messages.
        role: one role for all, or a column of roles.
        extra: own phrases for labels.

    Raises:
        ValueError: see `says`.
    """
    words = lexicon(extra)
    found = np.zeros((len(words.names), len(texts)), dtype=bool)
    place = {name: row for row, name in enumerate(words.names)}
    roles = texts.to_frame("text").select(role=pl.lit(role) if isinstance(role, str) else role.cast(pl.String))["role"]
    for each in ROLES:
        rows = ((roles == each) & texts.is_not_null()).fill_null(value=False).arg_true()
        if len(rows) >= MANY:
            rows = rows.filter(candidates(texts.gather(rows), words.anchors(each)))
        said: dict[str, list[str]] = {}
        for row, text in zip(rows.to_list(), texts.gather(rows).to_list(), strict=True):
            if text not in said:
                said[text] = said_labels(text, each, words)
            for name in said[text]:
                found[place[name], row] = True
    return pl.DataFrame({name: found[row] for name, row in place.items()})


def candidates(texts: pl.Series, anchors: list[str]) -> pl.Series:
    """Which texts hold one of the anchors (see `pattern.Phrase`) in their joined words; never null."""
    return texts.to_frame("text").select(joined(pl.col("text")).str.contains_any(anchors).fill_null(value=False))[
        "text"
    ]


def joined(text: pl.Expr) -> pl.Expr:
    """The words of texts in lower case, framed by single blanks: `Reading.words`, with nothing blanked out."""
    lower = text.str.replace_all("İ", "i", literal=True).str.to_lowercase()
    plain = lower.str.replace_many(["ё", *_APOSTROPHES], ["е", *"'" * len(_APOSTROPHES)])
    return pl.format(" {} ", plain.str.replace_all(f"[^{LETTER}]+", " "))
