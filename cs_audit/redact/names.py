"""Known people found in texts: by their whole name, by a part of it that the text capitalises, in any Russian case."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import pairwise

_WORD = re.compile(r"[^\W_]+")
_LONGEST_GAP = 3
_PART, _ID = 3, 5
"""Letters that a part of a name must have, and digits that a number must have, to be looked for."""


class Names:
    """An index of names by their words; `called` says how the bearer of one is to be called instead."""

    def __init__(self, names: Iterable[str], called: Callable[[str], str]) -> None:
        self._called = called
        self._whole: dict[tuple[str, ...], str] = {}
        self._lengths: dict[str, set[int]] = {}
        self._parts: dict[str, list[str]] = {}
        for name in sorted(names):
            self._add(name)

    def _add(self, name: str) -> None:
        spoken = _WORD.findall(name.partition("@")[0])
        if not spoken or not _telling(name):
            return
        words = tuple(map(_form, spoken))
        self._whole.setdefault(words, name)
        self._lengths.setdefault(words[0], set()).add(len(words))
        for word, form in zip(spoken, words, strict=True):
            if len(word) >= _PART and not word.isdigit():
                self._parts[form] = [*self._parts.get(form, [])[:1], name]

    def without(self, text: str) -> str:
        """The text with other names for the known people in it, in time linear in its length."""
        words = list(_WORD.finditer(text)) if self._whole else []
        forms = [_form(each[0]) for each in words]
        made, done, place = [], 0, 0
        while place < len(words):
            length, called = self._at(text, words, forms, place)
            if length:
                made += [text[done : words[place].start()], called]
                done = words[place + length - 1].end()
            place += length or 1
        return "".join([*made, text[done:]])

    def _at(self, text: str, words: list[re.Match[str]], forms: list[str], place: int) -> tuple[int, str]:
        """How many words from a place on are a name, and what it is called; 0 if none."""
        for length in sorted(self._lengths.get(forms[place], ()), reverse=True):
            key = tuple(forms[place : place + length])
            if key in self._whole and _together(words[place : place + length]):
                return length, self._called(self._whole[key])
        if text[words[place].start()].isupper() and forms[place] in self._parts:
            bearers = {self._called(each) for each in self._parts[forms[place]]}
            return 1, "[name]" if len(bearers) > 1 else bearers.pop()
        return 0, ""


def _together(words: list[re.Match[str]]) -> bool:
    return all(after.start() - before.end() <= _LONGEST_GAP for before, after in pairwise(words))


def _telling(name: str) -> bool:
    """Whether a name is more than a small number or a letter or two, which any text may hold."""
    return sum(map(str.isalpha, name)) >= _PART or sum(map(str.isdigit, name)) >= _ID


def _form(word: str) -> str:
    """A word in one form for all cases of Russian names, and for men and women: Петров, Петровой, Петровым."""
    lower = word.lower().replace("ё", "е")
    if not "а" <= lower[0] <= "я":
        return lower
    bare = lower.removesuffix("го").removesuffix("му").rstrip("аеиоуыэюяйьмвх")
    return bare if len(bare) > 1 else lower
