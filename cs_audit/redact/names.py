"""Known people found in texts: by their whole name, by a part of it that the text capitalises, in any Russian case."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

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
        if not self._whole:
            return text
        spans = [edge for found in _WORD.finditer(text) for edge in found.span()]
        starts, ends = spans[::2], spans[1::2]
        words = [text[begin:end] for begin, end in zip(starts, ends, strict=True)]
        forms = [_form(word) for word in words]
        joined = [after - before <= _LONGEST_GAP for before, after in zip(ends, starts[1:], strict=False)]
        made, done, place = [], 0, 0
        while place < len(words):
            length, called = self._at(words[place], forms, joined, place)
            if length:
                made += [text[done : starts[place]], called]
                done = ends[place + length - 1]
            place += length or 1
        return "".join([*made, text[done:]])

    def _at(self, word: str, forms: list[str], joined: list[bool], place: int) -> tuple[int, str]:
        """How many words from a place on are a name, and what it is called; 0 if none."""
        for length in sorted(self._lengths.get(forms[place], ()), reverse=True):
            name = self._whole.get(tuple(forms[place : place + length]))
            if name is not None and all(joined[place : place + length - 1]):
                return length, self._called(name)
        if word[0].isupper() and forms[place] in self._parts:
            bearers = {self._called(each) for each in self._parts[forms[place]]}
            return 1, "[name]" if len(bearers) > 1 else bearers.pop()
        return 0, ""


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
