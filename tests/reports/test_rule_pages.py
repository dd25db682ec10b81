"""The rules' pages in both languages."""

import json
import re

import pytest

from cs_audit.cli.guard import guarded
from cs_audit.reports import rule_pages
from cs_audit.reports.words import Words
from cs_audit.rules import all_rules

RULES = all_rules()
ENGLISH = re.compile(r"\b(?:the|is|of|and|nobody|whoever|customer|requester|agent)\b", re.IGNORECASE)


def prose(page):
    """The page without its example and what is quoted from configurations."""
    return re.sub(r"`[^`]*`", "", re.sub(r"```.*?```", "", page, flags=re.DOTALL))


def test_the_english_page_is_the_rules_own():
    for rule in RULES.values():
        assert rule_pages.page(rule, Words("en")) == rule.page
        assert ENGLISH.search(prose(rule.page))


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_the_russian_page_has_the_same_parts_and_no_english(rule):
    page = rule_pages.page(rule, Words("ru"))
    assert len(re.findall(r"^## ", page, re.MULTILINE)) == len(re.findall(r"^## ", rule.page, re.MULTILINE))
    assert not ENGLISH.search(prose(page))
    assert re.findall(r"```.*?```", page, re.DOTALL) == re.findall(r"```.*?```", rule.page, re.DOTALL)


def test_no_line_of_prose_is_longer_than_a_hundred_signs():
    for rule in RULES.values():
        text = re.sub(r"```.*?```", "", rule_pages.page(rule, Words("ru")), flags=re.DOTALL)
        assert max(map(len, text.splitlines())) <= 100


def test_the_command_prints_them(capsys):
    assert guarded(["rules", "RT101", "--language", "ru"]) == 0
    assert "# Первый ответ (first_reply, RT101, высокая важность)" in capsys.readouterr().out
    assert guarded(["rules", "--language", "ru", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["title"].startswith("На один и тот же вопрос")
    assert guarded(["rules", "--language", "de"]) == 2
