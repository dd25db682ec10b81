"""AN208."""

from __future__ import annotations

import operator
from functools import reduce
from typing import TYPE_CHECKING

from cs_audit.events import INFORMATION, agent_asks_for, requester_gives
from cs_audit.rules.rule import rule

if TYPE_CHECKING:
    from cs_audit.history import History, Marks


@rule("AN208", severity="medium", needs=("messages", "texts"), reads=("info",))
def repeated_info_request(ticket: History) -> Marks:
    """An agent asks for what the requester has already given.

    ## Why it matters
    It says that nobody read his message, and it costs him another round.

    ## What counts
    Every public message of an agent that asks for an order number, a phone number, a screenshot or the like (there are
    twenty kinds) after a message of the requester in the same ticket that gave it. A number counts as given only with
    its digits. Another one, a new one or its last digits may be asked for.

    ## Example
    ```timeline
    Mon 09:00  requester  message  "My order 4583921 has not arrived."
    Mon 09:20  agent      message  "Could you please send us your order number?"   # found
    ```
    """
    again = (ticket.later(agent_asks_for(each), than=ticket.first(requester_gives(each))) for each in INFORMATION)
    return reduce(operator.or_, again)
