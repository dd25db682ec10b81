"""FL304."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from cs_audit.events import managed, manager_contact, nothing
from cs_audit.rules.rule import rule

if TYPE_CHECKING:
    from cs_audit.history import History, Marks


@rule("FL304", severity="medium", needs=("messages", "managers"), reads=("manager",), scope="requester")
def account_manager_silent(requester: History, *, within: dt.timedelta = dt.timedelta(days=30)) -> Marks:
    """A requester with an account manager of his own does not hear from him.

    ## Why it matters
    He pays for being known by name. A manager who is silent for a month is found out at renewal.

    ## What counts
    Every stretch longer than `within`, by the cut-off, in which the account manager (column `account_manager`) neither
    wrote to the requester nor was on the phone with him: since the first event that names a manager, or since his last
    contact. The finding stands on the event the silence began with.

    ## Options
    `within = "30d"` is the longest silence allowed, in days of the calendar.

    ## Example
    ```timeline within=48h as_of=Sun_09:00
    Mon 09:00  requester  message  manager:olga
    Mon 10:00  agent      message  by:olga        # found
    Fri 10:00  agent      message  by:olga
    Fri 11:00  agent      message  by:ivan
    ```
    """
    first = requester.span(requester.first(managed), requester.first(manager_contact))
    since = requester.rounds(manager_contact, stops=nothing, resumes=nothing)
    return first.longer_than(within).starts() | since.longer_than(within).starts()
