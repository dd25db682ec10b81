"""What a model answered: an opinion, or nothing that can be held to be one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cs_audit.opinion.prompts import Prompt

_LONGEST = 300
_SHAPE = {"same_case": bool, "contradict": bool, "quote_a": str, "quote_b": str, "reason": str}


@dataclass(frozen=True)
class Opinion:
    """Whether the model, too, sees a contradiction of one case, why, and the words of either text that decide it."""

    agrees: bool
    reason: str
    quotes: tuple[str, str]


@dataclass(frozen=True)
class Discarded:
    """An answer that is none, and why."""

    why: str


@dataclass(frozen=True)
class Unanswered:
    """No answer, and why, in one word: `offline`, `most`, or the slug of an error."""

    why: str


def read(content: str, prompt: Prompt) -> Opinion | Discarded:
    """The opinion in what the model wrote; discarded where it is not as demanded, or quotes what was not sent."""
    try:
        told = json.loads(_bare(content))
    except (ValueError, RecursionError):
        return Discarded("it is no JSON")
    if not isinstance(told, dict):
        return Discarded("it is no JSON object")
    for name, kind in _SHAPE.items():
        if not isinstance(told.get(name), kind):
            return Discarded(f"{name} is missing or of another kind")
    return _held_to(told, prompt)


def _held_to(told: dict[str, Any], prompt: Prompt) -> Opinion | Discarded:
    for name, text in (("quote_a", prompt.a), ("quote_b", prompt.b)):
        if not text.says(told[name]):
            return Discarded(f"{name} does not stand in the text")
    agrees = told["same_case"] and told["contradict"]
    return Opinion(agrees, _line(told["reason"]), (told["quote_a"], told["quote_b"]))


def _bare(content: str) -> str:
    """Without the fence that some models put around JSON."""
    return content.strip().removeprefix("```json").removeprefix("```").removesuffix("```")


def _line(text: str) -> str:
    """One line for people, however long the model was, without characters that could steer a terminal."""
    line = "".join(each for each in " ".join(text.split()) if each.isprintable())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
