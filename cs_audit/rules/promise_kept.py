"""AN301."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cs_audit.events import agent_reply
from cs_audit.rules.rule import rule

if TYPE_CHECKING:
    from cs_audit.history import History, Spans


@rule("AN301", severity="high", needs=("messages", "texts"), without="no_promise", reads=("promises",))
def promise_kept(ticket: History) -> Spans:
    """An agent promised to come back by a certain time, and did not.

    ## Why it matters
    Nobody made him say "within an hour". A promise of one's own that is broken costs more trust than a limit the
    requester never heard of.

    ## What counts
    From a public message of an agent that says when he or his side will call, write or do something ("we will call you
    back within an hour", "tomorrow", "by Friday") to the next public message or connected call of an agent. The limit
    is the time he named, on the policy's schedule: `limit = "promised"`. What is conditional, general or hoped for is
    no promise.

    ## Example
    ```timeline limit=promised
    Mon 09:00  requester  message
    Mon 09:30  agent      message  "We will call you back within an hour."
    Mon 11:00  agent      call     answered    # breached 90m
    ```
    """
    return ticket.promises(kept_by=agent_reply)
