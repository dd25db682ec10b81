"""`python -m tests.bench.consistency [--scale] [--semantic] [--bitext CSV]`: how right and how fast contradictions are found.

Labelled pairs: `own` sets were written for this project, each measured before it was built with; the pairs beside this
checkout (folder shared/data/consistency) are split by a seeded hash of their id into a half that was looked at while
building and a half that was held out, and looked at only after it had been measured. The first measures, which the later
ones flatter, stand in tests/answers/CREDITS.md. False alarms: Russian entailment pairs (TERRa), real replies of one
helpdesk, and, if their CSV is given, generated replies to the same intent (Bitext). Planted contradictions: a copy of a
reply with one number changed, another greeting and another signature. Stories told again: labelled pairs, and what
reporters of one helpdesk wrote. With --semantic also what the optional encoder adds, and what it costs.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import gzip
import hashlib
import json
import random
import re
import resource
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations, pairwise
from pathlib import Path

import polars as pl

from cs_audit.answers import (
    Clash,
    Encoder,
    Statement,
    clash,
    contradictions,
    encoder,
    same_question,
    statements,
    strongest,
    told_again,
)
from cs_audit.answers.meaning import ALIKE, asked_apart, in_other_words, question_of

HERE = Path(__file__).parent
OWN = HERE.parent / "answers"
DATA = HERE / ".." / ".." / ".." / "shared" / "data"
SEED = "split-1"

Pair = dict[str, str]


def read(path: Path) -> list[Pair]:
    """The rows of a file of pairs."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def half(name: str) -> str:
    """The half of the shared pairs an id belongs to."""
    return "looked at" if hashlib.sha256(f"{SEED}:{name}".encode()).digest()[0] % 2 == 0 else "held out"


def compare(pair: Pair) -> Clash | None:
    """The surest clash between the two answers of a pair."""
    one, other = (statements(pair[f"question_{side}"], pair[f"answer_{side}"]) for side in "ab")
    return strongest(one, other)


def compare_by_meaning(pair: Pair, same: Encoder) -> Clash | None:
    """The surest clash that only the meaning of the two questions brings about."""
    asked = [question_of(pair[f"question_{side}"]) for side in "ab"]
    if compare(pair) or same.likeness(*asked) < ALIKE:
        return None
    one, other = (statements(pair[f"question_{side}"], pair[f"answer_{side}"]) for side in "ab")
    met = ((mine, theirs) for mine in one for theirs in other if not asked_apart(mine, theirs))
    found = [clash(mine, theirs, in_other_words(mine, theirs, *asked)) for mine, theirs in met]
    return max((each for each in found if each), key=lambda each: each.score, default=None)


def score(pairs: Iterable[Pair]) -> tuple[int, dict[str, tuple[int, int]], dict[str, list[int]]]:
    """Conflicts there are; right and false alarms by tier (B holds A too); found and all by kind."""
    conflicts, alarms = 0, {"A": [0, 0], "B": [0, 0]}
    kinds: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for pair in pairs:
        found, conflict = compare(pair), pair["label"] == "conflict"
        conflicts += conflict
        for tier in "AB":
            alarms[tier][not conflict] += found is not None and (tier == "B" or found.tier == "A")
        kinds[f"{pair['label']}: {pair['kind']}"][0] += found is not None
        kinds[f"{pair['label']}: {pair['kind']}"][1] += 1
    return conflicts, {tier: (right, false) for tier, (right, false) in alarms.items()}, kinds


def show(name: str, pairs: list[Pair], *, kinds: bool = False) -> None:
    """One line of the table, and the kinds if asked."""
    conflicts, alarms, by_kind = score(pairs)
    parts = []
    for tier, (right, false) in alarms.items():
        precision = f"{right / (right + false):.3f}" if right + false else "  -  "
        parts.append(f"{tier} P {precision} R {right / max(conflicts, 1):.3f} ({right} right, {false} false)")
    print(f"{name:34} {len(pairs):>4} pairs, {conflicts:>3} conflicts | " + " | ".join(parts))
    if kinds:
        print("    " + ", ".join(f"{kind} {found}/{count}" for kind, (found, count) in sorted(by_kind.items())))


