"""Demand when nobody works, ratings beside targets, AI agents, automatic messages, and how texts were read."""

import json

import pytest
from test_panels import Rows

from cs_audit import reports
from cs_audit.explain import text as explained
from cs_audit.reports import answers, panels, sentences, story, telling, wording
from cs_audit.reports.words import Words


@pytest.fixture
def words(said):
    return Words(said["language"])


def section(page, anchor):
    """What stands between an anchor and the end of its table."""
    return page.partition(f'"{anchor}"')[2].partition("</table>")[0]


def cells(document, heading):
    """The rows of the Markdown table under a heading."""
    part = document.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return [line.strip("| ").split(" | ") for line in part.splitlines() if line.startswith("| ")][1:]


def coverage_rows(audit, words):
    for each in audit["coverage"]:
        for name, side in (("staffed", "in working hours"), ("unstaffed", "out of hours")):
            own = each[name]
            share = words.percent(each["percent_unstaffed"]) if name == "unstaffed" else ""
            lengths = [telling.length(own[key], words) for key in ("p50_seconds", "p90_seconds")]
            numbers = [
                words.number(own["messages"]),
                share,
                words.number(own["waits"]),
                words.number(own["unanswered"]),
            ]
            yield [words.name("channel", each["channel"]), words.say(side), *numbers, *lengths]


def test_the_table_of_hours_says_what_the_audit_says(said, words):
    expected = list(coverage_rows(said, words))
    assert any(row[3] not in ("", words.percent(0.0)) for row in expected)
    page = Rows(section(reports.render(said, "html"), "coverage-title")).rows[1:]
    assert [row[-7:] for row in page] == [row[1:] for row in expected]
    assert [row[0] for row in page[::2]] == [row[0] for row in expected[::2]]
    assert cells(reports.render(said, "md"), words.say("When nobody works")) == expected


def test_how_many_wrote_when_nobody_worked_is_one_sentence(said, words):
    late = sum(each["unstaffed"]["messages"] for each in said["coverage"])
    whole = late + sum(each["staffed"]["messages"] for each in said["coverage"])
    told = sentences.out_of_hours(said, words)
    assert 0 < late < whole
    assert all(str(n) in told for n in (late, whole))
    assert all(told in reports.render(said, form) for form in ("html", "md"))
    assert told in reports.summary(said)


def test_the_table_of_ratings_says_what_the_audit_says(said, words):
    expected = [
        [
            words.name("rule", each["rule"]) or words.say("all targets"),
            words.name("side", side),
            *(words.number(each[side][name]) for name in ("rated", "low", "middle", "high")),
            "–" if each[side]["mean_percent"] is None else words.percent(each[side]["mean_percent"]),
        ]
        for each in said["ratings"]
        for side in ("kept", "broken")
    ]
    page = Rows(section(reports.render(said, "html"), "ratings")).rows[1:]
    assert [row[-6:] for row in page] == [row[1:] for row in expected]
    assert [row[0] for row in page[::2]] == [row[0] for row in expected[::2]]
    assert cells(reports.render(said, "md"), words.say("What requesters rate, and what the targets say")) == expected


def test_green_tickets_that_were_rated_low_are_counted_in_a_sentence(said, words):
    kept = said["ratings"][0]["kept"]
    assert (said["ratings"][0]["rule"], kept["low"] > 0) == (None, True)
    told = sentences.rated_low(said, words)
    assert [str(kept[name]) in told for name in ("rated", "low")] == [True, True]
    assert all(told in reports.render(said, form) for form in ("html", "md"))
    assert told in reports.summary(said)


@pytest.mark.parametrize(
    ("whole", "low", "english", "russian"),
    [
        (1, 1, "Of 1 rated ticket with every target kept 1 was rated low", "Из 1 оценённого обращения"),
        (21, 2, "Of 21 rated tickets with every target kept 2 were rated low", "Из 21 оценённого обращения"),
        (40, 12, "Of 40 rated tickets with every target kept 12 were rated low", "Из 40 оценённых обращений"),
    ],
)
def test_ratings_in_both_languages(whole, low, english, russian):
    audit = {"ratings": [{"rule": None, "kept": {"rated": whole, "low": low}}]}
    assert sentences.rated_low(audit, Words("en")) == english
    assert sentences.rated_low(audit, Words("ru")).startswith(russian)


def test_the_summary_is_at_most_one_line_longer(said):
    bare = {**said, "coverage": [], "ratings": []}
    assert len(reports.summary(said).splitlines()) == len(reports.summary(bare).splitlines()) + 1


