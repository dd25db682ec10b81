"""Values as TOML; any text is a valid string or key afterwards."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def toml(value: Any) -> str:
    """A text, number, truth, list or table on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        inner = ", ".join(f"{key(name)} = {toml(each)}" for name, each in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, Sequence):
        return "[" + ", ".join(toml(each) for each in value) + "]"
    return str(value)


def key(name: str) -> str:
    """A name as a key: bare where TOML allows it."""
    return name if _BARE.fullmatch(name) else _text(name)


def comment(text: str) -> str:
    """Text for a comment: on one line, and without what TOML forbids there."""
    return "".join(each if each.isprintable() else "\ufffd" for each in " ".join(text.split()))


def _text(value: str) -> str:
    whole = value.encode("utf-8", "replace").decode("utf-8")
    return json.dumps(whole, ensure_ascii=False).replace("\x7f", "\\u007f")
