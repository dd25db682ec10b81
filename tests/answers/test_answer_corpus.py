"""Contradictions of a corpus: counted, quoted, dated, in a stable order; and replies against declared facts."""

import itertools
import os
import random
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from answer_pairs import COLUMNS, corpus, pairs

from cs_audit.answers import PolicyFactError, contradictions, lexicon, violations

ROOT = Path(__file__).parents[2]
REFUND_10 = "Hello! Refunds take 10 days."
REFUND_3 = "Refunds take 3 days. Best regards, Bob"


def told(found):
    """What a reader of the findings sees."""
    return [
        (each.kind, each.tier, each.slot, each.first.value.words, each.second.value.words, each.first.conversations, each.second.conversations)
        for each in found
    ]  # fmt: skip


def test_one_finding_says_who_said_what_how_often_and_when():
    frame = corpus(
        (REFUND_10, "Refund time?", "ann", "email", 0),
        (REFUND_10, "When is my money back?", "ann", "chat", 4),
        ("Good day. Refunds take 10 days.", "Refund?", "eve", "email", 9),
        (REFUND_3, "Refund time?", "bob", "phone", 5),
    )
    (found,) = contradictions(frame)
    assert told([found]) == [("contradiction", "A", "refund_time", "10 days", "3 days", 3, 1)]
    assert (found.first.agents, found.first.channels, found.majority) == (2, 2, True)
    assert found.first.tickets == ("T0", "T1", "T2")
    assert (found.first.first_at.day, found.first.last_at.day, found.second.first_at.day) == (1, 10, 6)
    assert found.second.statement.sentence == "Refunds take 3 days."
    assert found.second.statement.quote == "3 days"
    assert (found.second.ticket, found.second.agent, found.second.channel) == ("T3", "bob", "phone")
    assert found.version == lexicon().version


def test_quotes_stand_word_for_word_in_the_named_conversation():
    frame = corpus((REFUND_10,), (REFUND_3, "How long?", "bob"), ("Refunds take ten days!", "How long?", "eve"))
    text = dict(zip(frame["ticket"], frame["text"], strict=True))
    for found in contradictions(frame):
        for side in (found.first, found.second):
            answer = text[side.ticket]
            assert answer[side.statement.start : side.statement.end] == side.statement.quote
            assert side.statement.sentence in answer


def test_the_same_value_put_differently_is_one_finding():
    frame = corpus(
        ("Refunds take up to 30 days.",), ("Refunds take one month.",), ("Refunds take 30 days.",), ("Refunds take 5 days.", "How long?", "bob")
    )  # fmt: skip
    (found,) = contradictions(frame)
    assert (found.first.conversations, found.second.conversations) == (3, 1)


def test_one_agent_in_one_channel_is_never_sure():
    (found,) = contradictions(corpus((REFUND_10,), (REFUND_3,)))
    assert found.tier == "B"


def test_one_conversation_does_not_contradict_itself():
    frame = corpus((REFUND_10,), (REFUND_3, "How long?", "bob", "chat"))
    assert contradictions(frame.with_columns(ticket=pl.lit("T0"))) == []


def test_a_value_that_stopped_before_the_other_began_is_a_change_of_policy():
    early = [(REFUND_10, "How long?", agent, "email", day) for day, agent in enumerate(("ann", "bob", "eve", "ann"))]
    late = [(REFUND_3, "How long?", agent, "email", day) for day, agent in enumerate(("ann", "bob", "eve", "ann"), 30)]
    assert [each.kind for each in contradictions(corpus(*early, *late))] == ["change"]
    mixed = [*early, *late, (REFUND_10, "How long?", "ann", "chat", 31)]
    assert [each.kind for each in contradictions(corpus(*mixed))] == ["contradiction"]
    assert [each.kind for each in contradictions(corpus(early[0], late[0]))] == ["contradiction"]


def test_a_word_only_some_requesters_use_tells_another_case():
    here = [
        (f"It takes 2 days{'.' * count}", f"{word} delivery of a parcel to Narnia, how long?", "ann")
        for count, word in enumerate(("Fast", "Big", "Slow", "Small", "Any"), 1)
    ]
    there = [
        (f"It takes 9 days{'.' * count}", f"{word} delivery of a parcel to Mordor, how long?", "bob")
        for count, word in enumerate(("Fast", "Big", "Slow", "Small", "Any"), 1)
    ]
    assert contradictions(corpus(*here, *there)) == []
    same = [(text, question.replace("Mordor", "Narnia"), agent) for text, question, agent in there]
    assert len(contradictions(corpus(*here, *same))) == 1


def test_frames_filled_with_ever_other_values_are_personal():
    replies = [(f"The replacement lamp costs {price} dollars.", "Lamp price?", f"a{price}") for price in range(10, 30)]
    assert contradictions(corpus(*replies)) == []
    assert len(contradictions(corpus(*replies[:2]))) == 1