def test_what_an_ai_agent_answered_first_has_a_column_of_its_own(said, words):
    known = {each["rule"]: each["answered_by_ai"] for each in story.wholes(said)}
    assert all(known.values())
    head, *rows = Rows(section(reports.render(said, "html"), "table-title")).rows
    place = head.index(words.say("An AI agent first"))
    wholes = [row for row in rows if row[place]]
    assert [row[place] for row in wholes] == [words.number(each["answered_by_ai"]) for each in story.wholes(said)]
    for each in said["results"]:
        each["answered_by_ai"] = 0
    told = words.say("An AI agent first")
    assert not [form for form in ("html", "md") if told in reports.render(said, form)]


def test_what_automatic_messages_would_change_is_a_sentence(said, words):
    (changed,) = [each for each in said["sensitivity"] if each["definition"] == "automatic_counts"]
    own = {each["rule"]: each for each in story.wholes(said)}
    differing = {
        rule: other for rule, other in changed["results"].items()
        if any(other[key] != own[rule][key] for key in ("judged", "achieved", "breached"))
    }  # fmt: skip
    assert differing
    told = sentences.with_automatic(said, words)
    for rule, other in differing.items():
        assert f"{words.name('rule', rule).lower()} {words.percent(other['percent'], own[rule]['goal'])}" in told
    assert all(told in reports.render(said, form) for form in ("html", "md"))
    for rule, each in own.items():
        changed["results"][rule] = {**each, "difference": 0}
    assert sentences.with_automatic(said, words) == words.say(
        "If they counted as answers, no share in time would change."
    )
    said["sensitivity"] = []
    assert sentences.with_automatic(said, words) == ""


def test_the_method_names_lexicons_and_what_the_configuration_adds(said, words):
    own = said["method"]["wording"]
    added = list(wording.additions(said["method"], words))
    assert {name for _, name, _ in added} >= {"rude", "coat_price"}
    assert "go away" in [text for _, _, text in added]
    for form in ("html", "md"):
        text = reports.render(said, form).replace("\\", "")
        assert all(f"{name} {version}" in text for name, version in own["lexicons"].items())
        assert all(part in text for row in added for part in row)


def test_an_exception_of_what_answers_say_names_it(said, words):
    (exception,) = said["exceptions"]
    told = wording.excused(exception, words)
    assert told == {"en": "transfer fee: 3%, 5%", "ru": "комиссия за перевод: 3\xa0%, 5\xa0%"}[said["language"]]
    assert f"<bdi>{told}</bdi>" in reports.render(said, "html")
    assert f"| {told} |" in reports.render(said, "md")
    assert wording.excused({"ticket": "T-1", "slot": "", "values": []}, words) == "T-1"


def test_an_audit_without_these_figures_is_shown_without_them(audit, language):
    assert not {"coverage", "ratings"} & set(audit)
    assert "wording" not in audit["method"]
    page, document = (reports.render(audit, form, language) for form in ("html", "md"))
    words = Words(language)
    absent = ("When nobody works", "What requesters rate, and what the targets say", "An AI agent first", "Words")
    for text in map(words.say, absent):
        assert f">{text}<" not in page
        assert f"## {text}\n" not in document
    assert sentences.both(audit, words) == sentences.with_automatic(audit, words) == ""


def test_a_result_of_today_without_the_new_keys_is_shown_without_them(said):
    for name in ("coverage", "ratings", "sensitivity"):
        del said[name]
    del said["method"]["wording"]
    for each in said["results"]:
        each.pop("answered_by_ai", None)
    for each in said["method"]["rules"]:
        del each["found_by"]
    for form in sorted(reports.FORMATS.values()):
        assert reports.render(said, form)
    assert panels.again(said) == []


def test_an_explanation_tells_both_quotes_and_why(said, words):
    each = next(each for each in said["findings"] if answers.is_claim(each))
    finding = {**each, "event": None}
    lines = [explained.finding(finding, words), *explained.evidence(finding, words)]
    assert answers.difference(each, words) in lines[0]
    assert each["ticket"] in lines[0]
    for side, line in zip(answers.sides(each), lines[1:], strict=False):
        assert side["sentence"] in line
        assert side["ticket"] in line
    assert any(answers.same_case(each, words) in line for line in lines if answers.same_case(each, words))


def test_an_explanation_tells_the_event_a_finding_follows_from(said, words):
    each = next(each for each in said["findings"] if each["rule"] == "requester_repeats_himself")
    finding = {**each, "event": 1}
    assert words.say("(event %(number)s)", number=1) in explained.finding(finding, words)
    (line,) = explained.evidence(finding, words)
    assert json.loads(json.dumps(each["evidence"]))[1]["quotes"][0] in line
    assert "X-1" in line
    alone = {
        "rule": "unanswered",
        "evidence": [],
        "related": [],
        "event": 2,
        "code": "x",
        "severity": "low",
        "message": "",
    }
    assert explained.evidence(alone, words) == []
