"""Events kept from one audit to the next, so that only what changed since is read again.

A shelf is a folder with the events of one source, in buckets of whole tickets, and with what was read in their texts.
What it holds is used only under the key it was kept under, which names everything that decides events besides the data
(the program, the source's configuration, what is read of texts), and only if its own bytes are as they were written.
Verdicts are not kept: all are made anew from the events, so that they are those of an audit that reads everything.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

import cs_audit
from cs_audit.sources.known import Extent, Known, KnownFiles, KnownTickets, Outdated
from cs_audit.sources.ordering import order

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cs_audit.audit.standard import Reading

_META = "kept.json"
_TABLES = ("tickets", "asked", "records")


@dataclass
class Shelf:
    """The kept events of one source, and those that take their place."""

    folder: Path
    key: str
    anew: bool = False
    """Whether nothing that was kept is used."""
    parts: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Of each bucket of this audit the file and its SHA-256."""

    def __post_init__(self) -> None:
        try:
            found = json.loads((self.folder / _META).read_text("utf-8"))
        except (OSError, ValueError):
            found = {}
        self._meta: Any = found if isinstance(found, dict) else {}
        self._holds = self._meta.get("key") == self.key and not self.anew
        self._mark = f"{self._meta.get('run', 0) + 1}-{os.getpid()}"

    @property
    def buckets(self) -> int | None:
        """How many buckets it has, if it has any."""
        return self._meta["buckets"] if self._holds else None

    @property
    def known(self) -> Known | None:
        """What the source remembered."""
        if not self._holds:
            return None
        if "files" in self._meta:
            return KnownFiles(self._meta["files"], Extent(**self._meta["extent"]))
        return KnownTickets(*(self._frame(*self._meta[name]) for name in _TABLES))

    def bucket(self, number: int, holding: pl.Series | None, fresh: Callable[[], pl.DataFrame | None]) -> pl.DataFrame:
        """All events of a bucket: those kept of the tickets `holding` (None: of all), and those that are `fresh`.

        Raises:
            Outdated: what was kept is not there any more.
        """
        if str(number) in self.parts:
            return self._frame(*self.parts[str(number)])
        name = self._meta["parts"].get(str(number)) if self._holds else None
        old = self._frame(*name) if name else None
        kept = old if old is None or holding is None else old.filter(pl.col("ticket").is_in(holding.implode()))
        frames = [each for each in (kept, fresh()) if each is not None and each.height]
        if not frames:
            return pl.DataFrame()
        if name and kept is not None and old is not None and len(frames) == 1 and kept.height == old.height:
            self.parts[str(number)] = (name[0], name[1])
            return old
        frame = frames[0] if len(frames) == 1 else order(pl.concat(frames, how="diagonal"))
        self.parts[str(number)] = self._put(f"{number:03}", frame)
        return frame

    def commit(self, buckets: int, known: Known, extent: Extent) -> None:
        """From now on this is what is kept."""
        told: dict[str, Any] = {"extent": asdict(extent)}
        if isinstance(known, KnownFiles):
            told["files"] = known.ledger
        else:
            told |= {name: self._put(name, getattr(known, name)) for name in _TABLES}
        run = self._meta.get("run", 0) + 1
        made = {"key": self.key, "run": run, "buckets": buckets, "parts": self.parts, **told}
        self._put_bytes(f".{_META}-{self._mark}", json.dumps(made).encode())
        (self.folder / f".{_META}-{self._mark}").replace(self.folder / _META)
        for name in set(_files(self._meta)) - set(_files(made)):
            (self.folder / name).unlink(missing_ok=True)

    def _put(self, name: str, frame: pl.DataFrame) -> tuple[str, str]:
        path = f"{name}-{self._mark}.arrow"
        data = frame.write_ipc(None, compression="lz4", record_batch_size=max(frame.height, 1)).getvalue()
        self._put_bytes(path, data)
        return path, hashlib.sha256(data).hexdigest()

    def _put_bytes(self, name: str, data: bytes) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (self.folder / name).write_bytes(data)

    def _frame(self, name: str, sha256: str) -> pl.DataFrame:
        try:
            data = (self.folder / name).read_bytes()
        except OSError:
            raise Outdated from None
        if hashlib.sha256(data).hexdigest() != sha256:
            raise Outdated
        return pl.read_ipc(data)


def key_of(basis: Any, reading: Reading) -> str:
    """What names everything that decides events besides the data: a source's configuration, what is read in texts,
    and the program itself.
    """
    program = hashlib.sha256()
    for path in sorted(each for each in Path(cs_audit.__file__).parent.rglob("*") if each.suffix in (".py", ".toml")):
        program.update(path.read_bytes())
    phrases = {name: list(each) for name, each in reading.phrases.items()}
    told = [program.hexdigest(), pl.__version__, basis, sorted(reading.wanted), phrases]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _files(meta: Any) -> Iterator[str]:
    for told in (*meta.get("parts", {}).values(), *(meta[name] for name in _TABLES if name in meta)):
        yield str(told[0])
