"""What was said, read once for each message: its own words, and whether a machine wrote them.

Texts are read only where a rule asks. Whether the same text goes out again and again is known only from all tickets,
so that is found in a pass of its own over all chunks, before any is judged.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from cs_audit.audit.hearing import PRINTED
from cs_audit.audit.standard import Reading
from cs_audit.events.columns import SCHEMA
from cs_audit.events.kinds import INFORMATION
from cs_audit.text import boilerplate, repeated
from cs_audit.text.plain import plain_texts

if TYPE_CHECKING:
    from cs_audit.audit.hearing import Chunk

_NOTHING = Reading()
_AT_ONCE = 4_096
"""How many events have their texts read together: no more than one reader leaves ready for the next."""
_NEEDED = ("row", "ticket", "author_id", "occurred_at", "print", "letters", "delay")


def read_texts(events: pl.DataFrame, reading: Reading, plain: pl.DataFrame | None = None) -> pl.DataFrame:
    """Events with what rules ask of texts; `plain` is what `plain_words` gives of them, if that is known.

    `automatic` marks messages written by machines, `labels` adds a column `says_LABEL` for everything a message may
    say, `surveys` says of automatic ones whether they ask for a rating, `info` what is asked for and given, `promises`
    the deadlines of what agents promise. Any of them makes `text` what the author himself wrote.
    """
    if "text" not in events.columns or not events.height:
        return events
    parts = list(events.iter_slices(_AT_ONCE))
    words = map(plain_words, parts) if plain is None else plain.iter_slices(_AT_ONCE)
    return pl.concat([_read(part, reading, own) for part, own in zip(parts, words, strict=True)])


def read_whole(events: pl.DataFrame, reading: Reading) -> pl.DataFrame:
    """Events of whole tickets as `read_texts` has them, also with what tells repetition if that is asked."""
    if "text" not in events.columns or not events.height:
        return events
    plain = plain_words(events)
    told = read_texts(events, reading, plain)
    if "automatic" not in reading.wanted or "author_id" not in events.columns:
        return told
    prints = repeated.prints(own_words(events, plain, mark=False))
    return told.with_columns(prints[name.removeprefix("__")].alias(name) for name in PRINTED)


def _read(events: pl.DataFrame, reading: Reading, plain: pl.DataFrame) -> pl.DataFrame:
    reads = reading.wanted
    events = own_words(events, plain, mark="automatic" in reads)
    if "info" in reads:
        events = events.with_columns(_information(events))
    if "promises" in reads:
        events = events.with_columns(_promised(events).alias("promised"))
    if "labels" in reads:
        events = labelled(events, reading.phrases)
    if "surveys" in reads:
        events = _with_surveys(events, reading.phrases)
    return events.drop("__signed")


def _information(events: pl.DataFrame) -> list[pl.Series]:
    """Columns `asks_KIND` for what agents ask the requester for, and `gives_KIND` for what he gives."""
    from cs_audit.text.phrases.asks import info_asked, info_given  # noqa: PLC0415 - only where a rule asks

    asked = _told(events, "agent", info_asked)
    given = _told(events, "requester", lambda text: frozenset(info_given(text)))
    return [
        pl.Series(f"{verb}_{kind}", [kind in each for each in told])
        for verb, told in (("asks", asked), ("gives", given))
        for kind in INFORMATION
    ]


def _told(events: pl.DataFrame, author: str, read: Callable[[str], Collection[str]]) -> list[Collection[str]]:
    """What is read in each public message of a person of this role; each text is read once."""
    said = (pl.col("kind") == "message") & (pl.col("author") == author) & pl.col("public")
    texts = events.select(pl.when(said & ~pl.col("automatic").fill_null(value=False)).then("text")).to_series()
    found = {text: read(text) for text in texts.drop_nulls().unique()}
    return [found.get(text, ()) for text in texts]


def _promised(events: pl.DataFrame) -> pl.Series:
    """The deadlines of the promises in each public message of an agent, as text."""
    from cs_audit.audit.promised import written  # noqa: PLC0415 - only where a rule asks
    from cs_audit.text.phrases import promises  # noqa: PLC0415 - only where a rule asks

    told = _told(events, "agent", lambda text: tuple(written(each.deadline) for each in promises(text)))
    return pl.Series([list(each) or None for each in told], dtype=pl.List(pl.String))


def labelled(events: pl.DataFrame, phrases: Mapping[str, Sequence[str]]) -> pl.DataFrame:
    """Events with a column `says_LABEL` for every label; only messages of people that the requester can see say it.

    Who signs his message introduces himself.
    """
    from cs_audit.text.phrases.columns import labels  # noqa: PLC0415 - only where a rule asks

    person = (pl.col("kind") == "message") & pl.col("public") & ~pl.col("automatic").fill_null(value=False)
    texts = events.select(pl.when(person).then("text")).to_series()
    found = labels(texts, events["author"], phrases)
    events = events.with_columns(found[name].alias(f"says_{name}") for name in found.columns)
    signed = pl.col("says_introduces_himself") | (person & (pl.col("author") == "agent") & pl.col("__signed"))
    return events.with_columns(signed.fill_null(value=False).alias("says_introduces_himself"))


def _with_surveys(events: pl.DataFrame, phrases: Mapping[str, Sequence[str]]) -> pl.DataFrame:
    """Events whose `says_asks_survey` holds for automatic messages, too."""
    from cs_audit.text.phrases.columns import labels  # noqa: PLC0415 - only where a rule asks

    machine = (pl.col("kind") == "message") & pl.col("public") & pl.col("automatic") & (pl.col("author") != "requester")
    texts = events.select(pl.when(machine).then("text")).to_series()
    asks = labels(texts, "agent", phrases)["asks_survey"]
    known = pl.col("says_asks_survey") if "says_asks_survey" in events.columns else pl.lit(value=False)
    return events.with_columns((known | pl.lit(asks)).alias("says_asks_survey"))


def plain_words(events: pl.DataFrame) -> pl.DataFrame:
    """Of each event the `text` that its author himself wrote, `__signed` whether he signed it, and `__phrase` whether
    it has phrases of automatic mail.
    """
    signed = plain_texts(events["text"], signature=True)
    own = plain_texts(signed)
    phrases = boilerplate.rules_of(signed, events["author"]).is_not_null()
    return pl.DataFrame({"text": own, "__signed": (own != signed).fill_null(value=False), "__phrase": phrases})


def own_words(events: pl.DataFrame, plain: pl.DataFrame, *, mark: bool) -> pl.DataFrame:
    """Events in plain words (see `plain_words`); `mark` messages with phrases of automatic mail as such."""
    told = events.with_columns(plain["text"], plain["__signed"])
    by_machine = (pl.col("kind") == "message") & pl.lit(plain["__phrase"])
    return _marked(told, by_machine, "phrase") if mark else told


def repetition(chunks: Iterable[Chunk]) -> list[pl.Series | None]:
    """For each chunk the reason why each of its events is automatic by repetition, or null; None of a chunk without.

    The plain words of a chunk are kept for its judging where it says.
    """
    tables, heights, first = [], [], 0
    for chunk in chunks:
        told, height = prints_of(chunk)
        heights.append(height)
        if told is not None:
            tables.append(told.with_columns(pl.col("row") + first))
        first += height
    if not tables:
        return [None] * len(heights)
    table = pl.concat(tables)
    found = table.select("row", reason=repeated.reasons(table)).drop_nulls()
    return [reasons_of(found, sum(heights[:place]), height) for place, height in enumerate(heights)]


def prints_of(chunk: Chunk) -> tuple[pl.DataFrame | None, int]:
    """What tells repetition among the events of a chunk (see `repeated.prints`; None where nothing does), and their
    number. Their plain words are kept where the chunk says.
    """
    if chunk.kept is not None:
        events = chunk.events
        if "__print" not in events.columns:
            return None, events.height
        known = events.select("ticket", pl.col("author_id").cast(pl.String), "occurred_at", *PRINTED)
        told = known.rename(lambda name: name.removeprefix("__")).with_row_index("row").cast({"row": pl.Int64})
        return told.filter(pl.col("print").is_not_null()).select(_NEEDED), events.height
    events = replace(chunk, reading=_NOTHING).events if chunk.parts else pl.DataFrame()
    plain = plain_words(events) if "text" in events.columns else None
    if plain is not None and chunk.plain is not None:
        chunk.plain.parent.mkdir(parents=True, exist_ok=True)
        plain.write_ipc(chunk.plain, compression="uncompressed")
    if plain is None or "author_id" not in events.columns:
        return None, events.height
    told = repeated.prints(own_words(events, plain, mark=False))
    return told.filter(pl.col("print").is_not_null()).select(_NEEDED), events.height


def reasons_of(found: pl.DataFrame, first: int, height: int) -> pl.Series | None:
    """The reason of each of the events from `first` on, of `found` (row, reason); None where none has any."""
    own = found.filter((pl.col("row") >= first) & (pl.col("row") < first + height))
    if not own.height:
        return None
    rows = pl.DataFrame({"row": pl.int_range(first, first + height, eager=True)})
    return rows.join(own, on="row", how="left", maintain_order="left")["reason"]


def with_repetition(events: pl.DataFrame, reasons: pl.Series | None) -> pl.DataFrame:
    """Events with those marked automatic that repetition gives away."""
    if reasons is None:
        return events
    for name in ("burst", "clockwork"):
        events = _marked(events, (pl.col("kind") == "message") & pl.lit(reasons == name).fill_null(value=False), name)
    return events


def _marked(events: pl.DataFrame, test: pl.Expr, reason: str) -> pl.DataFrame:
    """Events with the messages that pass a test set aside, unless they were already."""
    new = test & ~pl.col("automatic").fill_null(value=False)
    return events.with_columns(
        automatic=pl.when(new).then(pl.lit(value=True)).otherwise("automatic"),
        automatic_reason=pl.when(new).then(pl.lit(reason, SCHEMA["automatic_reason"])).otherwise("automatic_reason"),
    )
