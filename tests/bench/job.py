"""The job of the benchmark (that of bench.toml), written down once more for the rivals; and the report they make.

Two rules: the first reply (from a requester's first message to the next public one of an agent) and every next reply.
A ticket solved without an answer is late if the limit had passed by then, else it is not judged; a wait that lasts is
late once the limit has passed at the cut-off, which is the last event. The report counts by rule, team and channel.
"""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from pathlib import Path

from tests.bench.calendars import BERLIN, MOSCOW, NIGHT, Calendar

RULES = ("first_reply", "next_reply")
ACHIEVED, BREACHED, ACTIVE, NOT_JUDGED = range(4)
HOUR = 3_600
PROMISES: dict[str, tuple[Calendar, int, int]] = {
    "ru-first-line": (MOSCOW, HOUR, 4 * HOUR),
    "ru-billing": (MOSCOW, HOUR, 4 * HOUR),
    "eu-first-line": (BERLIN, HOUR, 4 * HOUR),
    "eu-billing": (BERLIN, HOUR, 4 * HOUR),
    "us-night": (NIGHT, HOUR // 2, 2 * HOUR),
    "us-vip": (NIGHT, HOUR // 2, 2 * HOUR),
}
"""For each team its calendar and how many working seconds a first and a next reply may take."""

Counts = Mapping[tuple[str, str, str, int], int]
"""How many waits there are by rule, team, channel and outcome."""


def report(counts: Counts, path: Path) -> None:
    """Write the page and, beside it, the answers as JSON."""
    path.with_suffix(".json").write_text(json.dumps(answers(counts), sort_keys=True), "utf-8")
    rows = "".join(_row(key, number) for key, number in sorted(counts.items()))
    path.write_text(f"<!doctype html><title>Replies</title><table>{rows}</table>\n", "utf-8")


def _row(key: tuple[str, str, str, int], number: int) -> str:
    return "<tr>" + "".join(f"<td>{html.escape(str(each))}" for each in (*key, number)) + "\n"


def answers(counts: Counts) -> dict[str, dict[str, int]]:
    """For each rule the judged, achieved and breached waits, in all, by team and by channel."""
    found: dict[str, dict[str, int]] = {rule: {} for rule in RULES}
    for (rule, team, channel, outcome), number in counts.items():
        if outcome in (ACHIEVED, BREACHED):
            told = ("achieved", "breached")[outcome]
            for of in ("", f" {team}", f" {channel}"):
                for word in (told, "judged"):
                    found[rule][word + of] = found[rule].get(word + of, 0) + number
    return {rule: {key: number for key, number in each.items() if number} for rule, each in found.items()}
