"""JSON: the audit value itself, for programs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from cs_audit.reports import clean


def render(audit: Mapping[str, Any], _words: object = None) -> str:
    """The value with sorted keys; characters that are no valid text, or act unseen, are written as escapes."""
    return clean.escaped(json.dumps(audit, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False)) + "\n"
