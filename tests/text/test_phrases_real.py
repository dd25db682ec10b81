"""Texts that nobody wrote for these tests: labelled messages, and false alarms in real conversations and news."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections import Counter
from pathlib import Path

import polars as pl
import pytest

from cs_audit.text.phrases import info_asked, info_given, labels, promises, says

DATA = Path(__file__).parents[3] / "shared" / "data"
pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="the real data sets are not beside this checkout (folder shared/data)"
)
LABELLED = {"auto", "dismissive", "apology", "explanation", "rude", "repeats", "complaint"}


def lines(name):
    raw = (DATA / name).read_bytes()
    return [json.loads(line) for line in (gzip.decompress(raw) if name.endswith(".gz") else raw).splitlines()]


def table(name, delimiter=","):
    raw = gzip.decompress((DATA / name).read_bytes()).decode("utf-8", "replace")
    return list(csv.DictReader(io.StringIO(raw), delimiter=delimiter))


def helpdesk_comments():
    """Public comments of an international company's help desk, by role."""
    frame = pl.read_csv(gzip.decompress((DATA / "helpdesk_conversations/utterances_even_issues.csv.gz").read_bytes()))
    public = frame.filter(pl.col("is_private") != 1).sort("comment_seq", "utr_seq")
    comments = public.group_by("issueid", "id", "author_role", maintain_order=True).agg(
        pl.col("actionbody").str.join(". ")
    )
    return {
        role: comments.filter(pl.col("author_role") == name)["actionbody"].drop_nulls().to_list()
        for role, name in (("requester", "reporter"), ("agent", "assignee"))
    }


def forum_posts():
    """Posts of a vendor's developer boards: questions and answers."""
    rows = [row for name in ("java-v4", "php-v2", "ruby-v1") for row in table(f"docusign_forum/{name}.csv.gz", ";")]
    return {
        role: [row["text"] for row in rows if row["text"] and (row["type"] == "question") == (role == "requester")]
        for role in ("requester", "agent")
    }


def news_sentences():
    """Sentences of Russian news: nobody in them is served."""
    rows = [row for part in ("train", "val") for row in lines(f"text_consistency/terra_ru_{part}.jsonl.gz")]
    return sorted({row[side] for row in rows for side in ("premise", "hypothesis")})


def bank_questions():
    """Short questions of bank customers."""
    return [row["text"] for part in ("train", "test") for row in table(f"text_consistency/banking77_{part}.csv.gz")]


def assistant_requests():
    """Requests to an assistant, each with its intent."""
    parts = json.loads(gzip.decompress((DATA / "text_consistency/clinc150_data_full.json.gz").read_bytes()))
    return [(text, intent) for part in parts.values() for text, intent in part]


@pytest.fixture(scope="module")
def helpdesk():
    return helpdesk_comments()


@pytest.fixture(scope="module")
def forum():
    return forum_posts()


@pytest.fixture(scope="module")
def news():
    return news_sentences()


def counts(texts, role):
    return Counter(label for text in texts for label in {each.label for each in says(text, role)})


def test_labelled_messages_are_right_but_for_at_most_two():
    rows = lines("consistency/textrules.jsonl")
    roles = {"customer": "requester", "agent": "agent"}
    wrong = [
        (row["id"], row["labels"], sorted(found))
        for row in rows
        if (found := {each.label for each in says(row["text"], roles[row["role"]])} & LABELLED) != set(row["labels"])
    ]
    assert len(rows) >= 50
    assert len(wrong) <= 2, wrong


def test_agents_of_a_help_desk(helpdesk):
    """1,334 comments read through: nobody is rude, few are short with the customer."""
    found = counts(helpdesk["agent"], "agent")
    assert len(helpdesk["agent"]) == 1334
    assert found["rude"] == found["asks_survey"] == found["introduces_himself"] == 0
    assert found["dismissive"] <= 1
    assert found["auto"] <= 3
    assert 4 <= found["apology"] <= 8
    assert 35 <= found["explanation"] <= 60
    assert 150 <= found["placeholder"] <= 230


def test_requesters_of_a_help_desk(helpdesk):
    found = counts(helpdesk["requester"], "requester")
    assert found["rude"] == found["auto"] == 0
    assert found["complaint"] <= 4
    assert 5 <= found["repeats"] <= 12


def test_a_developer_forum(forum):
    agents, asking = counts(forum["agent"], "agent"), counts(forum["requester"], "requester")
    assert agents["rude"] <= 1
    assert agents["dismissive"] <= 5
    assert agents["auto"] == 0
    assert agents["introduces_himself"] <= 3
    assert agents["asks_survey"] <= 1
    assert asking["complaint"] <= 3
    assert asking["repeats"] <= 2
    assert asking["rude"] == 0


def test_short_questions_of_bank_customers():
    """13,083 questions: what was read of the complaints and repetitions among them is fair."""
    texts = bank_questions()
    found = counts(texts, "requester")
    assert len(texts) == 13083
    assert found["rude"] <= 3
    assert found["auto"] <= 1
    assert found["repeats"] <= 8
    assert found["thanks_only"] == 0
    assert found["complaint"] <= 140


def test_requests_to_an_assistant_are_no_complaints():
    rows = assistant_requests()
    polite = {text for text, intent in rows if intent in {"thank_you", "goodbye"}}
    found = [(text, {each.label for each in says(text, "requester")}) for text, _ in rows]
    said = Counter(label for _, each in found for label in each)
    assert said["complaint"] <= 15
    assert said["repeats"] <= 1
    assert said["rude"] <= 10
    assert all(text in polite for text, each in found if "thanks_only" in each)


def test_news_say_little(news):
    as_agent, as_requester = counts(news, "agent"), counts(news, "requester")
    assert as_agent["rude"] <= 2
    assert as_agent["dismissive"] <= 2
    assert as_agent["apology"] <= 4
    assert as_agent["auto"] <= 1
    assert as_agent["moved_away"] == as_agent["asks_survey"] == 0
    assert as_requester["repeats"] <= 4
    assert as_requester["complaint"] <= 45
    assert sum(bool(promises(text)) for text in news) <= 4
    assert sum(bool(info_asked(text)) for text in news) <= 1


def test_dated_promises_of_a_help_desk_and_a_forum(helpdesk, forum):
    assert 7 <= sum(len(promises(text)) for text in helpdesk["agent"]) <= 16
    assert 1 <= sum(len(promises(text)) for text in forum["agent"]) <= 5


def test_what_agents_of_a_help_desk_ask_for(helpdesk):
    asked = Counter(kind for text in helpdesk["agent"] for kind in info_asked(text))
    assert asked["phone"] == asked["address"] == asked["birth_date"] == 0
    assert 4 <= asked["screenshot"] <= 9
    given = Counter(kind for text in helpdesk["requester"] for kind in info_given(text))
    assert 5 <= given["screenshot"] <= 15
    assert given["phone"] == given["name"] == given["address"] == 0


def test_columns_say_the_same_of_real_texts(helpdesk, news):
    for role, texts in (*helpdesk.items(), ("agent", news), ("requester", news)):
        found = labels(pl.Series(texts), role)
        for row, text in enumerate(texts):
            assert {name for name in found.columns if found[name][row]} == {each.label for each in says(text, role)}
