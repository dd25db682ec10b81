"""AN102."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cs_audit.rules.rule import rule

if TYPE_CHECKING:
    from cs_audit.answers.claims import Answers, Claim


@rule("AN102", severity="high", needs=("messages", "texts"), reads=("answers", "policy_facts"), scope="topic")
def known_policy_violated(answers: Answers) -> list[Claim]:
    """An agent told a requester something else than the policy says.

    ## Why it matters
    A wrong promise is a debt: it is either paid or broken.

    ## What counts
    Every value that agents gave for something the configuration declares under `[policy_facts]`, like
    `refund_time = "10 days"`, and that does not agree with it. Severity is high where the answer speaks of no case of
    its own, low where it may be about an exception. Without declared facts the rule is not judged.

    ## Example
    ```answers refund_time=10_days
    T1  email  olga  "How long does a refund take?"    "A refund takes up to 10 days."
    T2  chat   ivan  "When will I get my refund?"      "A refund takes up to 30 days."   # high
    ```
    """
    return answers.violations()
