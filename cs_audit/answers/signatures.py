"""A corpus of replies as few signatures: what was said, however often, with the conversations that said it."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import chain

import polars as pl

from cs_audit.answers.lexicon import Lexicon
from cs_audit.answers.statements import Statement, statements_of
from cs_audit.answers.values import POLAR
from cs_audit.answers.varied import Reader, reader

COLUMNS = ("ticket", "occurred_at", "channel", "agent", "question", "text")

_NOT_GENERAL = frozenset({"own_case", "told", "goodwill", "incident", "instruct", "quote", "hypothetical"})


@dataclass
class Signatures:
    """Distinct statements in a fixed order, and which conversation rows made them.

    `statements[i]` stands for all that say the same of the same case; `said` has a row for every time it was said:
    `signature` (its index) and `pair` (the index of the distinct question and reply in `texts`); `rows` has the
    corpus' rows with their `pair`. `counts[i]` is the number of distinct question-reply pairs, `pairs[i]` the one that
    `statements[i]` is quoted from. `reader` is what the texts were read with.
    """

    reader: Reader
    statements: list[Statement] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    pairs: list[int] = field(default_factory=list)
    texts: pl.DataFrame = field(default_factory=pl.DataFrame)
    said: pl.DataFrame = field(default_factory=pl.DataFrame)
    rows: pl.DataFrame = field(default_factory=pl.DataFrame)


def signatures(frame: pl.DataFrame, lexicon: Lexicon) -> Signatures:
    """Collapse the replies of `frame` (COLUMNS).

    Neither the order of rows nor repeated replies change the result: distinct replies are read in text order.
    """
    return signatures_of(*distinct(frame), lexicon)


def signatures_of(texts: pl.DataFrame, rows: pl.DataFrame, lexicon: Lexicon) -> Signatures:
    """Collapse replies whose distinct texts are known (see `distinct`)."""
    found = Signatures(reader(chain(texts["question"], texts["text"]), lexicon), texts=texts, rows=rows)
    places: dict[tuple[object, ...], int] = {}
    signature, pair = array("I"), array("I")
    for question, text, index in zip(texts["question"], texts["text"], texts["pair"], strict=True):
        for each in _general(statements_of(question, text, found.reader)):
            key = _key(each)
            place = places.get(key)
            if place is None:
                place = places[key] = len(found.statements)
                found.statements.append(each)
                found.counts.append(0)
                found.pairs.append(index)
            elif each.key < found.statements[place].key:
                found.statements[place], found.pairs[place] = each, index
            found.counts[place] += 1
            signature.append(place)
            pair.append(index)
    said = pl.DataFrame({"signature": signature, "pair": pair}, schema={"signature": pl.UInt32, "pair": pl.UInt32})
    return _ordered(found, said.unique())


def _ordered(found: Signatures, said: pl.DataFrame) -> Signatures:
    """Statements in an order of their own, which no greeting before them changes."""
    order = sorted(range(len(found.statements)), key=lambda place: found.statements[place].key)
    places = pl.DataFrame({"signature": order}, schema={"signature": pl.UInt32}).with_row_index("place")
    return replace(
        found,
        statements=[found.statements[place] for place in order],
        counts=[found.counts[place] for place in order],
        pairs=[found.pairs[place] for place in order],
        said=said.join(places, on="signature").select(pl.col("place").alias("signature"), "pair"),
    )


def distinct(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The distinct question-reply pairs in text order (`texts`), and the rows without texts, each with its `pair`.

    Texts are ranked once and only the ranks compared: a million long texts as keys of a join would fill the memory.
    """
    filled = frame.with_columns(pl.col("question").fill_null(""), pl.col("text").fill_null(""))
    ranks = filled.select(pl.col("text").rank("dense"), pl.col("question").rank("dense")).with_row_index("row")
    pairs = ranks.unique(subset=["text", "question"], keep="first").sort("text", "question").with_row_index("pair")
    texts = filled.select("question", "text")[pairs["row"]].with_columns(pairs["pair"])
    placed = ranks.join(pairs.drop("row"), on=("text", "question"), how="left", maintain_order="left")
    rows = frame.select("ticket", "occurred_at", "channel", "agent").with_columns(placed["pair"])
    return texts, rows


def _general(found: tuple[Statement, ...]) -> Iterator[Statement]:
    """Statements that may hold for other requesters too; plain reports only as answers to a yes-or-no question."""
    for each in found:
        if each.said.marks & _NOT_GENERAL or not (each.said.terms or each.asked.terms):
            continue
        if each.type in POLAR and not each.said.modal and not (each.polar and _answers(each)):
            continue
        if "now" in each.said.marks and each.type not in POLAR:
            continue
        yield each


def _key(each: Statement) -> tuple[object, ...]:
    said, asked = each.said, each.asked
    silent = sum(said.terms.values()) < 1
    own = (
        tuple(sorted(said.terms.items())),
        said.cases,
        said.names,
        said.quantities,
        said.marks,
        said.focus,
        said.modal,
    )
    return (each.value, own, asked.cases, "my_case" in asked.marks, tuple(sorted(asked.terms)) if silent else ())


def _answers(each: Statement) -> bool:
    """Whether a plain report speaks of what was asked."""
    return any(weight == 1 and term in each.asked.terms for term, weight in each.said.terms.items())
