"""Texts without the people in them: e-mail addresses, phone and other long numbers, agents' names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

_QUERY = re.compile(r"((?:https?://|www\.)[^\s?#]{1,300})[?#]\S*", re.IGNORECASE)
_EMAIL = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,4}")
# a separator is no digit, so there is one way to match
_NUMBER = re.compile(r"(?<!\w)\+?\(?\d(?:[ ().\u00a0\u202f\u2010-\u2013-]{0,3}\d){6,24}(?!\w)")
_SUM = re.compile(r"\d{1,2}(?:[ .\u00a0\u202f]\d{3}){2}")
_HOURS = re.compile(r"\d{1,2}\.\d\d ?[\u2010-\u2013-] ?\d{1,2}\.\d\d")
_DATE = re.compile(r"\d{1,2}\.\d{1,2}\.(?:19|20)\d\d|(?:19|20)\d\d-\d\d-\d\d")
_WORD = re.compile(r"\w+")


@dataclass
class Mask:
    """Hides people in the texts of one prompt; the same address or number gets the same name in all of them.

    Args:
        agents: names that are not to be seen, whole or any word of three letters or more that the text capitalises.
    """

    agents: Iterable[str] = ()
    _names: dict[tuple[str, str], str] = field(default_factory=dict)

    def __call__(self, text: str) -> str:
        """The text with `[e-mail 1]`, `[number 1]` and `[agent]`, and links without what follows their path."""
        text = _QUERY.sub(r"\1", text)
        text = _EMAIL.sub(lambda match: self._named("e-mail", match[0].lower().rstrip(".")), text)
        text = _NUMBER.sub(lambda match: self._number(match[0]), text)
        for agent in sorted({each for each in self.agents if each.strip()}, key=lambda each: (-len(each), each)):
            text = _without_agent(text, agent)
        return text

    def _number(self, found: str) -> str:
        """Sums, opening hours and dates stay: they are what answers are about."""
        if _SUM.fullmatch(found) or _HOURS.fullmatch(found) or not _digits(_DATE.sub("", found)):
            return found
        return self._named("number", _digits(found)[-10:])

    def _named(self, kind: str, value: str) -> str:
        before = sum(known == kind for known, _ in self._names)
        return self._names.setdefault((kind, value), f"[{kind} {before + 1}]")


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def _without_agent(text: str, agent: str) -> str:
    text = re.sub(rf"(?<!\w){re.escape(agent)}(?!\w)", "[agent]", text, flags=re.IGNORECASE)
    words = {each.lower() for each in _WORD.findall(agent) if len(each) > 2}
    return _WORD.sub(lambda match: "[agent]" if match[0].lower() in words and match[0][0].isupper() else match[0], text)
