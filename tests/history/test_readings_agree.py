"""The plain and the columnar reading of every rule say the same of every history."""

import pytest
from audit.desk import frame_of
from history.histories import ASKED, START, Event, flat, histories
from history.readings import columnar_reading, offsets, plain_reading
from hypothesis import given

from cs_audit.history import columnar, plain
from cs_audit.rules import Rule, all_rules
from cs_audit.sources.ordering import order

RULES = {name: rule for name, rule in all_rules().items() if rule.scope != "topic"}


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
@given(tickets=histories)
def test_readings_of_a_rule_agree(rule: Rule, tickets: list[list[Event]]) -> None:
    expected = [
        each
        for ticket, offset in zip(tickets, offsets(tickets), strict=True)
        for each in plain_reading(rule.judge(plain.Ticket(ticket)), offset)
    ]
    assert columnar_reading(rule.judge(columnar.Tickets(frame_of(flat(tickets))))) == expected


@given(tickets=histories)
def test_generated_tickets_lie_in_the_order_of_sources(tickets: list[list[Event]]) -> None:
    frame = frame_of(flat(tickets))
    assert order(frame).sort("ticket", maintain_order=True).equals(frame)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_an_empty_table_has_nothing_to_find(rule: Rule) -> None:
    empty = frame_of([{"ticket": "T", "row": 0, "seq": None, "occurred_at": START, **ASKED}]).clear()
    assert columnar_reading(rule.judge(columnar.Tickets(empty))) == []
