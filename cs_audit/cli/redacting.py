"""`--redact`: the redaction of the key that is to be had."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cs_audit.redact.redaction import Redaction


def redaction(folder: Path, *, wanted: bool, quiet: bool = False) -> Redaction | None:
    """What hides people, if that is wanted; that a key was made in `folder` is said on stderr.

    Raises:
        UsageError: see `find_key`.
    """
    if not wanted:
        return None
    from cs_audit.cli.order import say  # noqa: PLC0415 - start-up time
    from cs_audit.redact.key import find_key  # noqa: PLC0415
    from cs_audit.redact.redaction import Redaction  # noqa: PLC0415

    key, note = find_key(folder, os.environ)
    say([note] if note else [], quiet=quiet)
    return Redaction(key)


def nearest_folder() -> Path:
    """The folder of the nearest configuration, else this one."""
    from cs_audit.config import find_config  # noqa: PLC0415 - start-up time

    found = find_config(Path.cwd())
    return found.parent if found else Path()
