"""The key of pseudonyms: from the environment, else from a file of its own that is made once."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from cs_audit.errors import UsageError
from cs_audit.worded import NOTHING, Worded, reason_of, worded

VARIABLE = "CS_AUDIT_REDACT_KEY"
PLACE = Path(".cs-audit") / "redact.key"
_SHORTEST = 16


def find_key(folder: Path, environment: Mapping[str, str]) -> tuple[bytes, Worded]:
    """The key, and a note where one was made: in `folder`, readable to its owner alone.

    Raises:
        UsageError: the key is too short to be none that can be guessed, or its file cannot be read or written.
    """
    if given := environment.get(VARIABLE):
        return _checked(given, VARIABLE), NOTHING
    path = folder / PLACE
    try:
        note = NOTHING if path.exists() else _make(path)
        return _checked(path.read_text("utf-8").strip(), str(path)), note
    except (OSError, ValueError) as error:
        told = reason_of(error) if isinstance(error, OSError) else worded("it is no text")
        raise UsageError(
            worded("the key of pseudonyms: {told}", told=told),
            where=str(path),
            hint=worded("set {variable}", variable=VARIABLE),
        ) from None


def _make(path: Path) -> Worded:
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
    return worded(
        "Made a key for pseudonyms: {path}. Keep it, and keep it secret: with it names are the same in every run.",
        path=path,
    )


def _checked(key: str, where: str) -> bytes:
    if len(key) < _SHORTEST:
        hint = worded("write at least {least} random characters", least=_SHORTEST)
        raise UsageError(worded("the key of pseudonyms can be guessed: it is too short"), where=where, hint=hint)
    return key.encode("utf-8", "surrogateescape")
