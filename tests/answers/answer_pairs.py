"""Labelled pairs of answers, and a corpus made of single replies."""

import datetime as dt
import json
from pathlib import Path

import polars as pl

from cs_audit.answers import statements, strongest

HERE = Path(__file__).parent
COLUMNS = ["ticket", "occurred_at", "channel", "agent", "question", "text"]
START = dt.datetime(2026, 1, 1, 9, tzinfo=dt.UTC)


def pairs(name):
    return [json.loads(line) for line in (HERE / name).read_text("utf-8").splitlines()]


def surest(pair):
    one, other = (statements(pair[f"question_{side}"], pair[f"answer_{side}"]) for side in "ab")
    return strongest(one, other)


def score(rows):
    """Right finds, false alarms and conflicts, and the same for tier A alone."""
    found = [(surest(row), row["label"] == "conflict") for row in rows]
    right = sum(clash is not None and conflict for clash, conflict in found)
    false = sum(clash is not None and not conflict for clash, conflict in found)
    sure = sum(clash is not None and clash.tier == "A" and conflict for clash, conflict in found)
    wrong = sum(clash is not None and clash.tier == "A" and not conflict for clash, conflict in found)
    return right, false, sum(conflict for _, conflict in found), sure, wrong


def corpus(*replies):
    """A corpus of (text, question, agent, channel, day) rows, a ticket each; missing parts get defaults."""
    rows = []
    for number, reply in enumerate(replies):
        text, question, agent, channel, day = (*reply, *("How long?", "ann", "email", number)[len(reply) - 1 :])
        rows.append((f"T{number}", START + dt.timedelta(days=day), channel, agent, question, text))
    return pl.DataFrame(rows, schema=COLUMNS, orient="row")
