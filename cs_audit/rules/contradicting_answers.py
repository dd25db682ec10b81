"""AN101."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cs_audit.rules.rule import rule

if TYPE_CHECKING:
    from cs_audit.answers.claims import Answers, Claim


@rule("AN101", severity="high", needs=("messages", "texts"), reads=("answers",), scope="topic")
def contradicting_answers(answers: Answers) -> list[Claim]:
    """The same question got two answers that cannot both be right.

    ## Why it matters
    Who asks by e-mail and again in a chat, and hears fourteen days here and thirty there, trusts neither. The company
    is held to the better one.

    ## What counts
    Two things that agents said to different requesters, of the same matter and the same case, with values that cannot
    both be true: times, sums, shares, opening hours, phone numbers and links, whether something can be done or must be.
    Every answer is read as such statements; where two speak of another product, place, plan or order, that is another
    case. A finding of high severity is sure: the same words on both sides, and no doubt. One of low severity is to be
    looked at by a person. Where one answer stopped before the other began, the policy has changed, which is told as
    such, if both were given so often that chance hardly explains it. Each finding quotes both, says how often, by how
    many agents and in how many channels each was said, and which is the majority, if either is. It stands in every
    period in which one of the two was said.

    ## Example
    ```answers
    T1  email  olga  "How long does a refund take?"    "A refund takes 5 working days."
    T2  chat   ivan  "When will I get my refund?"      "A refund takes 14 working days."   # high T1
    ```
    """
    return answers.contradictions()