def labelled() -> None:
    """Precision and recall on all labelled pairs."""
    own = read(OWN / "own_pairs.jsonl")
    for name in dict.fromkeys(pair["set"] for pair in own):
        show(f"own, {name} set", [pair for pair in own if pair["set"] == name])
    path = DATA / "consistency" / "pairs.jsonl"
    if not path.is_file():
        print("the shared pairs are not beside this checkout")
        return
    shared = read(path)
    for which in ("looked at", "held out"):
        part = [pair for pair in shared if half(pair["id"]) == which]
        show(f"shared, {which}", part, kinds=True)
        for subset in ("dev", "out-of-domain"):
            show(f"shared, {which}, {subset}", [pair for pair in part if pair["subset"] == subset])
    show("shared, all", shared, kinds=True)
    show("shared, all, out-of-domain", [pair for pair in shared if pair["subset"] == "out-of-domain"])


def semantic() -> None:
    """What the encoder adds to labelled pairs, to all pairs of different labelled answers, and to questions; its cost."""
    same = encoder()
    sets = {
        "own": OWN / "own_pairs.jsonl",
        "bare": OWN / "bare_pairs.jsonl",
        "shared": DATA / "consistency" / "pairs.jsonl",
    }
    for name, path in sets.items():
        found = [pair["label"] for pair in (read(path) if path.is_file() else []) if compare_by_meaning(pair, same)]
        print(
            f"by meaning, {name} pairs: {found.count('conflict')} more conflicts, {found.count('no_conflict')} more false alarms"
        )
    sides = [(pair[f"question_{side}"], pair[f"answer_{side}"]) for pair in _replies() for side in "ab"]
    found = [each for each in contradictions(_desk_of(sides), same=same) if _by_meaning(each.lowered)]
    print(f"by meaning, all {len(sides):,} answers as of one desk: {len(found)} more contradictions")
    for each in found:
        print(f"    {each.tier} {each.score} {each.difference.fields} {dict(each.lowered[0].fields)}")
    stories(same)
    if DATA.is_dir():
        questions(same)
    for size in (5_000, 20_000):
        _semantic_speed(size, same)


def _by_meaning(lowered: Iterable[tuple[str, object, object]]) -> bool:
    return any("by meaning" in reason for reason, _, _ in lowered)


def _desk_of(sides: list[tuple[str, str]]) -> pl.DataFrame:
    start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    rows = [(f"T{index}", start, "email", f"A{index % 7}", *side) for index, side in enumerate(sides)]
    return pl.DataFrame(rows, schema=["ticket", "occurred_at", "channel", "agent", "question", "text"], orient="row")


def _semantic_speed(size: int, same: Encoder) -> None:
    """Distinct questions, each with a bare answer, so that all statements may meet."""
    asked = ["How long does {} take?", "When will {} be ready?", "Сколько ждать {}?", "Когда будет готов {}?"]
    chosen = random.Random(9)  # noqa: S311 - the same texts every time
    words = ["".join(chosen.choices("abcdefghijklmnopqrstuvwxyz", k=5)) for _ in range(size)]
    sides = [(asked[index % 4].format(word), f"{index % 9 + 1} days.") for index, word in enumerate(words)]
    taken = []
    for one in (None, same):
        begin = time.process_time()
        contradictions(_desk_of(sides), same=one)
        taken.append(time.process_time() - begin)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{size:,} distinct questions: {taken[0]:.1f} s CPU without the encoder, {taken[1]:.1f} s with it, peak {peak:.0f} MB"
    )


