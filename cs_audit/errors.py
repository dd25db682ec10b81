"""Everything that can stop an audit, in one tree.

AuditError                 a defect of cs-audit itself                        70
├── UsageError             the command line asks for something impossible      2
├── ConfigError            cs-audit.toml says something wrong or unclear       2
│   ├── HolidayError       a calendar year no holiday data cover               2
│   └── GuessError         a file's columns cannot be told without the user    2
├── SourceError            a source could not be read at all                   4
└── NothingToJudge         everything was read, and there is no ticket in it   5

Each carries the place (`where`), what to do (`hint`) and a `slug` for looking it up.
"""

from __future__ import annotations

from cs_audit.worded import NOTHING, Worded, joined


class AuditError(Exception):
    """A defect of cs-audit; also the root of all its errors.

    Args:
        message: what happened, in one sentence.
        where: file and row, ticket or configuration key.
        hint: what to do or type next.
    """

    exit_code = 70
    slug = "internal"

    def __init__(self, message: Worded, *, where: str = "", hint: Worded = NOTHING) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message

    @property
    def told(self) -> Worded:
        """What happened, and where."""
        return joined([self.where, self.message], ": ") if self.where else self.message


class UsageError(AuditError):
    """The command line asks for something impossible."""

    exit_code = 2
    slug = "usage"


class ConfigError(AuditError):
    """The configuration says something wrong or unclear."""

    exit_code = 2
    slug = "config"


class HolidayError(ConfigError):
    """A calendar year that no holiday data cover."""

    slug = "holidays"


class GuessError(ConfigError):
    """A file's columns, values or dates cannot be told without the user."""

    slug = "guess"


class SourceError(AuditError):
    """A source could not be read at all."""

    exit_code = 4
    slug = "source"


class NothingToJudge(AuditError):  # noqa: N818 - an outcome, not a failure
    """Everything was read, and there is no ticket in it."""

    exit_code = 5
    slug = "empty"


class ValueRefused(ValueError):  # noqa: N818 - what happened, as all errors of the configuration are named
    """A value is not what it must be. Its text is the message and the hint, apart by a semicolon.

    Args:
        message: what is wrong with the value.
        hint: what to write instead.
    """

    def __init__(self, message: Worded, hint: Worded = NOTHING) -> None:
        super().__init__(joined([message, hint], "; ") if hint else message)
        self.message = message
        self.hint = hint
