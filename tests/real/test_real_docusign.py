"""Boards of a vendor's forum, three files of questions and answers."""

from __future__ import annotations

import polars as pl
import pytest
from real_data import Audited, audited, needs_data, percentile

pytestmark = needs_data


@pytest.fixture(scope="module")
def forum() -> Audited:
    return audited("docusign")


def test_every_post_of_every_board_is_read(forum: Audited) -> None:
    assert forum.audit["complete"]
    assert {each["source"]: each["rows"] for each in forum.audit["inputs"]} == {"java": 486, "php": 760, "ruby": 709}


@pytest.mark.parametrize(
    ("board", "questions", "answered", "median"),
    [("java", 103, 93, 558.0), ("php", 144, 137, 531.0), ("ruby", 156, 143, 385.0)],
)
def test_questions_answered_by_another(
    forum: Audited, board: str, questions: int, answered: int, median: float
) -> None:
    own = forum.of("first_reply").filter(source=board)
    minutes = own.drop_nulls("ended_at")["minutes"]
    assert (own.height, minutes.len(), percentile(minutes, 0.5, 1)) == (questions, answered, median)


def test_two_threads_are_listed_with_an_answer_before_their_question(forum: Audited) -> None:
    found = forum.found("answer_before_question")
    assert found.select("source", "ticket").unique(maintain_order=True).rows() == [("php", "37"), ("php", "5")]


def test_they_are_not_judged_and_keep_their_negative_wait(forum: Audited) -> None:
    negative = forum.of("first_reply").filter(pl.col("elapsed_seconds") < 0)
    assert negative.select("ticket", "outcome", "minutes").rows() == [
        ("37", "not_judged", -33_776.0),
        ("5", "not_judged", -713_707.0),
    ]


def test_a_post_of_the_asker_dated_before_the_question_begins_no_wait(forum: Audited) -> None:
    """Thread 156: question of 08:07, the asker's own second post dated the day before, an answer at 08:08."""
    own = forum.of("first_reply").filter(source="ruby", ticket="156")
    assert own.select("began_at", "minutes").rows() == [("2011-05-10T08:07:00Z", 1.0)]


def test_no_other_question_is_left_without_a_verdict(forum: Audited) -> None:
    assert forum.audit["counts"]["judged"] == 103 + 144 + 156 - 2
