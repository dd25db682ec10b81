"""JSON: the audit value itself, for programs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def render(audit: Mapping[str, Any], _words: object = None) -> str:
    """The value with sorted keys; characters that are no valid text are written as escapes."""
    text = json.dumps(audit, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False)
    return "".join(f"\\u{ord(each):04x}" if "\ud800" <= each <= "\udfff" else each for each in text) + "\n"
