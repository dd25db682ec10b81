"""A year of one company's incidents, 141,712 updates of 24,918 tickets."""

from __future__ import annotations

import pytest
from real_data import Audited, audited, config_data, needs_data, percentile

pytestmark = needs_data

DIFFER = [
    "INC0001006",
    "INC0003451",
    "INC0003815",
    "INC0008249",
    "INC0008485",
    "INC0012198",
    "INC0014064",
    "INC0019181",
    "INC0020336",
    "INC0025255",
    "INC0025371",
    "INC0025444",
    "INC0025735",
    "INC0025896",
    "INC0028411",
    "INC0032169",
    "INC0033588",
    "INC0044260",
    "INC0075438",
    "INC0103733",
]


@pytest.fixture(scope="module")
def updates() -> Audited:
    return audited("uci_updates")


@pytest.fixture(scope="module")
def resolved() -> Audited:
    return audited("uci_resolved")


@pytest.fixture(scope="module")
def closed() -> Audited:
    return audited("uci_closed")


@pytest.fixture(scope="module")
def verdict() -> Audited:
    return audited("uci_verdict")


@pytest.mark.parametrize("name", ["updates", "resolved", "closed", "verdict"])
def test_every_update_of_every_incident_is_read(name: str, request: pytest.FixtureRequest) -> None:
    audit = request.getfixturevalue(name).audit
    assert audit["complete"]
    assert [each["rows"] for each in audit["inputs"]] == [141_712]
    assert audit["counts"]["tickets"] == 24_918


def test_275_incidents_came_back_331_times(updates: Audited) -> None:
    reopened = updates.found("reopened")
    assert (reopened.height, reopened["ticket"].n_unique()) == (331, 275)


def test_one_slipped_clock_does_not_turn_the_order_of_an_ordered_log(updates: Audited) -> None:
    """INC0000137 lists New at 11:10 before Resolved at 11:03; by the clock alone it would have come back."""
    assert "INC0000137" not in set(updates.found("reopened")["ticket"])


def test_a_junk_state_that_is_not_declared_missing_is_rejected_and_listed() -> None:
    data = config_data("uci_updates")
    data["sources"]["incidents"]["missing"] = ["?"]
    audit = audited(data).audit
    assert (audit["complete"], audit["rejected"]["rows"]) == (False, 5)
    assert {(each["column"], each["value"]) for each in audit["rejected"]["listed"]} == {("incident_state", "-100")}
    assert audit["counts"]["tickets"] == 24_918
    assert audit["counts"]["not_judged"] == {"ended_before_it_began": 1, "rejected_rows": 2}


def test_opened_to_resolved(resolved: Audited) -> None:
    hours = resolved.of("resolution").drop_nulls("ended_at")["hours"]
    assert hours.len() == 23_362
    assert percentile(hours, 0.5, 4) == 22.1
    assert percentile(hours, 0.9, 4) == 381.5483
    assert (hours == 0).sum() == 39


def test_the_result_has_the_same_percentiles(resolved: Audited) -> None:
    result = resolved.result("resolution")
    assert (result["judged"], result["active"]) == (23_362, 0)
    assert round(result["p50_seconds"] / 3600, 4) == 22.1
    assert round(result["p90_seconds"] / 3600, 4) == 381.5483


def test_1556_closed_incidents_without_a_time_are_not_judged_as_open(resolved: Audited) -> None:
    assert resolved.audit["counts"]["not_judged"] == {"history_not_available": 1_556}
    unseen = resolved.of("resolution").filter(reason="history_not_available")
    assert (unseen.height, unseen["ended_at"].null_count()) == (1_556, 1_556)


def test_opened_to_closed(closed: Audited) -> None:
    hours = closed.of("resolution").drop_nulls("ended_at")["hours"]
    assert hours.len() == 24_918
    assert percentile(hours, 0.5, 4) == 145.8667
    assert round(closed.result("resolution")["p50_seconds"] / 3600, 4) == 145.8667


def test_the_company_says_it_kept_15803_promises(closed: Audited) -> None:
    reported = closed.result("resolution")["reported"]
    assert (reported["reported_achieved"], reported["percent"]) == (15_803, 63.42)
    assert reported["agree"] + reported["differ"] == 24_918


@pytest.mark.parametrize(
    ("priority", "made", "of"), [("urgent", 5, 270), ("high", 2, 408), ("normal", 15_145, 23_466), ("low", 651, 774)]
)
def test_the_companys_verdicts_by_priority(priority: str, made: int, of: int) -> None:
    data = config_data("uci_closed")
    data["policies"][0]["match"] = {"priority": priority}
    reported = audited(data).result("resolution")["reported"]
    assert (reported["reported_achieved"], reported["agree"] + reported["differ"]) == (made, of)
    assert reported["only_reported"] == 24_918 - of


def test_the_working_calendar_explains_all_but_20_recorded_verdicts(verdict: Audited) -> None:
    reported = verdict.result("resolution")["reported"]
    assert (reported["agree"], reported["differ"]) == (23_446, 20)
    assert reported["tickets"] == DIFFER


def test_no_wait_of_priority_3_is_left_open(verdict: Audited) -> None:
    outcomes = verdict.of("resolution").filter(priority="normal")["outcome"]
    assert outcomes.is_in(["achieved", "breached"]).sum() == 23_466