def stories(same: Encoder | None = None) -> None:
    """Stories told again: labelled pairs; then the texts of each reporter of one real helpdesk."""
    rows = [json.loads(line) for line in (OWN / "retold.jsonl").read_text("utf-8").splitlines()]
    how = "words and meaning" if same else "words"
    for name in dict.fromkeys(row["set"] for row in rows):
        part = [row for row in rows if row["set"] == name]
        found = [row["same"] for row in part if told_again([row["a"], row["b"]], same=same)[1] == 0]
        again = sum(row["same"] for row in part)
        print(
            f"told again by {how}, {name} set: {sum(found)} of {again}, {len(found) - sum(found)} false of {len(part) - again}"
        )
    if DATA.is_dir():
        texts = list(_reporters().values())
        begin = time.process_time()
        told = [
            (theirs[index][0] == theirs[earlier][0])
            for theirs in texts
            for index, earlier in enumerate(told_again([text for _, text in theirs], same=same))
            if earlier is not None
        ]
        count = sum(map(len, texts))
        print(
            f"told again by {how}, real reporters: {sum(told)} within an issue, {len(told) - sum(told)} across issues, of {count} texts, {count / (time.process_time() - begin):,.0f} a second"
        )


def _reporters() -> dict[str, list[tuple[str, str]]]:
    """Public comments of each reporter in time order, with their issues; placeholders of masked words left out."""
    lines: dict[tuple[str, str, str, str], list[str]] = defaultdict(list)
    path = DATA / "helpdesk_conversations" / "utterances_even_issues.csv.gz"
    for row in csv.DictReader(gzip.decompress(path.read_bytes()).decode("utf-8").splitlines(keepends=True)):
        if row["author_role"] == "reporter" and row["is_private"] != "1.0":
            lines[row["author"], row["created"], row["issueid"], row["id"]].append(row["actionbody"])
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for (author, _, issue, _), text in sorted(lines.items()):
        found[author].append((issue, re.sub(r"ph_\w+", " ", "\n".join(text))))
    return found


def entailments() -> None:
    """False alarms on pairs of which one text follows from the other."""
    for label in ("entailment", "not_entailment"):
        count = alarms = sure = 0
        for path in sorted((DATA / "text_consistency").glob("terra_ru_*.jsonl.gz")):
            for row in map(json.loads, gzip.decompress(path.read_bytes()).decode("utf-8").splitlines()):
                if row["label"] == label:
                    found = strongest(statements("", row["premise"]), statements("", row["hypothesis"]))
                    count, alarms = count + 1, alarms + (found is not None)
                    sure += found is not None and found.tier == "A"
        print(f"TERRa {label}: {alarms} of {count} pairs flagged, {sure} in tier A")


def all_pairs(name: str, replies: list[tuple[str, str]]) -> None:
    """Flags among all pairs of replies of one desk, with the first few for judging by eye."""
    read_once: list[tuple[Statement, ...]] = [statements(question, reply) for question, reply in replies]
    count, found = 0, []
    for one, other in combinations(read_once, 2):
        count += 1
        if one and other and (clash := strongest(one, other)):
            found.append(clash)
    sure = sum(each.tier == "A" for each in found)
    print(
        f"{name}: {len(found)} of {count:,} pairs flagged ({len(found) * 1e4 / max(count, 1):.2f} per 10,000), {sure} in tier A"
    )
    for each in found[:4]:
        print(
            f"    {each.tier} {each.difference.fields} | {each.first.sentence[:110]!r} | {each.second.sentence[:110]!r}"
        )


def helpdesk() -> list[tuple[str, str]]:
    """Comments of assignees of one real helpdesk."""
    comments: dict[tuple[str, str], list[str]] = defaultdict(list)
    path = DATA / "helpdesk_conversations" / "utterances_even_issues.csv.gz"
    for row in csv.DictReader(gzip.decompress(path.read_bytes()).decode("utf-8").splitlines(keepends=True)):
        if row["author_role"] == "assignee" and row["is_private"] != "1.0":
            comments[row["issueid"], row["comment_seq"]].append(row["actionbody"])
    return [("", "\n".join(comments[key])) for key in sorted(comments)]


