"""What the requesters' own words say of two values: a word that always goes with one of them names another case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from cs_audit.answers.cases import Lowered
from cs_audit.answers.signatures import Signatures
from cs_audit.answers.statements import asked_by

LEAST = 4
"""The fewest differently worded questions on each side for such evidence."""
_ALWAYS, _NEVER = 0.8, 0.1
_READ = 200


def telling_words(pairs: Sequence[list[int]], found: Signatures) -> list[Lowered]:
    """Doubt from the corpus: nearly all requesters who got one value asked about something nobody else asked about.

    `pairs` are the question-reply pairs of the two sides. Questions are independent of the agents' wording, which
    macros repeat; of a side the first 200 distinct ones are read.
    """
    if min(map(len, pairs)) < LEAST:
        return []
    asked = [_questions(side, found) for side in pairs]
    if min(map(len, asked)) < LEAST:
        return []
    shares = [_shares(questions) for questions in asked]
    own = [_own(shares[place], shares[1 - place]) for place in (0, 1)]
    if not any(own):
        return []
    fields = (("a", " ".join(own[0])), ("b", " ".join(own[1])))
    return [Lowered("requesters asked about other things: {a} and {b}", fields, 0.2 if all(own) else 0.5)]


def _questions(pairs: list[int], found: Signatures) -> list[set[str]]:
    texts = found.texts["question"].gather(pairs).unique().sort().head(_READ)
    wholes = [asked_by(text, found.reader).whole for text in texts if text.strip()]
    return [{*whole.terms, *(f"{group}={value}" for group, value in whole.cases)} for whole in wholes]


def _shares(questions: list[set[str]]) -> dict[str, float]:
    counts = Counter(term for question in questions for term in question)
    return {term: count / len(questions) for term, count in counts.items()}


def _own(shares: dict[str, float], others: dict[str, float]) -> list[str]:
    return sorted(term for term, share in shares.items() if share >= _ALWAYS and others.get(term, 0.0) <= _NEVER)
