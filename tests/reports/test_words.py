"""Words, numbers, dates and lengths of time in both languages."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

import cs_audit
from cs_audit.reports import answers, lexis, values
from cs_audit.reports.files import template_dir
from cs_audit.reports.vocabulary import CODES, PROBLEMS, VOCABULARY
from cs_audit.reports.words import PARTS, Words
from cs_audit.rules import all_rules
from cs_audit.sources.helpdesks import TYPES, connector_of

KEYWORDS = {"say": None, "plural": (1, 2)}


def messages():
    """Every message of templates and code, every word and every rule's page, as (context, message)."""
    package = Path(cs_audit.__file__).parent
    files = [(path, babel_extract) for path in template_dir().iterdir() if path.suffix in (".html", ".md")]
    rooms = [package / room for room in ("reports", "explain", "ci")]  # messages: tests/messages
    files += [(path, "python") for room in rooms for path in sorted(room.glob("*.py"))]
    for path, method in files:
        with path.open("rb") as file:
            for _, message, _, _ in extract(method, file, KEYWORDS):
                first = message if isinstance(message, str) else message[0]
                if first:
                    yield None, first
    yield from ((None, message) for message in PROBLEMS)
    yield from ((kind, word) for kind, known in VOCABULARY.items() for word in known.values())
    for rule in all_rules().values():
        yield None, " ".join(rule.title.split())
        yield from (
            (None, " ".join(rule.section(part).split())) for part in ("Why it matters", "What counts", "Options")
        )
        yield None, " ".join(rule.section("Example").partition("```")[0].split())
    yield from answer_messages()
    for kind in TYPES:
        yield from ((None, f"{topic}: {why}") for topic, why in connector_of(kind).unseen.items())


def answer_messages():
    """What is told of answers: reasons, values, and the names that the lexicons give to slots, topics and cases."""
    yield from ((answers.WHY, text) for text in (*reasons_of_answers(), *answers.REASONS))
    yield from (("grade", text) for text in (answers.CHANGED, *answers.GRADES.values()))
    yield from (("slot type", text) for text in lexis.TYPES.values())
    for kind, names in (("slot", lexis.concepts()), ("term", lexis.terms()), ("case group", lexis.groups())):
        yield from ((kind, lexis.english(name)) for name in names)
    yield from (("value", text) for text in (*values.PLAIN.values(), *values.SIGNS.values(), *values.FORMS))
    yield from ((place, one) for place in (values.ALONE, values.SIGNED) for one, _ in values.LENGTHS.values())
    yield from (("unit", text) for text in values.UNITS)
    yield from (("per", text) for text in values.PER)


def reasons_of_answers():
    """Every text of several words in the modules that compare answers, but for docstrings and errors."""
    for module in ("compare", "cases", "clash", "evidence", "known_policy", "meaning"):
        tree = ast.parse(Path(cs_audit.__file__).with_name("answers").joinpath(f"{module}.py").read_text("utf-8"))
        yield from texts_in(tree)


def texts_in(node):
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value.strip():
        yield node.value
    docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    sentence = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "worded"  # tests/messages sees to these
    if not docstring and not sentence and not isinstance(node, ast.Raise | ast.JoinedStr):
        for each in node.values if isinstance(node, ast.Dict) else ast.iter_child_nodes(node):
            yield from texts_in(each)


def russian(part=""):
    with (template_dir() / "messages" / f"ru{part}.po").open("rb") as file:
        return read_po(file, locale="ru")


def test_every_message_has_a_russian_translation():
    catalogs = {part: russian(part) for part in ("", ".terms")}
    missing = []
    for context, message in set(messages()):
        found = catalogs[PARTS.get(context, "")].get(message, context)
        told = found and (found.string if isinstance(found.string, tuple) else (found.string,))
        if message and (not (told and all(told)) or found.fuzzy):
            missing.append((context, message))
    assert not missing


def test_translations_take_the_same_values_as_their_messages():
    for catalog in (russian(), russian(".terms")):
        for message in catalog:
            if message.id:
                assert not [str(error) for error in message.check(catalog)]
                fields = set(re.findall(r"\{\w+\}", str(message.id)))
                assert fields >= set(re.findall(r"\{\w+\}", str(message.string)))


def test_the_reasons_of_answers_are_all_collected():
    known = set(reasons_of_answers())
    assert {"values differ: {a} and {b}", "another {group}: {a} and {b}", "one answer gives an example"} <= known
    assert "the same question in other words, by meaning: {a} and {b}" in known
    assert set(answers.WITHHELD) | set(answers.MEASURED) <= known


def test_every_code_of_the_chain_has_words():
    for kind, codes in CODES.items():
        assert set(codes) == set(VOCABULARY[kind])
    assert set(VOCABULARY["reason"]) == set(VOCABULARY["reason explained"])


