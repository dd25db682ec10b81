"""Answers that contradict each other: the same question, answered differently by channel, agent or time.

Three stages, each a pure function of text: `statements` reads what one reply says, `clash` compares two statements,
`contradictions` a whole corpus; `violations` holds a corpus against declared policy facts.
"""

from cs_audit.answers.alike import same_question, told_again
from cs_audit.answers.clash import Clash, clash, strongest
from cs_audit.answers.find import Contradiction, contradictions
from cs_audit.answers.known_policy import PolicyFactError, Violation, violations
from cs_audit.answers.lexicon import Lexicon, lexicon
from cs_audit.answers.meaning import Encoder, SemanticError, encoder
from cs_audit.answers.spoken import Side
from cs_audit.answers.statements import Statement, statements
from cs_audit.answers.values import Value

__all__ = [
    "Clash",
    "Contradiction",
    "Encoder",
    "Lexicon",
    "PolicyFactError",
    "SemanticError",
    "Side",
    "Statement",
    "Value",
    "Violation",
    "clash",
    "contradictions",
    "encoder",
    "lexicon",
    "same_question",
    "statements",
    "strongest",
    "told_again",
    "violations",
]
