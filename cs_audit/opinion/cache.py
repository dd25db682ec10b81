"""Answers kept as files, so that a re-run gives the same result without asking anybody."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cs_audit.worded import Worded, reason_of, worded

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Cache:
    """A folder with a file for each answer, named by its key; `told` is given what is wrong with a file."""

    folder: Path
    told: Callable[[Worded], None]

    def read(self, key: str) -> str | None:
        """What the model wrote; None if it is not known. A file that cannot be read as such counts as none."""
        path = self._path(key)
        try:
            entry = json.loads(path.read_bytes())
        except FileNotFoundError:
            return None
        except OSError as error:
            self.told(worded("{path} cannot be read ({why}); it was ignored", path=path, why=reason_of(error)))
            return None
        except (ValueError, RecursionError):
            entry = None
        if isinstance(entry, dict) and entry.get("key") == key and isinstance(entry.get("content"), str):
            return str(entry["content"])
        self.told(worded("{path} is damaged; it was ignored", path=path))
        return None

    def keep(self, key: str, content: str) -> bool:
        """Write an answer whole or not at all, for its owner alone; whether that succeeded."""
        path = self._path(key)
        part = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile("w", dir=path.parent, suffix=".part", delete=False) as file:
                part = Path(file.name)
                file.write(json.dumps({"key": key, "content": content}) + "\n")
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        except OSError as error:
            if part is not None:
                part.unlink(missing_ok=True)
            why = reason_of(error)
            self.told(worded("{path} cannot be written ({why}); the next run will ask again", path=path, why=why))
            return False
        return True

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}.json"
