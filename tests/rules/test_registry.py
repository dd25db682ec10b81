"""Rules are found by name and code, and chosen by family."""

import datetime as dt
import sys
from types import ModuleType

import pytest

from cs_audit import rules
from cs_audit.errors import ConfigError
from cs_audit.events import anything
from cs_audit.history import History, Marks
from cs_audit.rules import all_rules, find_rule, rule, select_rules


def test_rules_are_ordered_by_code() -> None:
    codes = [each.code for each in all_rules().values()]
    assert codes == sorted(codes)
    assert len(codes) >= 11


@pytest.mark.parametrize("name", ["first_reply", "first-reply", "RT101", "rt101"])
def test_a_rule_is_found_by_name_and_code(name: str) -> None:
    assert find_rule(name).name == "first_reply"


@pytest.mark.parametrize(
    ("name", "hint"), [("first_replay", "did you mean 'first_reply'?"), ("xyz", "run `cs-audit rules`")]
)
def test_an_unknown_rule_is_an_error_that_offers_the_nearest(name: str, hint: str) -> None:
    with pytest.raises(ConfigError, match=f"there is no rule {name!r}") as told:
        find_rule(name, "rules.select")
    assert told.value.where == "rules.select"
    assert hint in told.value.hint


@pytest.mark.parametrize(
    ("select", "ignore", "codes"),
    [
        (["CC"], [], {"CC101", "CC102", "CC201", "CC202"}),
        (["rs", "FL201"], [], {"RS101", "RS102", "RS103", "RS104", "FL201"}),
        (["RT", "RS"], ["RT", "resolution"], {"RS101", "RS103", "RS104"}),
        (["first-reply"], ["ALL"], set()),
        ([], [], set()),
    ],
)
def test_rules_are_chosen_by_family_code_and_name(select: list[str], ignore: list[str], codes: set[str]) -> None:
    assert {each.code for each in select_rules(select, ignore)} == codes


def test_all_selects_everything() -> None:
    assert select_rules(["all"], []) == list(all_rules().values())


@pytest.mark.parametrize("words", [(["QQ"], []), (["ALL"], ["nonsense"])])
def test_a_word_that_names_no_rule_is_an_error(words: tuple[list[str], list[str]]) -> None:
    with pytest.raises(ConfigError, match="there is no rule"):
        select_rules(*words)


def test_two_rules_may_not_share_a_code(monkeypatch: pytest.MonkeyPatch) -> None:
    @rule("RT101")
    def impostor(ticket: History) -> Marks:
        return ticket.each(anything)

    module = ModuleType("cs_audit.rules.first_reply")
    module.__dict__.update(vars(sys.modules["cs_audit.rules.first_reply"]), impostor=impostor)
    monkeypatch.setitem(sys.modules, "cs_audit.rules.first_reply", module)
    with pytest.raises(ValueError, match="a rule code is used twice"):
        rules.all_rules()


def test_options_of_a_rule_are_its_keyword_parameters() -> None:
    assert list(find_rule("reopened").options) == ["within"]
    assert dict(find_rule("first_reply").options) == {}


def test_a_page_has_sections_and_an_unknown_one_is_empty() -> None:
    page = find_rule("reopened")
    assert page.section("Options").startswith('`within = "7d"` counts only')
    assert "##" not in page.section("What counts")
    assert page.section("Weather") == ""


def test_span_rules_measure_and_mark_rules_find() -> None:
    measures = {each.name for each in all_rules().values() if each.measures}
    clocks = "first_reply next_reply periodic_update requester_wait agent_work resolution first_resolution ownership"
    assert measures >= {*clocks.split(), "call_answer"}
    assert measures.isdisjoint({"reopened", "closed_without_reply", "paused_after_answer", "unknown_author"})


def test_a_rule_without_a_page_has_an_empty_one() -> None:
    @rule("ZZ999", severity="low", needs=("messages",))
    def bare(ticket: History, *, within: dt.timedelta | None = None) -> Marks:  # noqa: ARG001
        return ticket.each(anything)

    assert (bare.page, bare.title, bare.section("Example")) == ("", "", "")
    assert bare.needs == {"messages"}
