"""Where the templates and catalogues lie."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def template_dir() -> Path:
    """The packaged templates, else those beside the package in a checkout."""
    package = Path(__file__).parents[1]
    packaged = package / "_templates"
    return packaged if packaged.is_dir() else package.parent / "templates"
