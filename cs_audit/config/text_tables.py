"""How texts are understood: the user's own words beside the bundled lexicons."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from cs_audit.config.table import Table, Words


def _joined(value: Any) -> Any:
    """Words as one text, apart by spaces."""
    return " ".join(value) if isinstance(value, list) and all(isinstance(each, str) for each in value) else value


Joined = Annotated[str, BeforeValidator(_joined)]


class ConceptTable(Table):
    """`[text.concepts.NAME]`: statements of these `types` that speak of every word in `all` and of none in `none`."""

    types: Joined = Field(min_length=1)
    all: Joined = Field(min_length=1)
    none: Joined = ""


class TextTable(Table):
    """`[text]`: own `concepts`; `qualifiers`, groups of cases by the words that name them; `ignore_values` never to be
    reported; own `phrases` by label; and whether the same question is also found by its meaning (`semantic`).
    """

    concepts: dict[str, ConceptTable] = {}
    qualifiers: dict[str, dict[str, Joined]] = {}
    ignore_values: Words = []
    phrases: dict[str, Words] = {}
    semantic: bool = False
