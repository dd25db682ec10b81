"""`python -m tests.bench.rivals.pandas_numpy FILE REPORT.html`: the script an analyst writes, and writes well.

pandas reads only the columns in use, words as categories; everything else is numpy: one sort, no loop over tickets.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tests.bench.calendars import CALENDARS
from tests.bench.job import ACHIEVED, ACTIVE, BREACHED, NOT_JUDGED, PROMISES, RULES, report

WORDS = ("kind", "author", "channel", "status", "team")
COLUMNS = ("event_id", "ticket", "occurred_at", "public", *WORDS)
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]


def read(path: str) -> pd.DataFrame:
    """The events of a CSV or Parquet file, times in seconds."""
    if path.endswith(".csv"):
        frame = pd.read_csv(
            path, usecols=COLUMNS, dtype=dict.fromkeys(WORDS, "category") | {"ticket": "str"}, keep_default_na=False
        )
        frame["occurred_at"] = pd.to_datetime(frame["occurred_at"], utc=True, format="ISO8601")
    else:
        frame = pd.read_parquet(path, columns=list(COLUMNS)).astype(dict.fromkeys(WORDS, "category"))
    frame["ticket"] = pd.factorize(frame["ticket"])[0]
    frame["occurred_at"] = frame["occurred_at"].to_numpy("datetime64[s]").astype(np.int64)
    order = np.lexsort((frame["event_id"], frame["occurred_at"], frame["ticket"]))
    return frame.iloc[order].reset_index(drop=True)


def next_row(mask: Mask) -> Ints:
    """For each row the next one at which `mask` holds, itself included; the number of rows where there is none."""
    rows = np.where(mask, np.arange(len(mask)), len(mask))
    return np.minimum.accumulate(rows[::-1])[::-1]


def waits(asks: Mask, answers: Mask, stops: Mask, ticket: Ints) -> tuple[Ints, Ints, Ints]:
    """Row numbers: where each wait begins, is answered, and is left; -1 for never."""
    rows = np.flatnonzero(asks | answers | stops)
    asks, answers, stops, ticket = asks[rows], answers[rows], stops[rows], ticket[rows]
    again = np.append(False, asks[:-1] & (ticket[1:] == ticket[:-1]))
    begins = asks & ~again
    start = np.flatnonzero(begins)
    after = np.append(next_row(begins), len(rows))[start + 1]
    stop = np.minimum(after, np.searchsorted(ticket, ticket[start], side="right"))
    answer, left = next_row(answers)[start], next_row(stops)[start]
    where = np.append(rows, -1)
    return (
        rows[start],
        where[np.where(answer < stop, answer, len(rows))],
        where[np.where((answer >= stop) & (left < stop), left, len(rows))],
    )


def worked(calendar: Ints, instants: Ints) -> Ints:
    """Seconds worked up to each instant on the calendar of each, by a search among the edges."""
    found = np.empty(len(instants), np.int64)
    for place, each in enumerate(CALENDARS):
        edges, before = (np.array(part, np.int64) for part in each.edges)
        mine = np.flatnonzero(calendar == place)
        at = np.searchsorted(edges, instants[mine], side="right") - 1
        found[mine] = before[at] + np.where(at % 2 == 1, instants[mine] - edges[at], 0)
    return found


def is_word(frame: pd.DataFrame, column: str, *words: str) -> Mask:
    """Where a column of categories says one of the words."""
    categories = frame[column].cat
    places = np.flatnonzero(categories.categories.isin(words))
    return np.isin(categories.codes.to_numpy(), places)


class Log:
    """The columns in order of ticket and time, and what each event is."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.ticket, self.at = frame["ticket"].to_numpy(), frame["occurred_at"].to_numpy()
        said = is_word(frame, "kind", "message") & frame["public"].to_numpy()
        self.asks = said & is_word(frame, "author", "requester")
        self.answers = said & is_word(frame, "author", "agent")
        self.done = is_word(frame, "kind", "status") & is_word(frame, "status", "solved", "closed")
        self.by_bot = is_word(frame, "author", "bot")
        self.team, self.channel = frame["team"].cat, frame["channel"].cat

    def promises(self, rows: Ints, rule: str) -> tuple[Ints, Ints]:
        """The calendar and the limit of the waits that begin at some rows."""
        told = [PROMISES[team] for team in self.team.categories]
        calendars = np.array([CALENDARS.index(each[0]) for each in told])
        limits = np.array([each[1 + RULES.index(rule)] for each in told])
        teams = self.team.codes.to_numpy()[rows]
        return calendars[teams], limits[teams]

    def first_of_ticket(self, rows: Ints) -> Mask:
        """Of waits in order: the first of its ticket, unless an agent wrote before."""
        tickets = self.ticket[rows]
        first = np.append(True, tickets[1:] != tickets[:-1])
        opened = np.searchsorted(self.ticket, tickets)
        return first & (next_row(self.answers)[opened] > rows)

    def outcomes(self, rule: str) -> tuple[Ints, Ints]:
        """The rows at which waits begin, and what became of them."""
        first = rule == "first_reply"
        start, answer, left = waits(self.asks, self.answers, self.done & ~(self.by_bot & first), self.ticket)
        if first:
            keep = self.first_of_ticket(start)
            start, answer, left = start[keep], answer[keep], left[keep]
        end = np.where(answer >= 0, self.at[answer], np.where(left >= 0, self.at[left], self.at.max()))
        calendar, limit = self.promises(start, rule)
        late = worked(calendar, end) - worked(calendar, self.at[start]) > limit
        timely = np.where(answer >= 0, ACHIEVED, np.where(left >= 0, NOT_JUDGED, ACTIVE))
        return start, np.where(late, BREACHED, timely)


def audit(path: str) -> Counter[tuple[str, str, str, int]]:
    """The waits of a log, counted."""
    log = Log(read(path))
    teams, channels = log.team.categories, log.channel.categories
    counts: Counter[tuple[str, str, str, int]] = Counter()
    for rule in RULES:
        start, outcome = log.outcomes(rule)
        keys = [log.team.codes.to_numpy()[start], log.channel.codes.to_numpy()[start], outcome]
        found, numbers = np.unique(np.stack(keys), axis=1, return_counts=True)
        for (team, channel, each), number in zip(found.T.tolist(), numbers.tolist(), strict=True):
            counts[rule, teams[team], channels[channel], each] = number
    return counts


if __name__ == "__main__":
    report(audit(sys.argv[1]), Path(sys.argv[2]))
