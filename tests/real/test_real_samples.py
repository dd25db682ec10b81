"""Small samples of the real data, with their own figures (see sample/figures.py), for checkouts without the whole."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from real_data import Audited, audited, config_data, percentile


def sampled(config: str, source: str, path: str) -> dict[str, Any]:
    """A committed configuration with only one of its sources, which reads a sample."""
    data = config_data(config)
    data["sources"] = {source: data["sources"][source] | {"path": f"sample/{path}"}}
    return data


@pytest.fixture(scope="module", params=["uci_updates", "uci_resolved", "uci_closed", "uci_verdict"])
def any_reading(request: pytest.FixtureRequest) -> Audited:
    return audited(sampled(request.param, "incidents", "incidents.csv"))


@pytest.fixture(scope="module")
def requests() -> Audited:
    return audited(sampled("boston_recorded", "requests", "requests.csv"))


@pytest.fixture(scope="module")
def forum() -> Audited:
    return audited(sampled("docusign", "php", "forum.csv"))


def test_every_reading_of_the_log_sees_all_30_incidents(any_reading: Audited) -> None:
    assert any_reading.audit["complete"]
    assert any_reading.audit["counts"]["tickets"] == 30


def test_four_incidents_came_back() -> None:
    reopened = audited(sampled("uci_updates", "incidents", "incidents.csv")).found("reopened")
    assert (reopened.height, reopened["ticket"].n_unique()) == (4, 4)


def test_26_incidents_are_resolved_and_four_unseen() -> None:
    made = audited(sampled("uci_resolved", "incidents", "incidents.csv"))
    hours = made.of("resolution").drop_nulls("ended_at")["hours"]
    assert (hours.len(), percentile(hours, 0.5, 4), (hours == 0).sum()) == (26, 49.7167, 1)
    assert made.audit["counts"]["not_judged"] == {"history_not_available": 4}


def test_all_incidents_are_closed() -> None:
    made = audited(sampled("uci_closed", "incidents", "incidents.csv"))
    hours = made.of("resolution").drop_nulls("ended_at")["hours"]
    assert (hours.len(), percentile(hours, 0.5, 4)) == (30, 193.4)
    assert made.result("resolution")["reported"]["reported_achieved"] == 16


def test_three_recorded_verdicts_differ_from_the_working_calendar() -> None:
    reported = audited(sampled("uci_verdict", "incidents", "incidents.csv")).result("resolution")["reported"]
    assert (reported["agree"] + reported["differ"], reported["only_reported"]) == (23, 7)
    assert reported["tickets"] == ["INC0003451", "INC0003815", "INC0025255"]


def test_the_citys_verdicts_are_reproduced(requests: Audited) -> None:
    reported = requests.result("resolution")["reported"]
    assert (reported["agree"], reported["differ"], reported["only_recomputed"]) == (29 + 28 + 24, 0, 3 + 4)
    closed = pl.col("ended_at").is_not_null()
    counts = requests.of("resolution").group_by(closed, "outcome").len().rows()
    assert sorted(counts) == [
        (False, "active", 6),
        (False, "breached", 24 + 4),
        (True, "achieved", 29),
        (True, "breached", 28 + 3),
        (True, "not_judged", 9),
    ]


def test_requests_without_a_target_and_closed_before_opened_are_listed(requests: Audited) -> None:
    assert requests.audit["counts"]["not_judged"] == {"no_recorded_due": 9}
    assert requests.found("event_before_start").height == 2


def test_the_new_years_day_example() -> None:
    data = sampled("boston_days", "requests", "requests.csv")
    asked = audited(data).of("resolution").filter(began_at="2015-01-01T18:20:33Z")
    assert asked["due_at"].to_list() == ["2015-01-05T13:30:00Z"]


def test_questions_answered_by_another(forum: Audited) -> None:
    own = forum.of("first_reply")
    minutes = own.drop_nulls("ended_at")["minutes"]
    assert (own.height, minutes.len(), minutes.median()) == (14, 12, 249.0)


def test_answers_dated_before_their_question_are_listed_and_not_judged(forum: Audited) -> None:
    assert sorted(set(forum.found("answer_before_question")["ticket"])) == ["37", "5"]
    negative = forum.of("first_reply").filter(pl.col("elapsed_seconds") < 0)
    assert negative.select("ticket", "outcome").rows() == [("37", "not_judged"), ("5", "not_judged")]
