"""A seeded synthetic event log: `python -m tests.bench.generate EVENTS FILE.csv [FILE.parquet]`.

About six events a ticket, three schedules' worth of teams, texts of 20 to 400 characters in English and
Russian with commas, quotes and newlines, ties in the same second, rows not in order. Written in blocks, so
that ten million events need little memory. In the Parquet file the same rows have types: instants, numbers, booleans.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import polars as pl

SEED = 20_261_031
BLOCK = 1_000_000
COLUMNS = (
    "event_id",
    "ticket",
    "occurred_at",
    "kind",
    "author",
    "channel",
    "public",
    "status",
    "priority",
    "team",
    "text",
)
TEAMS = ("ru-first-line", "ru-billing", "eu-first-line", "eu-billing", "us-night", "us-vip")
CHANNELS = ("email", "chat", "web", "messenger", "phone")
PRIORITIES = ("low", "normal", "high", "urgent")

# What happens in a ticket, step by step: (kind, author, public, status, median seconds since the step before).
STEPS = {
    "asked": ("message", "requester", True, "", 0),
    "robot": ("message", "bot", True, "", 5),
    "taken": ("assignment", "agent", False, "", 900),
    "reply": ("message", "agent", True, "", 5_400),
    "note": ("message", "agent", False, "", 1_200),
    "again": ("message", "requester", True, "", 30_000),
    "pending": ("status", "agent", False, "pending", 0),
    "open": ("status", "agent", False, "open", 0),
    "solved": ("status", "agent", False, "solved", 0),
    "closed": ("status", "system", False, "closed", 345_600),
}
LIVES = (
    (0.22, "asked robot taken reply pending solved"),
    (0.12, "asked reply solved"),
    (0.12, "asked robot taken again reply pending again open reply solved"),
    (0.14, "asked robot taken reply solved closed"),
    (0.08, "asked taken note reply solved"),
    (0.06, "asked taken open"),
    (0.06, "reply pending again open reply solved"),
    (0.08, "asked robot taken reply pending again open reply solved again open reply solved"),
    (0.06, "asked robot solved closed"),
    (0.06, "asked again reply reply pending again open reply solved"),
)
WORDS = {
    "ru": "заказ оплата не приходит письмо возврат доставка курьер пароль аккаунт ошибка приложение счёт договор сегодня "
    "пожалуйста подскажите когда почему списали деньги дважды карта промокод скидка адрес проверить срочно спасибо",
    "en": 'order payment refund delivery courier password account error app invoice contract today please when why "charged" '
    "twice card coupon discount address change status check help urgent thanks hello, cannot open the file",
}


def tickets(events: int) -> int:
    """How many tickets make about so many events."""
    return round(events / sum(share * len(life.split()) for share, life in LIVES))


def sentences(dice: np.random.Generator) -> list[str]:
    """A pool of texts of 20 to 400 characters."""
    made = []
    for number in range(20_000):
        words = np.array(WORDS["ru" if number % 2 else "en"].split())
        length = int(np.clip(dice.lognormal(4.6, 0.6), 20, 390))
        text = " ".join(dice.choice(words, length // 4))[:length].ljust(20, ".")
        made.append(text[: length // 2] + "\n" + text[length // 2 :] if number % 23 == 0 else text)
    return made


def block(dice: np.random.Generator, first: int, number: int, pool: pl.Series) -> pl.DataFrame:
    """The events of some tickets, in no order."""
    life = dice.choice(len(LIVES), number, p=[share for share, _ in LIVES])
    day = dice.choice(365, number)
    start = 1_735_689_600 + day * 86_400 + np.clip(dice.normal(12.5, 4.5, number), 0, 23.99).astype(np.int64) * 3_600
    start = start + dice.integers(0, 3_600, number)
    facts = {
        "team": dice.choice(len(TEAMS), number, p=[0.3, 0.14, 0.22, 0.12, 0.15, 0.07]),
        "channel": dice.choice(len(CHANNELS), number, p=[0.4, 0.24, 0.16, 0.12, 0.08]),
        "priority": dice.choice(len(PRIORITIES), number, p=[0.15, 0.6, 0.2, 0.05]),
    }
    parts = [
        _lives(dice, text.split(), np.flatnonzero(life == index), start, first, facts)
        for index, (_, text) in enumerate(LIVES)
    ]
    frame = pl.concat(parts)
    said = pl.Series(dice.integers(0, len(pool), frame.height))
    order = dice.permutation(frame.height)
    return frame.with_columns(text=pl.when(pl.col("kind") == "message").then(pool.gather(said)).otherwise(pl.lit("")))[
        order
    ]


def _lives(
    dice: np.random.Generator,
    steps: list[str],
    rows: np.ndarray,
    start: np.ndarray,
    first: int,
    facts: dict[str, np.ndarray],
) -> pl.DataFrame:
    """The events of tickets that live alike."""
    now, frames = start[rows], []
    for place, name in enumerate(steps):
        kind, author, public, status, median = STEPS[name]
        if median and place:
            now = now + np.clip(dice.lognormal(np.log(median), 1.2, len(rows)), 1, 1_728_000).astype(np.int64)
        frames.append(
            pl.DataFrame({"event_id": (rows + first) * 100 + place, "number": rows + first, "at": now}).with_columns(
                kind=pl.lit(kind), author=pl.lit(author), public=pl.lit(str(public).lower()), status=pl.lit(status),
                team=_words(TEAMS, facts["team"][rows]), channel=_words(CHANNELS, facts["channel"][rows]),
                priority=_words(PRIORITIES, facts["priority"][rows]),
            )
        )  # fmt: skip
    moment = pl.from_epoch("at")
    return pl.concat(frames).select(
        "event_id",
        pl.format("T-{}", pl.col("number") + 100_000).alias("ticket"),
        pl.when(pl.col("team").str.starts_with("ru"))
        .then((moment + pl.duration(hours=3)).dt.strftime("%Y-%m-%dT%H:%M:%S+03:00"))
        .otherwise(moment.dt.strftime("%Y-%m-%dT%H:%M:%S+00:00"))
        .alias("occurred_at"),
        *("kind", "author", "channel", "public", "status", "priority", "team"),
    )


def _words(words: tuple[str, ...], places: np.ndarray) -> pl.Series:
    return pl.Series(words).gather(pl.Series(places))


def generate(events: int, path: Path) -> int:
    """Write the log; how many events there are."""
    dice = np.random.default_rng(SEED)
    pool = pl.Series(sentences(dice))
    whole, size, written = tickets(events), tickets(BLOCK), 0
    with path.open("wb") as file:
        for first in range(0, whole, size):
            frame = block(dice, first, min(size, whole - first), pool).select(COLUMNS)
            frame.write_csv(file, include_header=not first)
            written += frame.height
    return written


def typed(log: Path, path: Path) -> None:
    """Write the rows of a log as Parquet."""
    schema = dict.fromkeys(COLUMNS, pl.String) | {"event_id": pl.Int64, "public": pl.Boolean}
    moment = pl.col("occurred_at").str.to_datetime("%Y-%m-%dT%H:%M:%S%z", time_unit="us", time_zone="UTC")
    pl.scan_csv(log, schema=schema).with_columns(moment).sink_parquet(path)


if __name__ == "__main__":
    print(generate(int(float(sys.argv[1])), Path(sys.argv[2])), "events")
    if sys.argv[3:]:
        typed(Path(sys.argv[2]), Path(sys.argv[3]))
