"""Payloads with their lists in one order, so that a helpdesk that promises none gives the same bytes each time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Json = Any


def in_order(records: Iterable[Json]) -> list[Json]:
    """Records by `created_at`, where they have one, and by `id` as a number."""
    return sorted(records, key=lambda each: (each.get("created_at") or 0, len(str(each["id"])), str(each["id"])))


def steady(value: Json) -> Json:
    """The same value with each list of records that have an `id` in order, however deep."""
    if isinstance(value, dict):
        return {key: steady(each) for key, each in value.items()}
    if isinstance(value, list):
        each = [steady(one) for one in value]
        return in_order(each) if all(isinstance(one, dict) and "id" in one for one in each) else each
    return value
