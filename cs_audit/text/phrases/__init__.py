"""Phrases: what messages say in Russian and English, read with lexicons and quoted word for word.

`says` and `labels` give what a message says (apology, complaint, ...), `info_asked` and `info_given` what is asked for
and given, `promises` what an agent promises and by when. Texts are the author's own words, quoted history removed.
"""

from cs_audit.text.phrases.asks import Quote, info_asked, info_given
from cs_audit.text.phrases.classify import Said, says
from cs_audit.text.phrases.columns import labels
from cs_audit.text.phrases.deadlines import (
    AtTime,
    Deadline,
    EndOfDay,
    EndOfWeek,
    EndOfWeekday,
    OnDate,
    Within,
    WithinWorkingDays,
)
from cs_audit.text.phrases.lexicon import Extra, versions
from cs_audit.text.phrases.promises import Promise, promises

__all__ = [
    "AtTime",
    "Deadline",
    "EndOfDay",
    "EndOfWeek",
    "EndOfWeekday",
    "Extra",
    "OnDate",
    "Promise",
    "Quote",
    "Said",
    "Within",
    "WithinWorkingDays",
    "info_asked",
    "info_given",
    "labels",
    "promises",
    "says",
    "versions",
]
