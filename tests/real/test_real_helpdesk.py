"""Conversations of a help desk, 170 issues: what an answer is decides the figures."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from real_data import Audited, audited, config_data, needs_data, percentile

pytestmark = needs_data

POLICY = "following policy for tickets waiting customer feedback"
ASSIGNED = "your ticket has been assigned"


class Answer(NamedTuple):
    """What counts as an answer, and the waits for the first one in minutes."""

    automatic: list[str]
    others: str
    n: int
    p50: float
    p90: float
    within: int


ANSWERS = {
    "any public comment": Answer([], "agent", 167, 0.27, 0.35, 167),
    "not the policy message": Answer([POLICY], "agent", 165, 1.63, 49.38, 150),
    "nor the acknowledgement": Answer([POLICY, ASSIGNED], "agent", 164, 11.49, 331.81, 134),
    "by the assignee only": Answer([POLICY, ASSIGNED], "unknown", 150, 16.37, 3974.37, 105),
}


@pytest.fixture(scope="module")
def desk() -> Audited:
    return audited("helpdesk")


@pytest.fixture(scope="module")
def listed() -> Audited:
    """Only the policy message is automatic, because the configuration lists it."""
    data = config_data("helpdesk")
    data["rules"] = {"ignore": ["unmarked_automatic"]}
    return audited(data)


@pytest.fixture(scope="module")
def bare() -> Audited:
    """Nothing is listed."""
    data = config_data("helpdesk")
    del data["automatic"]
    data["sources"]["desk"]["values"]["author"]["others"] = "agent"
    return audited(data)


def test_3600_comments_are_joined_from_their_14896_sentences(desk: Audited) -> None:
    assert [each["rows"] for each in desk.audit["inputs"]] == [14_896]
    assert (desk.audit["counts"]["events"], desk.audit["counts"]["tickets"]) == (3_600, 170)


@pytest.mark.parametrize("expected", ANSWERS.values(), ids=ANSWERS)
def test_the_first_reply_by_each_definition_of_an_answer(expected: Answer) -> None:
    data = config_data("helpdesk")
    data["automatic"]["text"] = expected.automatic
    data["rules"] = {"ignore": ["unmarked_automatic"]}
    data["sources"]["desk"]["values"]["author"]["others"] = expected.others
    made = audited(data)
    minutes = made.of("first_reply").drop_nulls("ended_at")["minutes"]
    assert (minutes.len(), percentile(minutes, 0.5, 2), percentile(minutes, 0.9, 2)) == expected[2:5]
    result = made.result("first_reply")
    assert (result["achieved"], (minutes <= 60).sum()) == (expected.within, expected.within)
    assert round(result["p50_seconds"] / 60, 2) == expected.p50
    assert round(result["p90_seconds"] / 60, 2) == expected.p90
    shown = result["distribution"]
    assert shown["channels"][""]["within"][shown["minutes"].index(60)] == expected.within


def test_without_any_list_of_phrases_the_machines_are_told_by_their_words(bare: Audited) -> None:
    assert bare.audit["counts"]["automatic_by_reason"] == {"phrase": 122, "clockwork": 168}
    minutes = bare.of("first_reply").drop_nulls("ended_at")["minutes"]
    assert (minutes.len(), percentile(minutes, 0.5, 2), percentile(minutes, 0.9, 2)) == (164, 11.49, 331.81)
    assert bare.result("first_reply")["achieved"] == 134
    found = bare.found("unmarked_automatic")
    assert found.height == 290
    assert found["ticket"].n_unique() > 120


def test_the_next_reply(listed: Audited) -> None:
    waits = listed.of("next_reply").drop_nulls("began_at")
    minutes = waits.drop_nulls("ended_at")["minutes"]
    assert (minutes.len(), percentile(minutes, 0.5, 2), (minutes <= 60).sum()) == (553, 83.83, 265)
    assert waits.height == 553 + 31


def test_the_next_reply_without_the_acknowledgement_either(desk: Audited) -> None:
    minutes = desk.of("next_reply").drop_nulls("ended_at")["minutes"]
    assert (minutes.len(), percentile(minutes, 0.5, 2), (minutes <= 60).sum()) == (531, 125.42, 225)


def test_31_threads_end_with_the_reporter_waiting(listed: Audited) -> None:
    unanswered = listed.found("unanswered")
    assert (unanswered.height, unanswered["ticket"].n_unique()) == (31, 31)


def test_three_issues_without_a_reporter_are_listed_as_such(desk: Audited) -> None:
    assert desk.audit["counts"]["not_judged"] == {"no_requester_message": 3}
