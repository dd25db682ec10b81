"""Rules about what agents answered, judged once all tickets are read: the same question, answered differently."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cs_audit.answers.claims import Answers
from cs_audit.answers.lexicon import lexicon
from cs_audit.answers.meaning import encoder
from cs_audit.answers.signatures import distinct, signatures_of
from cs_audit.audit import findings
from cs_audit.audit.tally import Tally, found

if TYPE_CHECKING:
    import polars as pl

    from cs_audit.audit.bench import Bench
    from cs_audit.audit.chunk import Sink


def judge_answers(answers: pl.DataFrame, bench: Bench, sink: Sink | None) -> Tally:
    """The findings of rules about all answers."""
    wording = bench.standard.wording
    rules = [each for each in bench.standard.of("topic") if wording.facts or "policy_facts" not in each.reads]
    tally = Tally()  # a rule without facts to hold answers against is not asked: "nothing found" would say it was
    if not rules:
        return tally
    texts, rows = distinct(answers)
    answers = answers.drop("question", "text")  # from here on the texts are in memory once
    read = signatures_of(texts, rows, lexicon(wording.concepts, wording.qualifiers))
    told = Answers(read, wording.ignore_values, wording.facts, encoder() if wording.semantic else None)
    for rule in rules:
        claims = findings.within(rule.judge(told, **bench.standard.options.get(rule.name, {})), bench)
        claims, used = findings.excused_claims(rule, claims, bench)
        frame = findings.claim_frame(rule, claims, answers)
        tally += found(rule, frame, used)
        if sink is not None and frame.height:
            sink.findings(frame)
    return tally