def bitext(path: Path) -> None:
    """False alarms among generated replies to the same intent."""
    rows: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in csv.DictReader(path.open(encoding="utf-8")):
        rows[row["intent"]].append((row["instruction"], row["response"]))
    chosen = random.Random(1)  # noqa: S311 - the same texts every time
    for intent in sorted(rows):
        all_pairs(f"Bitext {intent}", chosen.sample(rows[intent], min(45, len(rows[intent]))))


_NUMBER = re.compile(r"(?<![\w.,:#№-])\d{1,3}(?![\w.,:-])")
_GREETINGS = ("Hello Anna!", "Good morning,", "Здравствуйте, Пётр!", "Добрый день!", "Hi there!")
_FAREWELLS = ("\nBest regards, Tom", "\nKind regards,\nMaria", "\nС уважением, Олег", "\n--\nSupport team")


def planted() -> None:
    """Copies with one number changed, another greeting and signature; and copies with no number changed."""
    chosen = random.Random(7)  # noqa: S311 - the same texts every time
    found = count = false = 0
    for pair in _replies():
        for side in "ab":
            question, answer = pair[f"question_{side}"], pair[f"answer_{side}"]
            numbers = list(_NUMBER.finditer(answer))
            said = [
                each
                for each in statements(question, answer)
                if each.value.high > 0 and each.type not in {"ability", "need"}
            ]
            if (
                len(numbers) != 1
                or len(said) != 1
                or pair["kind"] in {"ticket_specific", "howto", "quote", "hypothetical", "bug_eta", "apology"}
            ):
                continue
            spot = numbers[0]
            changed = answer[: spot.start()] + str(int(spot[0]) * 3 + 1) + answer[spot.end() :]
            count += 1
            found += (
                strongest(
                    statements(question, _dressed(answer, chosen)), statements(question, _dressed(changed, chosen))
                )
                is not None
            )
            false += (
                strongest(
                    statements(question, _dressed(answer, chosen)), statements(question, _dressed(answer, chosen))
                )
                is not None
            )
    print(f"planted number changes: {found} of {count} found ({found / count:.3f}); unchanged copies flagged: {false}")


def _replies() -> list[Pair]:
    return read(OWN / "own_pairs.jsonl") + read(OWN / "sample_pairs.jsonl")


def _dressed(text: str, chosen: random.Random) -> str:
    return f"{chosen.choice(_GREETINGS)} {text} {chosen.choice(_FAREWELLS)}"


def questions(same: Encoder | None = None) -> None:
    """How often the nearest question of the same language is of the same group, and the area under the curve."""
    path = DATA / "consistency" / "questions.jsonl"
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    for language in ("ru", "en"):
        part = [row for row in rows if row["lang"] == language]
        texts = [row["text"] for row in part]
        scores = {(i, j): same_question(texts[i], texts[j]) for i, j in combinations(range(len(texts)), 2)}
        if same:
            vectors = same.vectors(texts)
            products = (vectors @ vectors.T).tolist()
            scores = {(i, j): products[i][j] for i, j in scores}
        counts = Counter(row["group"] for row in part)
        near = [_nearest(i, len(part), scores) for i in range(len(part)) if counts[part[i]["group"]] > 1]
        right = sum(part[i]["group"] == part[j]["group"] for i, j in near)
        alike = sorted(score for (i, j), score in scores.items() if part[i]["group"] == part[j]["group"])
        other = sorted(score for (i, j), score in scores.items() if part[i]["group"] != part[j]["group"])
        print(
            f"same question {language}{' by meaning' if same else ''}: nearest right {right / len(near):.2f} of {len(near)}, AUC {_auc(alike, other):.3f}"
        )


def _nearest(i: int, size: int, scores: dict[tuple[int, int], float]) -> tuple[int, int]:
    return i, max((j for j in range(size) if j != i), key=lambda j: (scores[min(i, j), max(i, j)], -j))


