"""The files that a source names."""

from __future__ import annotations

import glob
from collections.abc import Iterable
from pathlib import Path

from cs_audit.errors import SourceError
from cs_audit.worded import worded

PACKED = 6
"""How many times smaller packed text is, about."""


def find_paths(patterns: Iterable[str], folder: Path, name: str) -> list[Path]:
    """The files of source `name`, each once, those of a pattern by name; a file without a pattern need not exist.

    Raises:
        SourceError: no file matches a pattern.
    """
    found: list[Path] = []
    for text in patterns:
        pattern = str(folder / text)
        matches = sorted(glob.glob(pattern)) if glob.has_magic(text) and not Path(pattern).exists() else [pattern]  # noqa: PTH207
        if not matches:
            raise SourceError(
                worded("no file matches"), where=f"sources.{name}.path: {text}",
                hint=worded("check the pattern; it is taken relative to the configuration file"),
            )  # fmt: skip
        found += [Path(each) for each in matches]
    return list(dict.fromkeys(found))


def bytes_of(paths: Iterable[Path]) -> int:
    """About how many bytes of text the files hold."""
    return sum(path.stat().st_size * (PACKED if _is_packed(path) else 1) for path in paths if path.is_file())


def _is_packed(path: Path) -> bool:
    return path.suffix.lower() in (".gz", ".parquet", ".pq", ".xlsx")
