"""RS104."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cs_audit.events import resolved, unresolved
from cs_audit.rules.rule import rule

if TYPE_CHECKING:
    from cs_audit.history import History, Spans


@rule("RS104", needs=("teams",), without="no_team", charged_at_start=True)
def ownership(ticket: History) -> Spans:
    """A team keeps a ticket too long.

    ## Why it matters
    A late ticket was often late in one team only; an agreement between teams (OLA) says how long each may keep it.

    ## What counts
    Every stretch in which one team holds the ticket, from taking it over to handing it over or solving it, each with
    its own verdict. The policy is the one that matches when the stretch begins, so `match = { team = ... }` or
    `schedule_by.team` judges each team on its own hours. A reopened ticket begins a new stretch. Time before the
    first team is named belongs to none.

    ## Example
    ```timeline
    Mon 09:00  requester  message  team:first
    Mon 09:40  agent      team     team:second # achieved 40m
    Mon 11:00  agent      status   solved      # breached 80m
    ```
    """
    return ticket.stays("team", stops=resolved, resumes=unresolved)
