"""`python -m tests.bench.phrases`: how well and how fast phrases are read.

Precision and recall per label on labelled messages (shared data, where they are beside the checkout) and on the
examples of the tests; both were seen while the lexicons were built, so they show what is kept, not what to expect.
Then how often each label is found in texts nobody wrote for this, and messages per second on one core.
"""

from __future__ import annotations

import os

os.environ.setdefault("POLARS_MAX_THREADS", "1")

import sys
import time
from collections import Counter
from pathlib import Path

import polars as pl

sys.path.insert(0, str(Path(__file__).parents[1] / "text"))

import test_phrases_agent as agent
import test_phrases_real as real
import test_phrases_requester as requester
from test_promises import NOT_PROMISED, PROMISED

from cs_audit.text.phrases import info_asked, info_given, labels, promises, says, versions
from cs_audit.text.phrases.lexicon import lexicon

MESSAGES = 100_000


def score(rows: list[tuple[str, str, set[str], set[str]]]) -> None:
    """Print precision and recall of each label; a row is role, text, right labels, and the labels it was labelled for."""
    hit, false, missed = Counter(), Counter(), Counter()
    for role, text, right, judged in rows:
        found = {each.label for each in says(text, role)} & judged
        hit.update(found & right), false.update(found - right), missed.update(right - found)
    for label in sorted({*hit, *false, *missed}):
        right, wrong, lost = hit[label], false[label], missed[label]
        precision, recall = right / max(right + wrong, 1), right / max(right + lost, 1)
        print(
            f"  {label:18} right {right:4} false {wrong:3} missed {lost:3}  precision {precision:.2f} recall {recall:.2f}"
        )


def labelled() -> list[tuple[str, str, set[str], set[str]]]:
    """The labelled messages of the shared data."""
    rows = real.lines("consistency/textrules.jsonl")
    roles = {"customer": "requester", "agent": "agent"}
    return [(roles[row["role"]], row["text"], set(row["labels"]), real.LABELLED) for row in rows]


def examples() -> list[tuple[str, str, set[str], set[str]]]:
    """The examples of the tests: each says whether it has one label."""
    return [
        (role, text, {label} if said else set(), {label})
        for module, role in ((agent, "agent"), (requester, "requester"))
        for table, said in ((module.SAID, True), (module.NOT_SAID, False))
        for label, text in module.rows(table)
    ]


def count(name: str, texts: list[str], role: str) -> None:
    """Print how often each label is found."""
    found = labels(pl.Series(texts), role)
    sums = {label: total for label in found.columns if (total := found[label].sum())}
    dated = sum(len(promises(text)) for text in texts) if role == "agent" else 0
    asked = Counter(kind for text in texts for kind in (info_asked if role == "agent" else info_given)(text))
    print(f"  {name}, {role}, {len(texts):,} texts: {sums}")
    print(
        f"    promises {dated}, information {'asked for' if role == 'agent' else 'given'} {dict(asked.most_common())}"
    )


def speed(name: str, texts: list[str], role: str) -> None:
    """Print messages per second of CPU time, in columns and one by one, the phrases being compiled."""
    many = pl.Series((texts * (MESSAGES // len(texts) + 1))[:MESSAGES])
    labels(many[:20_000], role)
    took = {"columns": timed(lambda: labels(many, role))}
    some = many.to_list()[:20_000]
    took["says"] = timed(lambda: [says(text, role) for text in some]) * MESSAGES / len(some)
    took["promises"] = timed(lambda: [promises(text) for text in some]) * MESSAGES / len(some)
    took["info"] = timed(lambda: [info_asked(text) for text in some]) * MESSAGES / len(some)
    length = sum(map(len, texts)) / len(texts)
    rates = ", ".join(f"{what} {MESSAGES / seconds:,.0f}/s" for what, seconds in took.items())
    print(f"  {name}, {role}, {length:.0f} characters a message: {rates}")


def timed(work) -> float:
    """CPU seconds."""
    start = time.process_time()
    work()
    return time.process_time() - start


def main() -> None:
    """Print everything."""
    cold = timed(lexicon)
    print(f"lexicons {versions()}, {len(lexicon().names)} labels, read in {cold:.2f} s")
    print("examples of the tests (seen while building)")
    score(examples())
    right = sum([(each.what, each.deadline) for each in promises(text)] == [(what, by)] for text, what, by in PROMISED)
    print(
        f"  promises {right} of {len(PROMISED)}, false {sum(map(bool, map(promises, NOT_PROMISED)))} of {len(NOT_PROMISED)}"
    )
    own = {role: [text for at, text, *_ in examples() if at == role] for role in ("agent", "requester")}
    sets = [("examples", texts, role) for role, texts in own.items()]
    if real.DATA.is_dir():
        print("labelled messages (seen while building)")
        score(labelled())
        sets += [("help desk", texts, role) for role, texts in real.helpdesk_comments().items()]
        sets += [("forum", texts, role) for role, texts in real.forum_posts().items()]
        sets += [("news", real.news_sentences(), role) for role in ("agent", "requester")]
        sets += [("bank", real.bank_questions(), "requester")]
        sets += [("assistant", [text for text, _ in real.assistant_requests()], "requester")]
    print("found")
    for each in sets[2:]:
        count(*each)
    print("messages per second, one core")
    for each in sets:
        speed(*each)


if __name__ == "__main__":
    main()
