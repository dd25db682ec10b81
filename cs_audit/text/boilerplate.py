"""Phrases of automatic messages: the rules of the lexicon, for one text and for whole columns.

Texts are folded first, so that patterns are short and two engines of regular expressions read them alike: Python's
for one text, Rust's for columns. Both take linear time on them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, reduce
from operator import and_

import polars as pl

from cs_audit.text.lexicon import lexicon

_HEAD, _TAIL = 2_000, 1_000
"""How much of a long text is looked at, in characters: acknowledgements say what they are first or last."""
_BEGINNING = 500
"""The part whose known share is measured."""
_BREAK = r"\t-\r\x1c-\x1f\x85\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_SPACE = rf"[ {_BREAK}]{{2,}}|[{_BREAK}]"
_LETTER = "[a-zа-я]"
_LIKE = {"ё": "е", "’": "'", "‘": "'", "ʼ": "'", "–": "-", "—": "-", "‑": "-", "−": "-"}


@dataclass(frozen=True)
class Rule:
    """A combination of groups of phrases that proves a message automatic.

    Texts need all groups of `needs` and none of `bars`; phrases must make up the share `known` of the letters the
    text begins with. A rule for the `desk` says nothing about messages of requesters.
    """

    name: str
    needs: tuple[str, ...]
    bars: tuple[str, ...] = ()
    known: float = 0.0
    desk: bool = False


@cache
def rules() -> tuple[Rule, ...]:
    """All rules, in the order in which the first that fits names the text."""
    return tuple(
        Rule(
            rule["name"],
            tuple(rule["all"]),
            tuple(rule.get("none", ())),
            rule.get("known", 0.0),
            rule.get("desk", False),
        )
        for rule in lexicon("automatic")["rules"]
    )


def rule_of(text: str, *, author: str | None = None) -> str | None:
    """The name of the rule that calls one plain text automatic, or None."""
    seen = folded(text)
    found = {name for name, pattern in _patterns().items() if re.search(pattern, seen)}
    for rule in rules():
        fits = (
            found.issuperset(rule.needs) and found.isdisjoint(rule.bars) and not (rule.desk and author == "requester")
        )
        if fits and (not rule.known or known_share(seen) >= rule.known):
            return rule.name
    return None


def rules_of(texts: pl.Series, authors: pl.Series | None = None) -> pl.Series:
    """The name of the rule that calls each plain text automatic, or null; the same answers as `rule_of`."""
    frame = pl.DataFrame({"seen": texts.cast(pl.String)}).with_row_index("row")
    asking = pl.lit(value=False) if authors is None else pl.lit(authors.cast(pl.String)).eq_missing("requester")
    frame = frame.with_columns(asking=asking).drop_nulls("seen").with_columns(fold(pl.col("seen")).alias("seen"))
    first = dict.fromkeys(rule.needs[0] for rule in rules())
    frame = frame.filter(pl.any_horizontal(_has(name) for name in first))
    groups = frame.with_columns(_has(name).alias(f"has {name}") for name in _patterns())
    groups = groups.with_columns(_known(pl.col("seen")).alias("known"))
    named = groups.select("row", rule=pl.coalesce([pl.when(_fits(rule)).then(pl.lit(rule.name)) for rule in rules()]))
    rows = pl.DataFrame({"row": pl.int_range(texts.len(), dtype=pl.get_index_type(), eager=True)})
    return rows.join(named, on="row", how="left", maintain_order="left")["rule"]


def folded(text: str) -> str:
    """A text as patterns see it: its beginning and end, lower case, one kind of dash, space and letter ё."""
    if len(text) > _HEAD + _TAIL:
        text = f"{text[:_HEAD]} {text[-_TAIL:]}"
    return f" {re.sub(_SPACE, ' ', re.sub('|'.join(_LIKE), lambda found: _LIKE[found[0]], text.lower()))} "


def fold(text: pl.Expr) -> pl.Expr:
    """The same for a column."""
    ends = pl.concat_str(text.str.head(_HEAD), pl.lit(" "), text.str.tail(_TAIL))
    seen = pl.when(text.str.len_chars() > _HEAD + _TAIL).then(ends).otherwise(text)
    seen = seen.str.to_lowercase().str.replace_many(list(_LIKE), list(_LIKE.values())).str.replace_all(_SPACE, " ")
    return pl.concat_str(pl.lit(" "), seen, pl.lit(" "))


def known_share(seen: str) -> float:
    """The share of the first letters of a folded text that stand in phrases of any group."""
    start = seen[:_BEGINNING]
    letters = len(re.findall(_LETTER, start))
    return 1 - len(re.findall(_LETTER, re.sub(_known_pattern(), " ", start))) / letters if letters else 0.0


def _known(seen: pl.Expr) -> pl.Expr:
    start = seen.str.head(_BEGINNING)
    letters = start.str.count_matches(_LETTER)
    unknown = start.str.replace_all(_known_pattern(), " ").str.count_matches(_LETTER)
    return pl.when(letters > 0).then(1 - unknown / letters).otherwise(0.0)


def _has(group: str) -> pl.Expr:
    """Whether a folded text has a phrase of a group. One expression each: a joint one outgrows the engine's cache."""
    return pl.col("seen").str.contains(_patterns()[group])


def _fits(rule: Rule) -> pl.Expr:
    tests = [pl.col(f"has {name}") for name in rule.needs] + [~pl.col(f"has {name}") for name in rule.bars]
    if rule.known:
        tests.append(pl.col("known") >= rule.known)
    if rule.desk:
        tests.append(~pl.col("asking"))
    return reduce(and_, tests)


@cache
def _patterns() -> dict[str, str]:
    """One pattern for each group that a rule names."""
    used = dict.fromkeys(name for rule in rules() for name in rule.needs + rule.bars)
    return {name: _either([name]) for name in used}


@cache
def _known_pattern() -> str:
    groups = dict.fromkeys(name for rule in rules() if rule.known for name in rule.needs)
    return _either([*groups, "filler"])


def _either(names: Iterable[str]) -> str:
    words, groups = lexicon("automatic")["words"], lexicon("automatic")["groups"]
    pattern = "|".join(each for name in names for each in groups[name])
    for _ in range(2):  # a word may be made of others
        for name, word in words.items():
            pattern = pattern.replace(f"{{{name}}}", word)
    return f"(?:{pattern})"