def test_ignored_values_are_not_reported():
    frame = corpus((REFUND_10,), (REFUND_3, "How long?", "bob"))
    assert contradictions(frame, ignore_values=["3 days"]) == []


def test_own_qualifiers_part_cases():
    frame = corpus(
        ("Blue club lockers cost 5 dollars.", "Price?"), ("Green club lockers cost 9 dollars.", "Price?", "bob")
    )
    assert (
        len(contradictions(corpus(("Lockers cost 5 dollars.", "Price?"), ("Lockers cost 9 dollars.", "Price?", "bob"))))
        == 1
    )
    assert contradictions(frame, words=lexicon(qualifiers={"club": {"blue": "blue", "green": "green"}})) == []


def test_an_empty_corpus_and_empty_texts_say_nothing():
    assert contradictions(corpus().cast({"occurred_at": pl.Datetime("us", "UTC")})) == []
    frame = corpus(("", ""), (REFUND_10,)).with_columns(question=pl.lit(None, pl.String), agent=pl.lit(None, pl.String))
    assert contradictions(frame) == []


def big():
    chosen = random.Random(2)  # noqa: S311 - the same texts every time
    rows = []
    for pair, side in itertools.product(pairs("own_pairs.jsonl")[:150], "ab"):
        rows.append(
            (
                pair[f"answer_{side}"],
                pair[f"question_{side}"],
                chosen.choice("xyz"),
                chosen.choice(["chat", "email"]),
                len(rows),
            )
        )
    return corpus(*rows)


def test_order_greeting_names_and_numbers_change_no_finding():
    frame = big()
    plain = told(contradictions(frame))
    assert len(plain) > 20
    assert told(contradictions(frame.sample(fraction=1, shuffle=True, seed=4))) == plain
    dressed = frame.with_columns(
        text="Hello Anna! "
        + pl.col("text")
        + "\nBest regards, agent "
        + pl.col("agent")
        + ", ticket "
        + pl.col("ticket")
    )
    assert told(contradictions(dressed)) == plain


def test_every_hash_seed_gives_the_same_bytes():
    code = (
        "import sys; sys.path.insert(0, 'tests/answers')\n"
        "from test_answer_corpus import big\n"
        "from cs_audit.answers import contradictions\n"
        "print([(e.slot, e.tier, e.score, e.first.value, e.second.value, e.first.ticket, e.second.ticket, e.first.statement.sentence,"
        " e.second.statement.sentence, e.lowered, e.same_case, e.difference.fields) for e in contradictions(big())])"
    )
    outputs = {
        subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT, env=os.environ | {"PYTHONHASHSEED": seed}).stdout
        for seed in ("0", "1", "4242")
    }  # fmt: skip
    assert len(outputs) == 1
    assert len(outputs.pop()) > 1_000


def test_replies_are_held_against_declared_facts():
    frame = corpus(
        (REFUND_10,), (REFUND_3, "How long?", "bob"), ("Refunds take 3 days.", "How long?", "eve", "chat"), ("Refunds take up to 12 days.", "How long?", "bob"),
        ("Call support at 8 800 555-35-35.", "Phone?"), ("Call support at 8 800 555-00-00.", "Phone?", "bob"),
    )  # fmt: skip
    found = violations(frame, {"refund_time": "10 days", "support_phone": "8 800 555-35-35"})
    assert [(each.concept, each.given.value.words, each.given.conversations, each.given.agents) for each in found] == [
        ("refund_time", "3 days", 2, 2),
        ("refund_time", "up to 12 days", 1, 1),
        ("support_phone", "8005550000", 1, 1),
    ]
    assert found[0].declared.words == "10 days"
    assert found[0].given.statement.quote == "3 days"


def test_own_concepts_can_be_declared():
    words = lexicon(
        concepts={"pets": {"types": "ability", "all": "pet"}, "locker_price": {"types": "money", "all": "locker"}}
    )
    frame = corpus(
        ("Pets are allowed.", "Pets?"),
        ("Dogs are not allowed.", "Can I bring a dog?", "bob"),
        ("Lockers cost 7 dollars.", "Locker?"),
    )
    found = violations(frame, {"pets": "yes", "locker_price": "5 dollars"}, words=words)
    assert [(each.concept, each.given.value.words) for each in found] == [("locker_price", "7 USD"), ("pets", "cannot")]


@pytest.mark.parametrize(
    ("facts", "says"),
    [({"refund_tim": "10 days"}, "policy_facts.refund_tim: no concept is called"), ({"refund_time": "soon"}, "policy_facts.refund_time: 'soon' is no duration")],
)  # fmt: skip
def test_facts_that_cannot_be_read_are_refused(facts, says):
    with pytest.raises(PolicyFactError) as refused:
        violations(pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String)), facts)
    assert says in str(refused.value)
    assert refused.value.hint
