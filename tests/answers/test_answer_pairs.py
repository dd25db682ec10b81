"""Contradictions between two answers: measured on labelled pairs, the same in either order, blind to boilerplate."""

import gzip
import json
import random

import pytest
from answer_pairs import HERE, pairs, score, surest

from cs_audit.answers import clash, statements, strongest
from tests.patience import comes_to_an_end

SETS = ["first", "second", "third", "fourth", "fifth", "sixth"]
TERRA = HERE / ".." / ".." / ".." / "shared" / "data" / "text_consistency"


@pytest.mark.parametrize("name", SETS)
def test_few_false_alarms_and_most_conflicts_in_own_pairs(name):
    right, false, conflicts, sure, wrong = score([row for row in pairs("own_pairs.jsonl") if row["set"] == name])
    assert right / (right + false) >= 0.9  # the fourth set is nearly all traps
    assert right / conflicts >= 0.6
    assert wrong == 0
    assert sure / conflicts >= 0.25


def test_over_all_own_pairs_false_alarms_are_rare():
    right, false, conflicts, _, _ = score(pairs("own_pairs.jsonl"))
    assert right / (right + false) >= 0.98
    assert right / conflicts >= 0.8


def test_few_false_alarms_and_most_conflicts_in_sample_pairs():
    right, false, conflicts, sure, wrong = score(pairs("sample_pairs.jsonl"))
    assert right / (right + false) >= 0.95
    assert right / conflicts >= 0.75
    assert wrong == 0
    assert sure / conflicts >= 0.4


def test_bare_answers_speak_of_what_was_asked():
    right, false, conflicts, _, wrong = score(pairs("bare_pairs.jsonl"))
    assert right / (right + false) >= 0.8  # the second set was measured before anything was changed because of it
    assert right / conflicts >= 0.5
    assert wrong <= 1


def test_no_domain_and_no_language_is_left_behind():
    rows = pairs("own_pairs.jsonl")
    for key in ("domain", "lang"):
        for value in sorted({row[key] for row in rows}):
            part = [row for row in rows if row[key] == value]
            right, false, conflicts, _, _ = score(part)
            assert false <= len(part) * 0.05, value
            assert right >= conflicts * 0.4 or conflicts < 5, value


@pytest.mark.skipif(not TERRA.is_dir(), reason="the TERRa pairs are not beside this checkout (folder shared/data)")
def test_what_follows_from_a_text_never_contradicts_it():
    flagged = []
    for path in sorted(TERRA.glob("terra_ru_*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            rows = [json.loads(line) for line in lines]
        flagged += [
            row
            for row in rows
            if row["label"] == "entailment"
            and strongest(statements("", row["premise"]), statements("", row["hypothesis"]))
        ]
    assert flagged == []


def test_the_order_of_the_two_answers_changes_nothing():
    for row in pairs("own_pairs.jsonl"):
        one, other = (statements(row[f"question_{side}"], row[f"answer_{side}"]) for side in "ab")
        for mine in one:
            for theirs in other:
                assert clash(mine, theirs) == clash(theirs, mine), row["id"]


GREETINGS = [
    "Hello Anna!",
    "Good morning! My name is Kate.",
    "[#{n}]",
    "Ticket {n}.",
    "Re: {n}",
    "Здравствуйте, Пётр!",
    "Обращение №{n}.",
    "Оператор 5.",
    "",
]
FAREWELLS = [
    " Best regards, Anna",
    " (ticket {n})",
    " Ref: {n}",
    "\nС уважением, Олег",
    "\n--\nOleg, +7 495 555-{m}",
    " Номер заявки {n}",
    "",
]
FACTS = [
    "You can return items within 14 days",
    "Refunds take 10 days",
    "Возврат возможен в течение 14 дней",
    "Доставка занимает до 5 дней",
    "Pets are not allowed",
]


@pytest.mark.parametrize("fact", FACTS)
def test_greeting_agent_and_ticket_number_contradict_nothing(fact):
    chosen = random.Random(5)  # noqa: S311 - the same texts every time

    def dressed():
        text = f"{chosen.choice(GREETINGS)} {fact}{chosen.choice(['.', '!'])}{chosen.choice(FAREWELLS)}"
        return text.replace("{n}", str(chosen.randint(1, 10**7))).replace(
            "{m}", f"{chosen.randint(10, 99)}-{chosen.randint(10, 99)}"
        )

    for _ in range(150):
        one, other = dressed(), dressed()
        assert strongest(statements("How long?", one), statements("How long?", other)) is None, (one, other)


def test_dressing_hides_no_contradiction():
    one = statements("How long?", "Hello Anna! Refunds take 10 days. Ticket 4821. Best regards, Tom")
    other = statements("Сколько ждать?", "Good day, Ms Lee! Refunds take 3 days.\n--\nKate, +7 495 555-11-22")
    found = strongest(one, other)
    assert found is not None
    assert found.difference.fields == {"a": "3 days", "b": "10 days"}
    assert found.difference.reason == "values differ: {a} and {b}"
    assert found.slot == "refund_time"


def test_doubts_are_named():
    found = surest(
        {
            "question_a": "How long is delivery?", "answer_a": "Delivery takes 3 days.",
            "question_b": "How long is delivery?", "answer_b": "If it rains, delivery takes 10 days.",
        }
    )  # fmt: skip
    assert found is not None
    assert found.tier == "B"
    assert "a condition in one answer" in [each.reason for each in found.lowered]
    assert found.same_case.reason == "both speak of {shared}, and neither names another case"


@pytest.mark.parametrize(
    "piece",
    [
        "Refund ", "1 ", "1-", "5 days, ", "a.b@", "+7 495 ", "не ", "(", "www.", "\n> x", "Hello ", "regards, ", "9:00-", "«",
    ],
)  # fmt: skip
def test_long_nonsense_is_read_in_linear_time(piece):
    with comes_to_an_end():
        statements("How long?", piece * (200_000 // len(piece)))
