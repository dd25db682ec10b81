"""The lexicons: sound patterns, concepts that can be met, and the helper that compares questions."""

import re
from importlib import resources

import pytest

from cs_audit.answers import lexicon, same_question
from cs_audit.answers.patterns import data, indexed, rows_of

FILES = ("grammar", "terms", "qualifiers", "places", "concepts")
PATTERN = re.compile(r"[^\s_*]+\*?(?:_[^\s_*]+\*?)*")


def rows():
    grammar, terms, cases, places = (data(name) for name in FILES[:-1])
    return list(rows_of(grammar, terms, {**cases["groups"], "place": places["places"]}))


def test_every_pattern_is_well_formed():
    assert [pattern for pattern, _, _ in rows() if not PATTERN.fullmatch(pattern) or pattern != pattern.lower()] == []


@pytest.mark.parametrize("name", FILES)
def test_every_data_file_has_a_version_and_is_shipped(name):
    assert data(name)["version"]
    assert resources.files("cs_audit.answers").joinpath("data", f"{name}.toml").is_file()


def test_concepts_speak_of_topics_that_exist():
    terms = data("terms")["topics"].keys()
    for concept in lexicon().concepts.values():
        assert concept.all <= terms, concept.name
        assert concept.none <= terms, concept.name
        assert concept.types


def test_light_topics_and_weights_of_groups_exist():
    assert set(data("terms")["light"].split()) <= data("terms")["topics"].keys()
    assert data("qualifiers")["one_sided"].keys() <= data("qualifiers")["groups"].keys()


def test_the_longest_pattern_decides():
    patterns = indexed([("re*", "topics", ("short", 1.0)), ("refund*", "topics", ("long", 1.0))])
    assert [value for _, value in patterns.entries("refunds")] == [("long", 1.0), ("short", 1.0)]


@pytest.mark.parametrize(
    ("one", "other", "stranger"),
    [
        ("How long does a refund take?", "When will I get my refund?", "Do you have the blue one in stock?"),
        ("Сколько ждать возврат денег?", "Когда вернёте деньги?", "Как сменить пароль?"),
    ],
)
def test_alike_questions_are_nearer_than_strange_ones(one, other, stranger):
    assert same_question(one, one) == pytest.approx(1)
    assert same_question(one, other) == same_question(other, one)
    assert same_question(one, other) > same_question(one, stranger) + 0.2
    assert same_question(one, "") == 0
