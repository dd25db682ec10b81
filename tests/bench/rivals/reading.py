"""`python -m tests.bench.rivals.reading FILE.csv REPORT.html bisects|walks`: cs-audit's rules, one ticket at a time.

Like `plain`, but the rules are those of cs-audit in their plain reading: each is asked of one ticket as a list.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from cs_audit.history.plain import Ticket
from cs_audit.rules.first_reply import first_reply
from cs_audit.rules.next_reply import next_reply
from tests.bench.job import report
from tests.bench.rivals.plain import CLOCKS, Event, Wait, audit


def reading(events: list[Event]) -> Iterator[tuple[str, Wait]]:
    """The waits that the rules find; what they find to be none is left out."""
    for event in events:
        event["automatic"] = event["author"] in ("bot", "system")
    at = [event["at"] for event in events]
    ticket = Ticket(events)
    for rule in (first_reply, next_reply):
        for span in rule.judge(ticket).found:
            if span.left is not None or not span.reason:
                end, left = (None if row is None else at[row] for row in (span.end, span.left))
                yield rule.name, (at[span.start], end, left)


if __name__ == "__main__":
    report(audit(sys.argv[1], reading, CLOCKS[sys.argv[3]]), Path(sys.argv[2]))
