"""Rules: one file each, a function whose docstring is its page.

A span rule returns waits, judged against the target of its own name; a mark rule returns events, each
a finding. Adding a rule touches its file, its golden file in tests/rules and one changelog line.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import TYPE_CHECKING

from cs_audit.errors import ConfigError
from cs_audit.rules.rule import FAMILIES, SEVERITIES, Rule, rule
from cs_audit.worded import nearest, worded

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["FAMILIES", "SEVERITIES", "Rule", "all_rules", "find_rule", "rule", "select_rules"]


def all_rules() -> dict[str, Rule]:
    """Every rule by name, ordered by code.

    Raises:
        ValueError: two rules share a code.
    """
    found: dict[str, Rule] = {}
    for module in pkgutil.iter_modules(__path__):
        for each in vars(import_module(f"{__name__}.{module.name}")).values():
            if isinstance(each, Rule):
                found[each.name] = each
    codes = [each.code for each in found.values()]
    if len(codes) != len(set(codes)):
        raise ValueError(f"a rule code is used twice: {sorted(codes)}")
    return dict(sorted(found.items(), key=lambda item: item[1].code))


def find_rule(name: str, where: str = "") -> Rule:
    """The rule called `name` or coded so.

    Raises:
        ConfigError: there is none; the nearest name is offered.
    """
    rules = all_rules()
    key = name.replace("-", "_")
    found = rules.get(key) or next((each for each in rules.values() if each.code == name.upper()), None)
    if found:
        return found
    hint = nearest(key, rules, worded("run `cs-audit rules` for the list"))
    raise ConfigError(worded("there is no rule {name!r}", name=name), where=where, hint=hint)


def select_rules(select: Iterable[str], ignore: Iterable[str]) -> list[Rule]:
    """The rules named by `select` (names, codes, families or ALL) and not by `ignore`, by code.

    Raises:
        ConfigError: a word that names no rule and no family.
    """
    wanted = _named(select, "rules.select") - _named(ignore, "rules.ignore")
    return [each for each in all_rules().values() if each.name in wanted]


def _named(words: Iterable[str], where: str) -> set[str]:
    names: set[str] = set()
    for word in words:
        if word.upper() in FAMILIES or word.upper() == "ALL":
            family = "" if word.upper() == "ALL" else word.upper()
            names |= {each.name for each in all_rules().values() if each.code.startswith(family)}
        else:
            names.add(find_rule(word, where).name)
    return names
