"""What is supposed of a file: the value that guessing makes, built up column by column."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from cs_audit.sources.evidence import Evidence
from cs_audit.sources.headers import candidates
from cs_audit.worded import NOTHING, Worded, worded

Rows = Literal["events", "updates", "tickets"]


@dataclass(frozen=True)
class Question:
    """What only the user can say: the sentence, the answer as TOML for the source, and the option that answers too.

    `column` is the column of events that is missing for want of an answer.
    """

    text: Worded
    toml: Worded
    option: str = ""
    column: str = ""

    @property
    def answer(self) -> Worded:
        """What to type."""
        own = worded("{toml} for the source", toml=self.toml)
        return worded("{option}, or {own}", option=self.option, own=own) if self.option else own


@dataclass
class Guess:
    """How a file is read, why, and what stays open.

    `columns` gives the header taken for each column of events, `why` what was seen in it, `unused` the headers left
    out for a reason. With `questions` open there is no reading that could be trusted.
    """

    rows: Rows | None = None
    columns: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    reported: dict[str, dict[str, Any]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    timezone: str | None = None
    date_order: str | None = None
    why: dict[str, Worded] = field(default_factory=dict)
    unused: dict[str, Worded] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)

    def take(self, column: str, header: str, why: Worded = NOTHING) -> None:
        """`header` is `column`."""
        self.columns[column] = header
        self.unused.pop(header, None)
        if why:
            self.why[column] = why

    def leave(self, header: str, why: Worded) -> None:
        """`header` is not used, and this is why."""
        if header not in self.columns.values():
            self.unused.setdefault(header, why)

    def ask(self, text: Worded, toml: Worded, option: str = "", *, column: str = "") -> None:
        """Something the file does not tell."""
        self.questions.append(Question(text, toml, option, column))


@dataclass
class Desk:
    """Where one guess is made: the evidence, the names found in the header, and the guess so far."""

    evidence: Evidence
    found: dict[str, list[tuple[int, str]]]
    guess: Guess = field(default_factory=Guess)

    @classmethod
    def of(cls, evidence: Evidence) -> Desk:
        """An empty desk for this evidence."""
        return cls(evidence, candidates(evidence.columns))

    def free(self, column: str) -> list[str]:
        """Headers that may stand for `column` and are not taken yet, the best first; empty ones are left out."""
        taken = set(self.guess.columns.values())
        return [each for _, each in self.found.get(column, ()) if each not in taken and not self.evidence.empty(each)]

    def rank(self, column: str, header: str) -> int | None:
        """How good a name `header` is for `column`: 0 is best."""
        return next((rank for rank, each in self.found.get(column, ()) if each == header), None)

    def best(self, column: str, fit: Iterable[str]) -> list[str]:
        """Of the headers in `fit`, those with the best name for `column`."""
        wanted = set(fit)
        ranked = [(rank, each) for rank, each in self.found.get(column, ()) if each in wanted]
        return [each for rank, each in ranked if rank == ranked[0][0]]


def quoted(headers: Iterable[str]) -> str:
    """Headers as people read them: `"Created", "Opened"`."""
    return ", ".join(f'"{each}"' for each in headers)