def _auc(same: list[float], other: list[float]) -> float:
    ranks = sorted([(score, 1) for score in same] + [(score, 0) for score in other])
    total = index = 0.0
    while index < len(ranks):
        end = index
        while end < len(ranks) and ranks[int(end)][0] == ranks[int(index)][0]:
            end += 1
        middle = (index + end + 1) / 2
        total += middle * sum(flag for _, flag in ranks[int(index) : int(end)])
        index = end
    return (total - len(same) * (len(same) + 1) / 2) / (len(same) * len(other))


def desk(size: int) -> pl.DataFrame:
    """A made-up desk of one company: its rules in few wordings, each with other greetings, names and order lines."""
    chosen = random.Random(3)  # noqa: S311 - the same texts every time
    rules = [(pair["question_a"], pair["answer_a"]) for pair in _replies() if pair["label"] == "conflict"]
    names = ["Anna", "Tom", "Kate", "Oleg", "Мария", "Иван", "Peter", "Olga", "Lena", "Ivan"]
    start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    rows = []
    for index in range(size):
        question, answer = chosen.choice(rules)
        extra = f" Your order {chosen.randint(10**4, 10**6)} is with {chosen.choice(names)}." if index % 2 else ""
        text = f"Hello {chosen.choice(names)}! {answer}{extra} Ref {index}.\nBest regards, {chosen.choice(names)}"
        moment = start + dt.timedelta(minutes=index)
        rows.append(
            (f"T{index // 2}", moment, chosen.choice(["email", "chat", "phone"]), chosen.choice(names), question, text)
        )
    return pl.DataFrame(rows, schema=["ticket", "occurred_at", "channel", "agent", "question", "text"], orient="row")


def speed(sizes: Iterable[int]) -> None:
    """Messages a second: statements alone, cold; then the whole search, and its growth."""
    for _ in _cold():
        pass
    taken = []
    for size in sizes:
        frame = desk(size)
        begin = time.process_time()
        found = contradictions(frame)
        taken.append((size, time.process_time() - begin))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"whole search of {size:,} replies: {taken[-1][1]:.1f} s CPU, {size / taken[-1][1]:,.0f} a second, {len(found)} findings, peak {peak:.0f} MB"
        )
    for (small, before), (large, after) in pairwise(taken):
        print(f"growth {small:,} to {large:,}: {after / before:.1f} times the time")


def _cold() -> Iterator[None]:
    frame = desk(5_000)
    begin = time.process_time()
    for question, text in zip(frame["question"], frame["text"], strict=True):
        statements(question, text)
        yield
    print(
        f"statements, every sentence but the rules new: {5_000 / (time.process_time() - begin):,.0f} replies a second of CPU"
    )
    lines = (
        [line for question, text in helpdesk() for line in text.split("\n")]
        if (DATA / "helpdesk_conversations").is_dir()
        else []
    )
    if lines:
        begin = time.process_time()
        for line in lines:
            statements("", line)
        print(
            f"statements of {len(lines):,} real short messages, cold: {len(lines) / (time.process_time() - begin):,.0f} a second of CPU"
        )


def main() -> None:
    """Print all measures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--scale", action="store_true", help="also a million replies")
    parser.add_argument("--semantic", action="store_true", help="also what the extra cs-audit[semantic] adds")
    parser.add_argument("--bitext", type=Path, help="CSV with instruction, intent, response")
    options = parser.parse_args()
    labelled()
    show("own, bare answers", read(OWN / "bare_pairs.jsonl"))
    planted()
    stories()
    if DATA.is_dir():
        entailments()
        all_pairs("replies of a real helpdesk", helpdesk()[:500])
        questions()
    if options.semantic:
        semantic()
    if options.bitext:
        bitext(options.bitext)
    speed((10_000, 100_000, 1_000_000) if options.scale else (10_000, 100_000))


if __name__ == "__main__":
    main()
