"""The words and patterns of this folder's data files."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def lexicon(name: str) -> dict[str, Any]:
    """The tables of `data/NAME.toml`."""
    return tomllib.loads((files("cs_audit.text") / "data" / f"{name}.toml").read_text("utf-8"))


def version(name: str) -> str:
    """The version of a lexicon: results that rest on it change with it."""
    return str(lexicon(name)["version"])
