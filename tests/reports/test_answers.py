"""Claims about answers and the evidence of findings: word for word, in words, and harmless."""

import copy
import json
import re

import pytest
from test_escaping import CONTROL, HOSTILE, attributes, whole_tables
from test_panels import plain

from cs_audit import reports
from cs_audit.reports import answers, marks, story
from cs_audit.reports.words import Words

TEXTS = ("html", "md")


def claims(audit):
    return [each for each in audit["findings"] if answers.is_claim(each)]


def told(audit, form):
    """A report as a reader sees it: without markup and emphasis."""
    text = reports.render(audit, form)
    text = plain(re.sub(r"</?(bdi|mark|b)>", "", text)) if form == "html" else text.replace("**", "")
    return flat(text.replace("\\", "").replace("&#34;", '"'))


def flat(text):
    """On one line with plain spaces."""
    return " ".join(text.split())


def by_kind(audit):
    return {answers.why(each)["kind"]: each for each in claims(audit)}


def test_the_sample_holds_every_kind_of_claim(said):
    assert set(by_kind(said)) == {"contradiction", "change", "violation"}


@pytest.mark.parametrize("form", TEXTS)
def test_both_sides_stand_word_for_word_with_who_said_them_and_how_often(said, form):
    words, text = Words(said["language"]), told(said, form)
    for each in claims(said):
        for side in answers.sides(each):
            assert side["sentence"] in text
            counts = flat(answers.spread(side, words))
            assert counts.startswith(str(side["conversations"]))
            assert counts in text
            for shown in (answers.value(each, side, words), answers.speaker(side, words), answers.period(side, words)):
                assert flat(shown) in text
        assert flat(answers.difference(each, words)) in text


def test_the_quoted_value_is_emphasised_in_its_sentence(said):
    page, document = reports.render(said, "html"), reports.render(said, "md")
    for each in claims(said):
        for side in answers.sides(each):
            before, quote, after = answers.quoted(side)
            assert (before + quote + after, quote) == (side["sentence"], side["quote"])
            assert f"{before}<mark>{quote}</mark>{after}" in page
            assert f"{before}**{quote}**{after}" in document


def test_a_value_is_found_whole_in_its_sentence():
    side = {"sentence": "Not 15 days but 5 days, or 15 days.", "quote": "5 days"}
    assert answers.quoted(side) == ("Not 15 days but ", "5 days", ", or 15 days.")
    assert answers.quoted({"sentence": "Yes.", "quote": "No"}) == ("Yes.", "", "")
    assert answers.quoted({"sentence": "Yes.", "quote": ""}) == ("Yes.", "", "")


def test_the_majority_is_marked_only_where_there_is_one(said):
    kinds = by_kind(said)
    often, rare = answers.sides(kinds["contradiction"])
    assert (answers.most(kinds["contradiction"], often), answers.most(kinds["contradiction"], rare)) == (True, False)
    assert not any(answers.most(kinds["change"], side) for side in answers.sides(kinds["change"]))
    marked = Words(said["language"]).say("the majority")
    majorities = sum(answers.most(each, side) for each in claims(said) for side in answers.sides(each))
    assert reports.render(said, "html").count(f">{marked}<") == told(said, "md").count(f"({marked})") == majorities == 1


@pytest.mark.parametrize(
    ("severity", "kind", "english", "russian"),
    [
        ("high", "contradiction", "sure", "точно"),
        ("low", "contradiction", "to be reviewed", "на проверку"),
        ("low", "change", "the answer changed over time", "ответ со временем изменился"),
        ("high", "violation", "sure", "точно"),
    ],
)
def test_how_sure_a_claim_is_is_told(severity, kind, english, russian):
    finding = {"severity": severity, "evidence": [{}, {"slot": "x", "kind": kind}]}
    assert answers.grade(finding, Words("en")) == english
    assert answers.grade(finding, Words("ru")) == russian


def test_a_violation_names_what_the_configuration_declares(said):
    broken = by_kind(said)["violation"]
    words = Words(said["language"])
    assert answers.declared(broken, words) == {"en": "10 days", "ru": "10 дней"}[said["language"]]
    for form in TEXTS:
        assert f"{words.say('The policy says')}: {answers.declared(broken, words)}" in told(said, form)


def test_reasons_and_doubts_are_told_in_the_language(said):
    words = Words(said["language"])
    finding = copy.deepcopy(by_kind(said)["contradiction"])
    answers.why(finding)["doubts"].append(
        {"reason": "another {group}: {a} and {b}", "fields": {"group": "tier", "a": "gold", "b": "silver"}, "factor": 1}
    )
    answers.why(finding)["doubts"].append(
        {"reason": "for another quantity: {a} and {b}", "fields": {"a": "5 kg", "b": "10 kg"}, "factor": 1}
    )
    expected = {
        "en": ["another tier: gold and silver", "for another quantity: 5\xa0kg and 10\xa0kg"],
        "ru": ["другой признак «уровень тарифа»: золотой и серебряный", "речь о разном количестве: 5\xa0кг и 10\xa0кг"],
    }
    assert answers.doubts(finding, words) == expected[said["language"]]


def test_what_requesters_asked_stays_out(said):
    finding = by_kind(said)["contradiction"]
    answers.why(finding)["doubts"] = [
        {
            "reason": "the same question in other words, by meaning: {a} and {b}",
            "fields": {"a": "my secret question", "b": "another one of mine"},
            "factor": 0.65,
        }
    ]
    for form in TEXTS:
        text = told(said, form)
        assert "my secret question" not in text
        assert answers.doubts(finding, Words(said["language"]))[0] in text


