"""What a model wrote, read as an opinion or discarded."""

import json
from typing import Any

import pytest

from cs_audit.opinion.endpoint import text_of
from cs_audit.opinion.prompts import VERSION, Prompt, Text
from cs_audit.opinion.replies import Discarded, Opinion, Unanswered, read
from cs_audit.opinion.review import reviewed, with_opinions

PROMPT = Prompt(Text("email", "How long?", "It takes 2 days."), Text("chat", "How long?", "It takes 6 days."))
GOOD = {"same_case": True, "contradict": True, "quote_a": "2 days", "quote_b": "6 days", "reason": "2 is not 6"}


def told(**other: Any) -> str:
    return json.dumps({**GOOD, **other})


def test_a_good_answer_is_an_opinion() -> None:
    assert read(told(), PROMPT) == Opinion(agrees=True, reason="2 is not 6", quotes=("2 days", "6 days"))


@pytest.mark.parametrize("fence", ["```json\n{}\n```", "```\n{}\n```", "\n {} \n"])
def test_a_fence_around_json_is_no_fault(fence: str) -> None:
    assert isinstance(read(fence.replace("{}", told()), PROMPT), Opinion)


@pytest.mark.parametrize(
    "content",
    [
        "", "yes", "{", "[]", "null", "1", "NaN", "[" * 100_000, "{}", f"Sure! {told()}", told() * 2,
        told(same_case="true"), told(same_case=1), told(contradict=None), told(quote_a=3), told(quote_a=None),
        told(quote_b=["6 days"]), told(reason=None), told(quote_a=""), told(quote_a="  "), told(quote_a="2 Days"),
        told(quote_a="6 days"), told(quote_b="2 days"), told(quote_a="It takes  2 days."), told(quote_a="3 days"),
        json.dumps({key: GOOD[key] for key in GOOD if key != "reason"}),
    ],
)  # fmt: skip
def test_anything_else_is_discarded(content: str) -> None:
    assert isinstance(read(content, PROMPT), Discarded)


def test_a_reason_is_one_short_line_that_steers_no_terminal() -> None:
    opinion = read(told(reason="so\n\x1b[31m it\u202e is " + "long " * 200), PROMPT)
    assert isinstance(opinion, Opinion)
    assert opinion.reason.startswith("so [31m it is long")
    assert opinion.reason.isprintable()
    assert len(opinion.reason) == 300


def test_the_key_depends_on_all_that_an_answer_depends_on(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = {
        PROMPT.key("m", "https://a:443"),
        PROMPT.key("n", "https://a:443"),
        PROMPT.key("m", "https://b:443"),
        Prompt(PROMPT.b, PROMPT.a).key("m", "https://a:443"),
    }
    before = PROMPT.key("m", "https://a:443")
    monkeypatch.setattr("cs_audit.opinion.prompts.VERSION", VERSION + "x")
    assert len({*keys, PROMPT.key("m", "https://a:443")}) == 5
    assert before in keys
    assert len(before) == 64


@pytest.mark.parametrize(
    "value",
    [None, [], {}, 1, "x", {"choices": []}, {"choices": {}}, {"choices": [{}]}, {"choices": [{"message": None}]},
     {"choices": [{"message": {"content": None}}]}, {"choices": [{"message": {"content": [1]}}]}, {"error": "busy"}],
)  # fmt: skip
def test_what_is_no_completion_has_no_text(value: Any) -> None:
    assert text_of(value) is None


def test_putting_opinions_beside_findings_leaves_the_audit_given_as_it_was() -> None:
    evidence = [{}, {}, {"kind": "contradiction"}]
    findings = [
        {"rule": "contradicting_answers", "severity": "low", "ticket": each, "evidence": evidence} for each in "AB"
    ]
    audit = {"inputs": [], "method": {}, "window": {}, "version": "1", "findings": findings}
    before = json.dumps(audit)
    good = Opinion(agrees=True, reason="so", quotes=("2", "6"))
    made = with_opinions(audit, "m", {0: Unanswered("offline"), 1: good})
    assert json.dumps(audit) == before
    assert list(reviewed(audit)) == list(reviewed(made)) == [0, 1]
    assert [each["ticket"] for each in made["findings"]] == ["B", "A"]
    assert [each["evidence"][-1].get("opinion") for each in made["findings"]] == [
        {"model": "m", "agrees": True, "reason": "so", "quotes": ["2", "6"]},
        None,
    ]
