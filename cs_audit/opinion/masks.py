"""Texts without the people in them, each address and number under the same name in all texts of one prompt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from cs_audit.redact.masks import masked
from cs_audit.redact.names import Names


@dataclass
class Mask:
    """Hides people in the texts of one prompt; the same address or number gets the same name in all of them.

    Args:
        agents: names that are not to be seen, whole or any word of three letters or more that the text capitalises.
    """

    agents: Iterable[str] = ()
    _named: dict[tuple[str, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._names = Names(self.agents, lambda _: "[agent]")

    def __call__(self, text: str) -> str:
        """The text with `[e-mail 1]`, `[number 1]` and `[agent]`, and links without what follows their path."""
        return self._names.without(masked(text, self._called))

    def _called(self, kind: str, value: str) -> str:
        """Numbers of whatever kind are the same by their last ten digits: 8 912 and +7 912."""
        kind, value = ("e-mail", value) if kind == "e-mail" else ("number", value[-10:])
        before = sum(known == kind for known, _ in self._named)
        return self._named.setdefault((kind, value), f"[{kind} {before + 1}]")
