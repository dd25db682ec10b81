"""CV102."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from cs_audit.events import agent_reply, requester_message
from cs_audit.rules.rule import rule

if TYPE_CHECKING:
    from cs_audit.history import History, Marks


@rule("CV102", severity="high", needs=("messages",), scope="channel")
def channel_unattended(channel: History, *, within: dt.timedelta = dt.timedelta(days=3)) -> Marks:
    """Requesters write in a channel, and nobody answers anyone there.

    ## Why it matters
    A forgotten inbox, a chat whose agent left: every ticket of it looks like one late answer, and none says that
    nobody looks there at all.

    ## What counts
    Every stretch longer than `within`, by the cut-off, that begins with a requester's message in a channel and in which
    no person answers any requester in this channel, by message or on the phone.

    ## Options
    `within = "3d"` is how long a channel may be silent, by the calendar: a weekend should not exceed it.

    ## Example
    ```timeline within=24h as_of=Thu_12:00
    Mon 09:00  requester  message  channel:social               # found
    Tue 09:00  requester  message  channel:social  ticket:B
    Tue 10:00  agent      message  channel:email   ticket:C
    ```
    """
    return channel.turns(opens=requester_message, closes=agent_reply).longer_than(within).starts()
