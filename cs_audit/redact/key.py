"""The key of pseudonyms: from the environment, else from a file of its own that is made once."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Mapping
from contextlib import suppress
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
        note = "" if path.exists() else _make(path)
        return _checked(path.read_text("utf-8").strip(), str(path)), note
    except (OSError, ValueError) as error:
        told = error.strerror if isinstance(error, OSError) else "it is no text"
        raise UsageError(f"the key of pseudonyms: {told}", where=str(path), hint=f"set {VARIABLE}") from None


def _make(path: Path) -> str:
    """Put a new key in a file that is there whole or not at all, unless another run was faster; a note on it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32) + "\n")
        with suppress(FileExistsError):
            os.link(part, path)
    finally:
        Path(part).unlink()
    return f"Made a key for pseudonyms: {path}. Keep it, and keep it secret: with it names are the same in every run."


def _checked(key: str, where: str) -> bytes:
    if len(key) < _SHORTEST:
        hint = f"write at least {_SHORTEST} random characters"
        raise UsageError("the key of pseudonyms can be guessed: it is too short", where=where, hint=hint)
    return key.encode("utf-8", "surrogateescape")
