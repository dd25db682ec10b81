"""FL303."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from cs_audit.events import agent_reply, agent_says, requester_message
from cs_audit.rules.rule import rule

if TYPE_CHECKING:
    from cs_audit.history import History, Marks


@rule("FL303", severity="medium", needs=("messages",), reads=("labels",), scope="requester", quotes=("moved_away",))
def moved_to_another_channel(requester: History, *, within: dt.timedelta = dt.timedelta(days=3)) -> Marks:
    """A requester has to go to another channel before anyone answers him.

    ## Why it matters
    He asked once. Who has to ask again elsewhere counts the first channel as closed, and so should its owner.

    ## What counts
    A requester's first message in another channel while his question was unanswered: no person had answered him since,
    anywhere. Also every message in which an agent sends him to another channel instead of answering. A question older
    than `within` is taken to be given up.

    ## Options
    `within = "3d"` is how long after the unanswered question a message elsewhere counts as the same wait.

    ## Example
    ```timeline
    Mon 09:00  requester  message  channel:email
    Mon 13:00  requester  message  channel:chat  ticket:B   # found
    Mon 13:10  agent      message  channel:chat  ticket:B
    ```
    """
    asked = requester.turns(opens=requester_message, closes=agent_reply)
    return asked.moved(requester_message, "channel", within=within) | requester.each(agent_says("moved_away"))
