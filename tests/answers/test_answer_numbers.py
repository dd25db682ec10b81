"""Numbers that are others each time: what they say holds for one requester."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_audit.answers.lexicon import lexicon
from cs_audit.answers.statements import Statement, statements, statements_of
from cs_audit.answers.varied import Reader, reader

WORDS = lexicon()
LEADS = "The refund of {sum} dollars takes up to {days} working days."
SUMS = [11, 250, 3_300, 47, 585, 6_120, 7_215, 88]
QUESTIONS = ("How long does a refund take?", "When do I get my 250 dollars back? I waited 14 days.")


def filled(days: list[int]) -> list[str]:
    return [LEADS.format(sum=f"{each:,}", days=days[place % len(days)]) for place, each in enumerate(SUMS)]


def told(reading: Reader, text: str, question: str = QUESTIONS[0]) -> list[tuple[str, str, str]]:
    return [(each.type, each.value.words, each.quote) for each in statements_of(question, text, reading)]


def test_a_sum_that_is_another_one_each_time_is_left_out_and_the_rule_beside_it_stays() -> None:
    texts = filled([10])
    alone = told(Reader(WORDS), texts[0])
    assert [each for each in alone if each[0] == "money"]
    for text in texts:
        found = [each for each in told(reader(texts, WORDS), text) if each[0] != "ability"]
        assert found == [("duration", "up to 10 business days", "10 working days")]


def test_six_values_are_not_yet_varying() -> None:
    texts = filled([10])[:6]
    assert reader(texts, WORDS).usual == {}


def test_a_value_that_leads_does_not_vary() -> None:
    texts = filled([10, 10, 11, 12, 13, 14, 15, 16])
    (usual,) = reader(texts, WORDS).usual.values()
    assert usual[0] is not None
    assert usual[1] is not None
    texts = filled([10, 10, 10, 12, 13, 14, 15, 16])
    (usual,) = reader(texts, WORDS).usual.values()
    assert usual[1] is None


def test_a_number_that_measures_nothing_and_varies_makes_it_one_case() -> None:
    texts = [f"Order {number} takes 10 days." for number in range(100, 110)]
    marks = [each.said.marks for each in statements_of(QUESTIONS[0], texts[0], reader(texts, WORDS))]
    assert marks
    assert all("own_case" in each for each in marks)
    assert all("own_case" not in each.said.marks for each in statements(QUESTIONS[0], texts[0]))


def test_a_bare_number_may_be_the_answer_to_other_questions_each_time() -> None:
    texts = [f"{number} days." for number in range(2, 12)]
    assert told(reader(texts, WORDS), "5 days.") == told(Reader(WORDS), "5 days.")


@given(st.lists(st.integers(1, 99_999), min_size=7, max_size=12, unique=True), st.integers(2, 30), st.data())
def test_quotes_stand_in_the_text_whatever_its_numbers(sums: list[int], days: int, data: st.DataObject) -> None:
    texts = [f"We paid {each} dollars. A refund of {each} dollars takes {days} days, in all banks." for each in sums]
    text = data.draw(st.sampled_from(texts))
    found = statements_of(QUESTIONS[0], text, reader(texts, WORDS))
    assert f"{days} days" in {each.quote for each in found}
    for each in found:
        assert text[each.start : each.end] == each.quote
        assert text[each.sentence_start :].startswith(each.sentence)


@pytest.mark.parametrize("question", QUESTIONS)
@given(texts=st.permutations(filled([10, 12])))
def test_the_order_of_texts_changes_no_reading(question: str, texts: list[str]) -> None:
    def seen(each: Statement) -> tuple[object, ...]:
        return (each.value, each.quote, each.said, each.asked)

    read, usual = reader(texts, WORDS), reader(filled([10, 12]), WORDS)
    assert read.usual == usual.usual
    for text in texts:
        assert [*map(seen, statements_of(question, text, read))] == [*map(seen, statements_of(question, text, usual))]


def test_the_requesters_own_number_is_no_answer_even_if_it_varies() -> None:
    questions = [f"I bought it {number} days ago, can I return the kettle?" for number in range(11, 20)]
    answers = [f"It was bought {number} days ago, so the kettle can be returned." for number in range(11, 20)]
    read = reader([*questions, *answers], WORDS)
    for question, answer in zip(questions, answers, strict=True):
        assert all(kind != "duration" for kind, _, _ in told(read, answer, question))


def test_what_does_not_vary_is_read_as_alone() -> None:
    texts = ["Delivery costs 5 dollars, from 50 dollars it is free.", "You can return it within 14 days."] * 5
    for text in texts[:2]:
        assert told(reader(texts, WORDS), text) == told(Reader(WORDS), text)
