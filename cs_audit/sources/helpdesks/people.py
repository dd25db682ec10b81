"""Who is who in a helpdesk: names for agents and teams, addresses for requesters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

Json = Any


def names(records: Mapping[str, Mapping[str, Json]], kind: str, *keys: str) -> dict[str, str]:
    """A name for each record of a kind by its id: the first of `keys` that is filled, else the id.

    Names that several share are told apart by the id.
    """
    own = {identity: _first(each, keys) or identity for identity, each in records.get(kind, {}).items()}
    shared = {name for name, n in Counter(own.values()).items() if n > 1}
    return {identity: f"{name} ({identity})" if name in shared else name for identity, name in own.items()}


def _first(record: Json, keys: Iterable[str]) -> str:
    return next((str(record[key]).strip() for key in keys if str(record.get(key) or "").strip()), "")


def address(record: Json | None, identity: object) -> str:
    """What stands for a requester: his e-mail address in lower case, else his phone number, else his id."""
    known = record or {}
    email, phone = str(known.get("email") or "").strip().lower(), str(known.get("phone") or "").strip()
    return email or phone or str(identity)
