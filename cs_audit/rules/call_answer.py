"""CC101."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from cs_audit.events import answered_call, inbound_call, voicemail
from cs_audit.rules.rule import rule

if TYPE_CHECKING:
    from cs_audit.history import Fate, History, Spans

_FATES: dict[str, tuple[Fate, Fate]] = {
    "breached": ("breached", "breached"),
    "breached if late": ("breached", "not_judged"),
    "achieved if short": ("breached", "achieved"),
    "left out": ("not_judged", "not_judged"),
}
"""What a call nobody took counts as: given up after the limit, and within it."""


@rule("CC101", severity="high", needs=("calls",), without="no_call", charged_at_start=True)
def call_answer(
    ticket: History, *, abandoned: Literal["breached", "breached if late", "achieved if short", "left out"] = "breached"
) -> Spans:
    """A caller waits too long for a person to take the call.

    ## Why it matters
    "80 % within 20 seconds" is the oldest promise in support, and the one with the most ways to count.

    ## What counts
    Every inbound call, from ringing to being taken: the seconds the source recorded (`waited_seconds`), on the
    target's clock. A call sent to voicemail was not taken. There is no standard for calls that nobody took, so the
    report gives the share under all four customs and judges by the one chosen.

    ## Options
    `abandoned = "breached"` counts every call nobody took as missed; `"breached if late"` leaves out those the caller
    gave up within the limit; `"achieved if short"` counts these as answered; `"left out"` judges answered calls only.

    ## Example
    ```timeline limit=20s
    Mon 09:00  requester  call  inbound answered waited:15    # achieved 15s
    Mon 10:00  requester  call  inbound answered waited:25    # breached 25s
    Mon 11:00  requester  call  inbound waited:5              # breached 5s
    ```
    """
    calls = ticket.lasting(inbound_call, "waited_seconds", done=answered_call, unknown="no_recorded_wait")
    return calls.left_for("abandoned").left_for("voicemail", at=voicemail).when_left(*_FATES[abandoned])
