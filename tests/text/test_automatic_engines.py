"""One message and a whole column are read by different engines of regular expressions, with the same answers."""

from __future__ import annotations

import re

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cs_audit.text import automatic, boilerplate

PHRASES = [
    "Your ticket has been created.", "your ticket has been assigned", "Ticket ID: 99812", "Thank you for contacting Acme.",
    "We will get back to you", "within 24 hours", "Our office is currently closed", "please do not reply to this e-mail",
    "I’m away until 5 May", "I", "Ваша заявка принята", "номер заявки 4411", "Мы ответим", "в течение 3 дней", "Ёлка",
    "все операторы заняты", "Я — бот.", "я не бот", "Я в отпуске до 5 мая", "нерабочее время", "Ваше сообщение", "не доставлено",
    "?", "\n", "\u00a0", "\x1c", "—", "Hello Ann,", "Здравствуйте, Анна!", "С уважением", "#17", "ß", "İ", "ς Σ", "x" * 700,
]  # fmt: skip
texts = st.lists(st.sampled_from(PHRASES) | st.text(max_size=12), max_size=9).map(" ".join)
authors = st.sampled_from(["agent", "requester", "bot", None])


@given(st.lists(st.tuples(texts, authors), min_size=1, max_size=8))
def test_texts_get_the_same_rules(rows: list[tuple[str, str | None]]) -> None:
    column = pl.Series([text for text, _ in rows], dtype=pl.String)
    roles = pl.Series([author for _, author in rows], dtype=pl.String)
    expected = [boilerplate.rule_of(text, author=author) for text, author in rows]
    assert boilerplate.rules_of(column, roles).to_list() == expected


@given(texts)
def test_texts_are_folded_alike(text: str) -> None:
    assert pl.select(boilerplate.fold(pl.lit(text))).item() == boilerplate.folded(text)


@given(texts)
def test_the_known_share_is_the_same(text: str) -> None:
    seen = boilerplate.folded(text)
    assert pl.select(boilerplate._known(pl.lit(seen))).item() == boilerplate.known_share(seen)


@pytest.mark.parametrize("group", list(boilerplate._patterns()))
@settings(max_examples=60)
@given(st.data())
def test_both_engines_find_every_form_of_every_phrase(group: str, data: st.DataObject) -> None:
    pattern = boilerplate._patterns()[group]
    said = data.draw(st.from_regex(pattern, alphabet=st.characters(codec="cp1251", exclude_characters="\r\n")))
    assert re.search(pattern, said)
    assert pl.select(pl.lit(said).str.contains(pattern)).item()


LINES = [
    "Auto-Submitted: ", "auto-replied", "no", "No-one", "Precedence: bulk", "precedence: auto_reply", "Return-Path: <>", "\n", "\r\n",
    "\r", "\n ", "\n\n", "\t", "X-Autoreply: yes", "From: MAILER-DAEMON", "Content-Type:", "multipart/report", "Автоответ:", "Re: ",
    "Out of office", "AUTOMATIC REPLY: x", "ſ", "K",
]  # fmt: skip


@given(st.lists(st.sampled_from(LINES) | st.text(max_size=6), max_size=8).map("".join))
def test_headers_and_subjects_get_the_same_answers(block: str) -> None:
    frame = pl.DataFrame({"block": [block]})
    headers, subject = frame.select(
        automatic.header_says(pl.col("block")), automatic.subject_says(pl.col("block")).alias("subject")
    ).row(0)
    assert headers == (automatic.why(block, None, None) == "header")
    assert subject == (automatic.why(None, block, None) == "subject")


def test_patterns_have_nothing_one_engine_lacks() -> None:
    for pattern in [*boilerplate._patterns().values(), boilerplate._known_pattern()]:
        assert not re.search(r"\(\?[=!<]|\\[bBwW1-9]|\*\+|\+\+", pattern)


@pytest.mark.parametrize(
    "piece", ["your ", "a1-", "(", "0", "ваша заявка ", "i am ", "- ", "{", "this is an auto", "\n", "<a "]
)
def test_long_texts_cost_no_more_than_their_ends(piece: str) -> None:
    text = piece * 200_000
    assert len(boilerplate.folded(text)) <= 3_003
    assert boilerplate.rule_of(text) == boilerplate.rules_of(pl.Series([text])).item()
