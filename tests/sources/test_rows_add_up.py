"""Whatever happens to a file, every row of it is used or rejected, and nothing crashes."""

from __future__ import annotations

import csv
import io
import os
import random
from pathlib import Path

import pytest
from sources.runner import run

from cs_audit.audit.session import Order, readers
from cs_audit.audit.standard import Window
from cs_audit.config import parse_config
from cs_audit.sources.files import Malformed

PUBLISHED = {0, 1, 2, 3, 4, 5}
MUTANTS = 500 if os.environ.get("CI") == "true" else 120
SOUND = "ticket;occurred_at;author;status;kind;text\n" + "".join(
    f"T-{number % 7};2026-01-{number % 27 + 1:02} 09:{number % 60:02};{('customer', 'agent')[number % 2]};"
    f"{('', 'open', 'solved')[number % 3]};{('message', 'status', 'status')[number % 3]};"
    + ('"Привет; ""мир""\nещё"' if number % 5 == 0 else "Hello")
    + "\n"
    for number in range(40)
)
NOISE = [
    b"\n",
    b"\r",
    b'"',
    b";",
    b"\0",
    b"\xff",
    b"\xd0",
    b",",
    b"9" * 30,
    b"\xef\xbb\xbf",
    b"",
    b"T-1",
    b"\\",
    b"\t",
    b"2026-02-30",
]


def mutated(seed: int) -> bytes:
    """The sound file with a few bytes cut out, doubled, or replaced."""
    chance = random.Random(seed)  # noqa: S311 - mutations, not secrets
    data = SOUND.encode(chance.choice(["utf-8", "utf-8", "cp1251", "utf-16"]))
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(data) + 1)
        end = min(len(data), place + chance.choice([0, 0, 1, 2, 40]))
        kept = data[place:end] * chance.choice([0, 0, 2])
        data = data[:place] + chance.choice(NOISE) + kept + data[end:]
    return data


CONFIG = {
    "sources": {
        "desk": {
            "type": "csv",
            "path": "desk.csv",
            "timezone": "UTC",
            "columns": {name: name for name in ("ticket", "occurred_at", "author", "status", "kind", "text")},
        }
    }
}


@pytest.mark.parametrize("block", range(10))
def test_a_broken_file_never_crashes(
    block: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for seed in range(block * MUTANTS // 10, (block + 1) * MUTANTS // 10):
        Path("desk.csv").write_bytes(mutated(seed))
        ran = run(capsys, "run", "desk.csv", "-o", "a.json", "--timezone", "UTC")
        assert ran.code in PUBLISHED, (seed, ran.err)
        assert "Traceback" not in ran.err


def read(folder: Path, *, slow: bool) -> tuple[int, int, int, int]:
    """Rows the source counts, rows used, rows rejected, and rejects listed."""
    order = Order(parse_config(CONFIG, folder=folder), Window())
    with readers(order, order.needs) as ((source,), _):
        used = sum(batch.height for batch in source.batches(slow=slow))
        (counted,) = source.inputs
        return counted.rows, used, counted.rejected, len(source.rejects)


@pytest.mark.parametrize("block", range(4))
def test_rows_in_are_rows_used_and_rows_rejected(block: int, tmp_path: Path) -> None:
    chance = random.Random(block)  # noqa: S311 - mutations, not secrets
    for _ in range(MUTANTS // 8):
        lines = list(csv.reader(io.StringIO(SOUND, newline=""), delimiter=";"))
        for _ in range(chance.randint(1, 5)):
            row = chance.choice(lines[1:])
            row[chance.randrange(len(row))] = chance.choice(
                ["", "?", "never", "2026-02-30 10:00", "agent", "a\nb", 'x"y']
            )
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=";", lineterminator="\n").writerows(lines)
        (tmp_path / "desk.csv").write_text(out.getvalue(), "utf-8", newline="")
        for slow in (False, True):
            rows, used, rejected, listed = read(tmp_path, slow=slow)
            assert rows == len(lines) - 1 == used + rejected
            assert rejected == listed


@pytest.mark.parametrize("block", range(4))
def test_a_ragged_file_loses_no_row_in_silence(block: int, tmp_path: Path) -> None:
    chance = random.Random(100 + block)  # noqa: S311 - mutations, not secrets
    for _ in range(MUTANTS // 8):
        lines = list(csv.reader(io.StringIO(SOUND, newline=""), delimiter=";"))
        bad = chance.sample(range(1, len(lines)), chance.randint(1, 5))
        for number in bad:
            lines[number] = lines[number] + ["x"] if chance.random() < 0.5 else lines[number][: chance.randint(1, 5)]
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=";", lineterminator="\n").writerows(lines)
        (tmp_path / "desk.csv").write_text(out.getvalue(), "utf-8", newline="")
        with pytest.raises(Malformed):
            read(tmp_path, slow=False)
        rows, used, rejected, _ = read(tmp_path, slow=True)
        assert (rows, used, rejected) == (len(lines) - 1, len(lines) - 1 - len(bad), len(bad))


def test_both_readers_give_the_same_rows(tmp_path: Path) -> None:
    (tmp_path / "desk.csv").write_text(SOUND, "utf-8")
    order = Order(parse_config(CONFIG, folder=tmp_path), Window())
    with readers(order, order.needs | {"text"}) as ((source,), _):
        fast, slow = ([batch.sort("row") for batch in source.batches(slow=each)] for each in (False, True))
        assert [batch.select(sorted(batch.columns)).rows() for batch in fast] == [
            batch.select(sorted(batch.columns)).rows() for batch in slow
        ]
