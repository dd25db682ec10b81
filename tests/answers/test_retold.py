"""Whether a requester tells the same story again: labelled pairs, and laws."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from answer_pairs import pairs

from cs_audit.answers import told_again
from cs_audit.answers.alike import COMPARED
from tests.patience import comes_to_an_end

ROOT = Path(__file__).parents[2]
ROWS = pairs("retold.jsonl")
KETTLE = "Two weeks ago I ordered a kettle, order 482913, and the courier never came."
JACKET = "The jacket I received has a broken zipper, I want to exchange it."


@pytest.mark.parametrize("row", [row for row in ROWS if not row["same"]], ids=lambda row: row["id"])
def test_other_stories_of_one_requester_are_no_repetition(row):
    assert told_again([row["a"], row["b"]]) == [None, None]


def test_most_retold_stories_are_found():
    same = [row for row in ROWS if row["same"]]
    found = [row for row in same if told_again([row["a"], row["b"]]) == [None, 0]]
    assert len(found) >= 0.7 * len(same)


def test_which_of_two_texts_came_first_changes_nothing():
    for row in ROWS:
        assert told_again([row["a"], row["b"]]) == told_again([row["b"], row["a"]]), row["id"]


def test_the_earlier_text_that_is_most_alike_is_named_and_of_equals_the_first():
    again = "Order 482913: the courier with the kettle never came."
    assert told_again([JACKET, KETTLE, again, KETTLE, JACKET]) == [None, None, 1, 1, 0]


def test_greeting_courtesies_and_signature_are_no_story():
    signed = "Hello! {}\nBest regards, Anna Kovaleva, Purchasing, Daisy Ltd, 10 Green Street"
    texts = ["Thank you very much for your help.", "Where is the invoice of May?", "How do I add a second user?"]
    assert told_again([signed.format(each) for each in texts]) == [None] * 3
    assert told_again([KETTLE, signed.format(KETTLE)]) == [None, 0]


def test_another_order_is_another_story():
    assert told_again([KETTLE, KETTLE.replace("482913", "482914")]) == [None, None]


def test_words_that_all_his_stories_have_count_less():
    form = "Please create an account in the portal for our new employee {}, department {}."
    people = [("Brown", "logistics"), ("Stone", "sales"), ("Reed", "finance"), ("Hill", "design"), ("Page", "law")]
    filled = [form.format(*each) for each in people]
    assert told_again(filled) == [None] * 5


def test_texts_without_words_are_no_story():
    assert told_again(["", "?!", "12345", "12345", "ok"]) == [None] * 5
    assert told_again([]) == []


def test_every_hash_seed_gives_the_same_answer():
    code = (
        "import sys; sys.path.insert(0, 'tests/answers'); from answer_pairs import pairs; "
        "from cs_audit.answers import told_again; print(told_again([r[s] for r in pairs('retold.jsonl') for s in 'ab']))"
    )
    outputs = {
        subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT, env=os.environ | {"PYTHONHASHSEED": seed}).stdout
        for seed in ("0", "1", "4242")
    }  # fmt: skip
    assert len(outputs) == 1
    assert outputs.pop().count(b"None") < 2 * len(ROWS)


def test_only_the_latest_texts_are_looked_at():
    others = [f"Question {number} about thing{chr(97 + number % 26)}" for number in range(COMPARED)]
    assert told_again([KETTLE, *others[1:], KETTLE])[-1] == 0
    assert told_again([KETTLE, *others, KETTLE])[-1] is None


def test_very_many_and_very_long_texts_take_linear_time():
    texts = [f"{KETTLE} {JACKET} {number * 7919} {chr(97 + number % 23) * 5}" for number in range(4_000)]
    with comes_to_an_end():
        told_again(texts)
        told_again(["kettle " * 50_000, "1234567 " * 50_000, "x" * 200_000, "12345-" * 50_000])
