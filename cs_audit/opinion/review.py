"""Opinions beside the findings they are about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from cs_audit.audit.result import fingerprint
from cs_audit.opinion.heard import RULE, in_doubt
from cs_audit.opinion.prompts import VERSION
from cs_audit.opinion.replies import Discarded, Opinion, Unanswered

Json = dict[str, Any]
Verdict = Opinion | Discarded | Unanswered


def reviewed(audit: Mapping[str, Any]) -> Iterator[int]:
    """The places in `findings` of contradictions of tier B."""
    for index, each in enumerate(audit["findings"]):
        if each["rule"] == RULE and in_doubt(each["severity"], each["evidence"]):
            yield index


def with_opinions(audit: Mapping[str, Any], model: str, verdicts: Mapping[int, Verdict]) -> Json:
    """The audit with what `model` says of the findings at these places.

    No finding is lost, gained or graver. Those given share their places among them: agreed first, then those without
    an opinion, then the others; within each as before. `method` counts the opinions; how they were come by (asked or
    known before) is left out, so that a re-run gives the same value.
    """
    findings = list(audit["findings"])
    told = [_beside(findings[index], model, verdict) for index, verdict in sorted(verdicts.items())]
    ranked = sorted(zip(told, (verdict for _, verdict in sorted(verdicts.items())), strict=True), key=_rank)
    for index, (finding, _) in zip(sorted(verdicts), ranked, strict=True):
        findings[index] = finding
    method = {**audit["method"], "second_opinion": _counted(model, verdicts)}
    made = {**audit, "findings": findings, "method": method}
    return {**made, "fingerprint": fingerprint(made)}


def _rank(pair: tuple[Json, Verdict]) -> int:
    verdict = pair[1]
    return 1 if not isinstance(verdict, Opinion) else 0 if verdict.agrees else 2


def _beside(finding: Json, model: str, verdict: Verdict) -> Json:
    """The finding with the opinion in the last part of its evidence, which tells why the two sides clash."""
    if isinstance(verdict, Unanswered):
        return finding
    *sides, why = finding["evidence"]
    return {**finding, "evidence": [*sides, {**why, "opinion": {"model": model, **_told(verdict)}}]}


def _told(verdict: Opinion | Discarded) -> Json:
    if isinstance(verdict, Discarded):
        return {"discarded": verdict.why}
    return {"agrees": verdict.agrees, "reason": verdict.reason, "quotes": list(verdict.quotes)}


def _counted(model: str, verdicts: Mapping[int, Verdict]) -> Json:
    """All findings given, each once."""
    opinions = Counter(each.agrees for each in verdicts.values() if isinstance(each, Opinion))
    silent = Counter(each.why for each in verdicts.values() if isinstance(each, Unanswered))
    return {
        "model": model,
        "prompt_version": VERSION,
        "agreed": opinions[True],
        "disagreed": opinions[False],
        "discarded": sum(isinstance(each, Discarded) for each in verdicts.values()),
        "unanswered": dict(sorted(silent.items())),
    }