def test_what_dismisses_a_claim_are_the_words_that_the_configuration_takes(said):
    each = by_kind(said)["contradiction"]
    line = answers.dismissal(each)
    assert json.loads(line.partition("values = ")[2]) == sorted(side["value"] for side in answers.sides(each))
    assert line in told(said, "html")


def test_an_opinion_is_told_with_the_model_that_gave_it(said):
    each = by_kind(said)["contradiction"]
    answers.why(each)["opinion"] = {"model": "m-1", "agrees": False, "reason": "two plans", "quotes": ["a", "b"]}
    said["method"]["second_opinion"] = {
        "model": "m-1", "prompt_version": "1", "agreed": 3, "disagreed": 4, "discarded": 5, "unanswered": {"offline": 6},
    }  # fmt: skip
    for form in TEXTS:
        text = told(said, form)
        assert "m-1: two plans" in text
        line = next(line for line in text.split(". ") if "m-1" in line and "two plans" not in line)
        assert re.findall(r"\b[3-6]\b", line) == ["3", "4", "5", "6"]
    answers.why(each)["opinion"] = {"model": "m-1", "discarded": "it is no JSON"}
    assert answers.opinion(each, Words("en")) == ""


def test_findings_are_counted_by_severity(said):
    rule = next(each for each in said["method"]["rules"] if each["rule"] == "contradicting_answers")
    shown = [each for each in said["findings"] if each["rule"] == "contradicting_answers"]
    assert rule["found_by"] == {"high": 1, "low": 1}
    assert answers.grades(rule, shown, Words("en")) == "sure 1, to be reviewed 1"
    assert answers.grades({"severity": "medium", "found": 2}, [], Words("en")) == "medium"
    assert answers.grades({"severity": "low", "found": 0, "found_by": {}}, [], Words("en")) == "low"


def test_rules_whose_findings_are_all_to_be_reviewed_come_after_graver_ones(said):
    for rule in said["method"]["rules"]:
        if rule["rule"] == "contradicting_answers":
            rule["found_by"] = {"low": rule["found"]}
    order = [rule["rule"] for rule, _ in story.found(said)]
    assert order.index("contradicting_answers") > order.index("requester_repeats_himself")


def test_a_story_told_again_names_the_ticket_it_was_first_told_in(said):
    each = next(each for each in said["findings"] if each["rule"] == "requester_repeats_himself")
    words = Words(said["language"])
    line = marks.sentence(each, words)
    assert words.say("ticket %(ticket)s", ticket="X-1") in line
    assert each["evidence"][1]["quotes"]
    assert all(marks.quoted(text, words) in line for text in each["evidence"][1]["quotes"])
    assert flat(line) in told(said, "md")
    for text in each["evidence"][1]["quotes"]:
        assert f"<bdi>{text}</bdi></q>" in reports.render(said, "html")


def test_requesters_are_quoted_only_as_far_as_a_finding_quotes_them(said):
    texts = reports.render(said, "html") + reports.render(said, "md") + reports.summary(said)
    assert "4583921" not in texts


def test_events_of_one_ticket_are_told_without_its_number():
    cause, event = ({"kind": "message", "author": who, "occurred_at": "2026-03-02T09:00:00Z", "channel": "chat"}
                    for who in ("requester", "agent"))  # fmt: skip
    finding = {"rule": "repeated_info_request", "evidence": [cause, event], "related": []}
    expected = "first: message (requester), chat, 2 Mar 2026, 09:00; then: message (agent)"
    assert marks.sentence(finding, Words("en")) == expected


def poisoned(audit, text):
    """Every text of an agent, a requester or a model in the findings is a stranger's."""
    for each in audit["findings"]:
        each["related"] = [text, *each["related"]]
        for part in each["evidence"]:
            part.update({name: text for name in ("sentence", "quote", "ticket", "agent", "value") if name in part})
            if "quotes" in part:
                part["quotes"] = [text]
            if "slot" in part:
                part["slot"] = f"money: {text}"
                part["doubts"] = [{"reason": text, "fields": {"a": text}, "factor": 1}]
                part["difference"]["fields"] = {"a": text, "b": text}
                part["opinion"] = {"model": text, "agrees": True, "reason": text, "quotes": [text, text]}
    audit["exceptions"][0].update(slot=text, values=[text], reason=text)
    for name in ("phrases", "concepts", "qualifiers", "policy_facts"):
        audit["method"]["wording"][name] = {text: {"all": text} if name in ("concepts", "qualifiers") else text}
    audit["method"]["wording"]["ignore_values"] = [text]
    return audit


@pytest.mark.parametrize("text", HOSTILE)
def test_quotes_are_harmless_in_every_format(said, text):
    tags = set(re.findall(r"<([a-z]+)[ >]", reports.render(said, "html")))
    page, document = (reports.render(poisoned(said, text), form) for form in TEXTS)
    assert set(re.findall(r"<([a-z]+)[ >]", page)) <= tags
    assert not {name for name in attributes(page) if name.startswith("on")}
    assert not CONTROL.search(page + document + reports.summary(said))
    assert "<script" not in document
    assert "<img" not in document
    assert "](" not in document.replace("\\]", "")
    assert whole_tables(document)