@pytest.mark.parametrize(
    ("n", "shown"),
    [
        (0, "0 обращений"),
        (1, "1 обращение"),
        (2, "2 обращения"),
        (5, "5 обращений"),
        (11, "11 обращений"),
        (21, "21 обращение"),
        (22, "22 обращения"),
        (101, "101 обращение"),
        (112, "112 обращений"),
        (1001, "1 001 обращение"),
        (1.5, "1,5 обращения"),
    ],
)
def test_russian_plurals(n, shown):
    assert Words("ru").plural("%(n)s ticket read", "%(n)s tickets read", n).replace("\xa0", " ") == f"Прочитано {shown}"


@pytest.mark.parametrize(("n", "shown"), [(0, "0 tickets"), (1, "1 ticket"), (1.5, "1.5 tickets"), (21, "21 tickets")])
def test_english_plurals(n, shown):
    assert Words("en").plural("%(n)s ticket read", "%(n)s tickets read", n) == f"{shown} read"


def test_numbers_take_the_form_of_the_language():
    assert Words("en").number(155088) == "155,088"
    assert Words("ru").number(155088) == "155\xa0088"


@pytest.mark.parametrize(
    ("share", "goal", "en", "ru"),
    [
        (83.4375, 90, "83.4%", "83,4\xa0%"),
        (89.96, 90, "89.96%", "89,96\xa0%"),
        (99.999, 90, "99.999%", "99,999\xa0%"),
        (100.0, 90, "100.0%", "100,0\xa0%"),
        (0.0, 90, "0.0%", "0,0\xa0%"),
        (0.004, 90, "0.004%", "0,004\xa0%"),
        (89.95, 89.9, "90.0%", "90,0\xa0%"),
        (48.8827, 90, "48.9%", "48,9\xa0%"),
    ],
)
def test_a_share_is_never_rounded_onto_a_goal_or_to_all_or_nothing(share, goal, en, ru):
    assert Words("en").percent(share, goal) == en
    assert Words("ru").percent(share, goal) == ru


@pytest.mark.parametrize(
    ("seconds", "en", "ru"),
    [
        (0, "0 s", "0 с"),
        (0.2, "1 s", "1 с"),
        (59, "59 s", "59 с"),
        (60, "1 min", "1 мин"),
        (61, "1 min 01 s", "1 мин 01 с"),
        (3599.5, "1 h", "1 ч"),
        (3600, "1 h", "1 ч"),
        (3600.5, "1 h 01 min", "1 ч 01 мин"),
        (3601, "1 h 01 min", "1 ч 01 мин"),
        (3900, "1 h 05 min", "1 ч 05 мин"),
        (360000, "100 h", "100 ч"),
        (12549600, "3,486 h", "3 486 ч"),
    ],
)
def test_lengths_of_time_are_rounded_up_so_that_late_never_reads_as_in_time(seconds, en, ru):
    assert Words("en").duration(seconds).replace("\xa0", " ") == en
    assert Words("ru").duration(seconds).replace("\xa0", " ") == ru


@pytest.mark.parametrize("limit", [60, 3600, 7200, 57600])
@pytest.mark.parametrize("over", [0.001, 1, 29, 59])
def test_a_breached_wait_never_reads_like_its_limit(limit, over):
    assert Words("en").duration(limit + over) != Words("en").duration(limit)


def test_exact_lengths_show_every_second():
    assert Words("en").duration(3725, exact=True).replace("\xa0", " ") == "1 h 02 min 05 s"
    assert Words("en").duration(3605, exact=True).replace("\xa0", " ") == "1 h 00 min 05 s"


def test_dates_and_moments_take_the_form_of_the_language_and_the_audits_zone():
    assert Words("ru").date("2026-11-21").replace("\xa0", " ").replace("\u202f", " ") == "21 нояб. 2026 г."
    assert Words("en").date("2026-11-21") == "21 Nov 2026"
    assert Words("en", "Europe/Moscow").moment("2026-11-21T22:30:00Z") == "22 Nov 2026, 01:30"
    assert Words("ru", "Europe/Moscow").moment("2026-11-21T22:30:00Z") == "22 нояб. 2026 г., 01:30"


def test_limits_are_told_in_words():
    assert Words("en").limit("2wd").replace("\xa0", " ") == "2 working days"
    assert Words("ru").limit("5wd").replace("\xa0", " ") == "5 рабочих дней"
    assert Words("en").limit("recorded") == "the time promised to each ticket"
    assert Words("en").limit("5400s").replace("\xa0", " ") == "1 h 30 min"


def test_neighbouring_days_are_drawn_together():
    assert Words("en").days(["mon", "tue", "wed", "sat"]) == "Mon–Wed, Sat"


def test_problems_of_rows_are_told_in_russian_with_their_values():
    assert Words("ru").problem("has 3 fields, the header has 9") == "полей 3, а в заголовке 9"
    assert Words("ru").problem("something new: 100 %") == "something new: 100 %"


def test_a_stretch_says_its_day_once():
    words = Words("en", "UTC")
    assert words.stretch("2025-03-03T09:00:00Z", "2025-03-03T18:00:00Z") == "Mon 3 Mar 09:00–18:00"
    assert words.stretch("2025-03-03T20:00:00Z", "2025-03-04T04:00:30Z") == "Mon 3 Mar 20:00–Tue 4 Mar 04:00:30"
