"""cs-audit's own words as a reader of reports sees them, in English; catalogues translate them.

The kind of a word is its context in the catalogues, so that an open ticket and an open wait may differ.
"""

from __future__ import annotations

import re

from cs_audit.audit.outcomes import OUTCOMES
from cs_audit.audit.outcomes import REASONS as REASON_CODES
from cs_audit.events.columns import AUTHORS, CHANNELS, KINDS, PRIORITIES, STATUSES
from cs_audit.events.columns import REASONS as AUTOMATIC
from cs_audit.rules import SEVERITIES, all_rules

REASONS = {
    "no_requester_message": "no message from the requester",
    "agent_wrote_first": "an agent wrote first",
    "closed_without_reply": "closed without a reply",
    "history_not_available": "history not available",
    "ended_before_it_began": "ended before it began",
    "no_recorded_due": "no due time recorded",
    "no_policy": "no policy matches",
    "no_target": "no target for the rule",
    "outside_window": "outside the period",
    "rejected_rows": "some rows could not be read",
    "ignored": "excused by an exception",
    "after_as_of": "after the cut-off",
    "no_wait": "nothing to wait for",
    "merged": "merged into another ticket",
    "deleted": "deleted",
    "left_scope": "no policy covers it any more",
    "solved_first": "solved before another update",
    "abandoned": "the caller hung up",
    "voicemail": "sent to voicemail",
    "no_recorded_wait": "no waiting time recorded",
    "no_agent_reply": "no message from an agent",
    "no_team": "no team named",
    "no_call": "no inbound call",
    "no_handover": "not handed over by a bot",
    "late_before_change": "late already under an earlier policy",
    "no_promise": "no promise was made",
    "no_lost_call": "no call was lost",
}
"""Why a wait or a ticket was not judged, or why it ended late without an answer, in a few words."""

REASON_SENTENCES = {
    "no_requester_message": "The ticket holds no public message from its requester, so nobody is known to have waited.",
    "agent_wrote_first": "An agent wrote before the requester did, so the first public message was no answer.",
    "closed_without_reply": "The ticket was solved or closed within the limit and no agent ever answered: "
    "neither kept nor broken. These tickets are listed as findings.",
    "history_not_available": "The source does not hold the events this rule needs; a final state alone proves nothing.",
    "ended_before_it_began": "The end is dated before the start. Such a wait is never counted as zero.",
    "no_recorded_due": "The target is the time promised to each ticket, and this one holds none.",
    "no_policy": "No policy of the configuration matches what was known when the wait began.",
    "no_target": "The policy that applies sets no limit for this rule.",
    "outside_window": "Every wait of the ticket began outside the period of the audit.",
    "rejected_rows": "Rows of this ticket could not be read, so its times cannot be trusted. They are listed below.",
    "ignored": "An exception of the configuration excuses it, with a reason and an end.",
    "after_as_of": "The ticket began after the cut-off of the audit.",
    "no_wait": "The ticket holds nothing that starts this rule's clock.",
    "merged": "The ticket was merged into another within the limit, before what was waited for came.",
    "deleted": "The ticket was deleted within the limit, before what was waited for came.",
    "left_scope": "Within the limit something changed (the priority, the team...), and since then no policy covers it.",
    "solved_first": "The ticket was solved before the next update was due, so none was owed.",
    "abandoned": "The caller hung up before anyone took the call; the custom chosen leaves such calls out.",
    "voicemail": "Nobody took the call and it went to voicemail; the custom chosen leaves such calls out.",
    "no_recorded_wait": "The source says that the call was taken but not how long the caller waited.",
    "no_agent_reply": "No agent wrote in the ticket, so there is no message for an update to follow.",
    "no_team": "The source names no team that was in charge of the ticket.",
    "no_call": "The ticket holds no inbound call.",
    "no_handover": "No bot handed the ticket over to people.",
    "late_before_change": "It was late already under the policy before a change, and a change does not heal that.",
    "no_promise": "No message of an agent promises anything by a certain time.",
    "no_lost_call": "Every call was taken, or there was none.",
}
"""The same, as a sentence that explains it."""

