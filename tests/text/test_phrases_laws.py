"""Laws of the phrase readers: exact quotes, one answer, the same by columns, greetings that change nothing, linear time."""

from __future__ import annotations

import sys

import polars as pl
import pytest
import test_phrases_agent as agent
import test_phrases_requester as requester
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from test_promises import NOT_PROMISED, PROMISED

from cs_audit.text.phrases import columns as columns_module
from cs_audit.text.phrases import info_asked, info_given, labels, promises, says
from cs_audit.text.phrases.lexicon import lexicon
from cs_audit.text.phrases.pattern import plain
from tests.patience import comes_to_an_end

CASES = [
    *(("agent", text) for table in (agent.SAID, agent.NOT_SAID) for _, text in agent.rows(table)),
    *(("requester", text) for table in (requester.SAID, requester.NOT_SAID) for _, text in requester.rows(table)),
]
WORDS = sorted({word for _, text in CASES for word in text.split()})
BITS = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from([text for _, text in CASES]),
    st.sampled_from(
        [*".,!?…;:\"'«»„“”()-—¶¤\n\t\u00a0", "\n\n", "> ", "İ", "K", "Ё", "’", "¹", "é", "不", "#1", "don’t"]
    ),
    st.text(max_size=6),
)
TEXTS = st.lists(BITS, max_size=14).map(" ".join)
GREETINGS = [
    "Hello, ",
    "Hi Kate, ",
    "Dear Mr Smith,\n\n",
    "Good morning! ",
    "Здравствуйте! ",
    "Добрый день, Мария! ",
    "Анна, здравствуйте! ",
]


@given(TEXTS, st.sampled_from(["agent", "requester"]))
def test_quotes_are_words_of_the_text_in_order(text, role):
    found = says(text, role)
    assert list(found) == sorted(found)
    assert all(text[each.start : each.end] == each.quote and each.quote for each in found)
    assert {each.label for each in found} <= set(lexicon().names)
    assert all(text[each.start : each.end] == each.quote for each in (*promises(text), *info_given(text).values()))


@given(TEXTS)
def test_reading_twice_gives_the_same(text):
    assert says(text, "agent") == says(text, "agent")
    assert promises(text) == promises(text)
    assert info_asked(text) == info_asked(text)


@settings(max_examples=20)
@given(st.lists(st.tuples(st.sampled_from(["agent", "requester", "bot", None]), st.none() | TEXTS), max_size=60))
def test_columns_say_what_single_readings_say(rows):
    assert_same(rows)


@pytest.fixture(autouse=True)
def _columns_always_look_first(monkeypatch):
    """Few texts are read one by one; here the quick look is what is tested."""
    monkeypatch.setattr(columns_module, "MANY", 0)


def test_columns_say_the_same_of_every_example():
    assert_same(CASES)
    assert_same([(None, "No."), ("bot", "No."), ("agent", None), ("requester", "")])


def assert_same(rows):
    frame = pl.DataFrame(rows, schema={"role": pl.String, "text": pl.String}, orient="row")
    said = [{each.label for each in says(text, role)} if text is not None and role else set() for role, text in rows]
    expected = pl.DataFrame(
        {name: [name in each for each in said] for name in lexicon().names},
        schema_overrides=dict.fromkeys(lexicon().names, pl.Boolean),
    )
    assert_frame_equal(labels(frame["text"], frame["role"]), expected)


def test_one_role_may_stand_for_all():
    texts = pl.Series(["No.", "Thanks!", None])
    assert labels(texts, "agent")["dismissive"].to_list() == [True, False, False]
    assert labels(texts, "requester")["thanks_only"].to_list() == [False, True, False]


@pytest.mark.parametrize("greeting", GREETINGS)
def test_a_greeting_changes_no_label(greeting):
    changed = [
        (role, text, labels_of(text, role) ^ labels_of(greeted(greeting, text), role))
        for role, text in CASES
        if not text.startswith(("Hello", "Hi", "Мария", "Здрав", "Анна"))
    ]
    assert [each for each in changed if each[2]] == []


@pytest.mark.parametrize(
    "name", ["My name is Anna. ", "Hello, this is Tom from support. ", "Здравствуйте, меня зовут Анна. "]
)
def test_an_agents_name_changes_only_the_introduction(name):
    texts = [text for role, text in CASES if role == "agent"]
    changed = [(text, labels_of(text, "agent") ^ labels_of(name + text, "agent")) for text in texts]
    assert [each for each in changed if each[1] - {"introduces_himself"}] == []
    assert all("introduces_himself" in labels_of(name + text, "agent") for text in texts)


@pytest.mark.parametrize("greeting", GREETINGS)
def test_a_greeting_changes_no_promise(greeting):
    texts = [*(text for text, _, _ in PROMISED), *NOT_PROMISED]
    for text in (each for each in texts if not each.startswith(("Hi", "Ольга"))):
        before, after = promises(text), promises(greeting + text)
        assert [(each.what, each.deadline, each.quote) for each in before] == [
            (each.what, each.deadline, each.quote) for each in after
        ]


def greeted(greeting, text):
    """Nobody writes a capital letter after "Hello, ", unless a name or "I" follows."""
    low = greeting.endswith(", ") and not text.startswith(("I ", "I'"))
    return greeting + (text[0].lower() + text[1:] if low else text)


def labels_of(text, role):
    return {each.label for each in says(text, role)}


def test_words_in_quotation_marks_and_quoted_lines_say_nothing():
    assert says('The client wrote "you are an idiot" and left.', "agent") == ()
    assert says("Клиент пишет: «вы идиоты».", "agent") == ()
    assert says("> you are idiots\nChecked: the order is in Leeds.", "agent") == ()


def test_places_survive_odd_letters():
    text = "İİ Ёлки, ’tis so — I’m SORRY for the delay."
    assert [(each.label, each.quote) for each in says(text, "agent") if each.label == "apology"] == [
        ("apology", "SORRY")
    ]


def test_making_plain_moves_no_character():
    every = "".join(map(chr, (code for code in range(sys.maxunicode + 1) if not 0xD800 <= code <= 0xDFFF)))
    assert len(plain(every)) == len(every)


LONG = {
    "one word": "a",
    "blanks": " ",
    "quotes": '"',
    "opening quotes": "«",
    "greetings": "Hello ",
    "names": "Hello Anna Maria ",
    "refusals": "we can't not our ",
    "thanks": "thanks спасибо ",
    "stems": "извин ",
    "gaps": "(you promised a b ",
    "dots": ". ",
    "digits": "1 2 #3 №4 ",
    "times": "we will call tomorrow by 5 pm on Friday within 2 ",
    "uppercase": "NO. ",
    "already": "я уже уже писал вам ",
    "breaks": "\n\n> ",
    "asking": "please send your order number or ",
    "addresses": "ул. Ленина ",
    "mail": "a.b+c@",
}


@pytest.mark.parametrize("piece", LONG.values(), ids=LONG)
def test_long_nonsense_is_read_in_linear_time(piece):
    with comes_to_an_end():
        everything(piece * (200_000 // len(piece)))


def everything(text):
    for role in ("agent", "requester"):
        says(text, role)
    promises(text), info_asked(text), info_given(text)
