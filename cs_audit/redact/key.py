"""The key of pseudonyms: from the environment, else from a file of its own that is made once."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from cs_audit.errors import UsageError

VARIABLE = "CS_AUDIT_REDACT_KEY"
PLACE = Path(".cs-audit") / "redact.key"
_SHORTEST = 16


def find_key(folder: Path, environment: Mapping[str, str]) -> tuple[bytes, str]:
    """The key, and a note where one was made: in `folder`, readable to its owner alone.

    Raises:
        UsageError: the key is too short to be none that can be guessed, or its file cannot be read or written.
    """
    if given := environment.get(VARIABLE):
        return _checked(given, VARIABLE), ""
    path = folder / PLACE
    try:
        if path.exists():
            return _checked(path.read_text("utf-8").strip(), str(path)), ""
        path.parent.mkdir(parents=True, exist_ok=True)
        made = secrets.token_hex(32)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(made + "\n")
    except (OSError, ValueError) as error:
        told = error.strerror if isinstance(error, OSError) else "it is no text"
        raise UsageError(f"the key of pseudonyms: {told}", where=str(path), hint=f"set {VARIABLE}") from None
    note = f"Made a key for pseudonyms: {path}. Keep it, and keep it secret: with it names are the same in every run."
    return made.encode(), note


def _checked(key: str, where: str) -> bytes:
    if len(key) < _SHORTEST:
        hint = f"write at least {_SHORTEST} random characters"
        raise UsageError("the key of pseudonyms can be guessed: it is too short", where=where, hint=hint)
    return key.encode("utf-8", "surrogateescape")