_AUTOMATIC = {
    "source": "marked so by the source",
    "author": "written by a bot or the system",
    "author_id": "author listed in the configuration",
    "subject": "subject of automatic mail",
    "header": "header of automatic mail",
    "text": "text listed in the configuration",
    "phrase": "phrases of acknowledgements and absences",
    "burst": "the same text to many tickets within a minute",
    "clockwork": "the same text, always so soon after an event",
    "ai_agent": "answers of an AI agent",
}
_OUTCOMES = {"achieved": "in time", "breached": "late", "active": "open", "not_judged": "not judged"}
_STATES = {"used": "used", "expired": "expired: no longer excuses anything", "unmatched": "matches nothing"}
_CLOCKS = {"working": "working time", "calendar": "calendar time"}
_FACTS = ("priority", "organization", "channel", "tags", "team", "source", "agent", "requester", "requester_timezone")
_DIMENSIONS = {"channel": "By channel", "team": "By team", "agent": "By agent", "week": "By week"}

_SIDES = {"kept": "target kept", "broken": "target broken"}
_DEFINITIONS = {
    "calendar_time": "Round the clock instead of working hours",
    "no_holidays": "Working hours without holidays",
    "pauses_ignored": "No status stops a clock",
    "pauses_by_status": "A pause lasts as long as the status says, whatever the requester writes",
    "automatic_counts": "Any message of the team's side is a reply, automatic ones too",
    "ai_answers_count": "An AI agent's answer counts like a person's",
    "first_solving_counts": "A ticket counts as solved the first time",
    "gaps_count": "The time between solving and reopening counts",
    "open_left_out": "Open tickets that are late already are forgotten",
    "by_opening": "By the period in which the ticket was opened",
    "by_due": "By the period in which the answer was due",
}
_CUSTOMS = {
    "breached": "Every call nobody took is late",
    "breached if late": "Given up after the limit is late, given up within it is left out",
    "achieved if short": "Given up after the limit is late, given up within it is in time",
    "left out": "Only calls that were taken count",
}
_PERIODS = {
    "began": "A wait belongs to the period in which it began.",
    "due": "A wait belongs to the period in which it was due.",
    "opened": "A wait belongs to the period in which its ticket was opened.",
}


def _plain(words: tuple[str, ...]) -> dict[str, str]:
    return {word: word.replace("_", " ") for word in words}


VOCABULARY: dict[str, dict[str, str]] = {
    "reason": REASONS,
    "reason explained": REASON_SENTENCES,
    "automatic": _AUTOMATIC,
    "outcome": _OUTCOMES,
    "exception": _STATES,
    "clock": _CLOCKS,
    "dimension": _DIMENSIONS,
    "definition": _DEFINITIONS,
    "custom": _CUSTOMS,
    "period": _PERIODS,
    "side": _SIDES,
    "fact": _plain(_FACTS),
    "severity": _plain(SEVERITIES),
    "status": _plain(STATUSES),
    "priority": _plain(PRIORITIES),
    "channel": _plain(CHANNELS),
    "author": _plain(AUTHORS),
    "kind": _plain(KINDS),
    "rule": {name: name.replace("_", " ").capitalize() for name in all_rules()},
}
"""Every word by kind. A code of the chain that is missing here is a defect, and a test says so."""

PROBLEMS = (
    "is not a whole number",
    "is not a number",
    "is not a timestamp with a date and a time of day",
    "has no UTC offset, and no timezone is set",
    "is an impossible date or time, or outside the years %(first)s to %(last)s",
    "opens a quote that is never closed",
    "is not as %(title)s documents it (%(error)s)",
    "does not exist in %(zone)s: clocks were put forward over it",
    "is ambiguous in %(zone)s: it happened twice, at %(first)s or %(second)s",
    "has %(n)s fields, the header has %(width)s",
    "has fewer fields than the header's %(width)s",
    "has no %(column)s",
    "holds a NUL byte",
    "holds bytes that are no valid text in its encoding",
    "is no known %(column)s (near %(near)s); say what it means: %(how)s",
    "is no known %(column)s; say what it means: %(how)s",
    "is not valid JSON (%(error)s)",
    "is not a JSON object",
    "cannot be read: %(error)s",
)
"""What readers say of a value or a row they could not take, with what varies."""

CODES = {"reason": REASON_CODES[1:], "automatic": AUTOMATIC, "outcome": OUTCOMES}


def english(kind: str, value: str) -> str | None:
    """The English words for a code, or None for a name of the user's own."""
    return VOCABULARY[kind].get(value)


def problem(text: str) -> tuple[str, dict[str, str]]:
    """The message a reader's problem was made of and what varied in it; an unknown one is its own message."""
    for message in PROBLEMS:
        pattern = re.sub(r"%\\\((\w+)\\\)s", r"(?P<\1>.+?)", re.escape(message))
        if made := re.fullmatch(pattern, text, re.DOTALL):
            return message, made.groupdict()
    return text.replace("%", "%%"), {}
