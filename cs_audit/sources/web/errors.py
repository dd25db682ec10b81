"""What can go wrong between cs-audit and a helpdesk.

SourceError
└── WebError                 all of these; exit 4, or 3 once `midway()` said that the run had begun
    ├── UnreachableError     no such host, connection refused, certificate not trusted
    ├── TokenError           401
    ├── NotPermittedError    403
    ├── NotFoundError        404, 410
    ├── RejectedError        any other 4xx
    ├── RedirectError        3xx: never followed
    ├── ForeignLinkError     a link to another origin than the source's
    ├── TooBigError          a page too slow or too large to read: ask for a smaller one
    └── GaveUpError          trouble that should pass, and did not

No error keeps the request, its headers or its query: they hold secrets.
"""

from __future__ import annotations

from typing import Self

from cs_audit.errors import SourceError
from cs_audit.worded import NOTHING, Worded

INCOMPLETE = 3


class WebError(SourceError):
    """A helpdesk could not be read.

    Args:
        message: what happened, in one sentence.
        where: source, method and address without its query.
        hint: what to do or type next.
        status: the HTTP status, if there was an answer.
    """

    def __init__(self, message: Worded, *, where: str = "", hint: Worded = NOTHING, status: int | None = None) -> None:
        super().__init__(message, where=where, hint=hint)
        self.status = status

    def midway(self) -> Self:
        """The same error of a run that had begun: what was read stands, and the run is incomplete (exit 3)."""
        self.exit_code = INCOMPLETE
        return self


class UnreachableError(WebError):
    """No connection: no such host, refused, or a certificate that is not trusted."""

    slug = "unreachable"


class TokenError(WebError):
    """401: the token is missing, wrong or expired."""

    slug = "token"


class NotPermittedError(WebError):
    """403: the token is valid and may not read this."""

    slug = "permission"


class NotFoundError(WebError):
    """404 or 410: nothing stands at this address."""

    slug = "not-found"


class RejectedError(WebError):
    """Any other 4xx: the request is not what the helpdesk expects."""

    slug = "rejected"


class RedirectError(WebError):
    """3xx: redirects are never followed, since the token would go along."""

    slug = "redirect"


class ForeignLinkError(WebError):
    """A link that leads to another scheme, host or port than the source's address."""

    slug = "foreign-link"


class TooBigError(WebError):
    """A page that takes too long or is too large; a smaller page may be read."""

    slug = "too-big"


class GaveUpError(WebError):
    """Trouble that passes by itself did not pass within the attempts and the time allowed."""

    slug = "gave-up"


class Transient(Exception):  # noqa: N818 - never shown: it becomes another attempt, or GaveUpError
    """Trouble that should pass: ask again.

    Args:
        reason: what happened, as the end of a sentence.
        status: the HTTP status, if there was an answer.
        asked: the seconds the helpdesk asked to wait.
        everyone: the wait is for all requests to this source, not for this one alone.
        slow: the time ran out while waiting for the answer.
        hint: what a person may do if it does not pass.
    """

    def __init__(
        self,
        reason: Worded,
        *,
        status: int | None = None,
        asked: float | None = None,
        everyone: bool = False,
        slow: bool = False,
        hint: Worded = NOTHING,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status
        self.asked = asked
        self.everyone = everyone
        self.slow = slow
        self.hint = hint
