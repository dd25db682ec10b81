"""Account managers: told by a field that the configuration names, since no helpdesk has one place for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Json = Any


def manager(told: Json, people: Mapping[str, Json], names: Mapping[str, str]) -> dict[str, str]:
    """The column `account_manager`, if a field's value is an agent's id, e-mail address or name. Of somebody who is
    none it cannot be said that he is silent.

    Args:
        told: the value.
        people: the agents by id.
        names: what events call them, by id.
    """
    value = str(told if told is not None else "").strip().lower()
    known = {str(each.get("email") or "").lower(): names[identity] for identity, each in people.items()}
    known |= {name.lower(): name for name in names.values()} | {key.lower(): name for key, name in names.items()}
    return {"account_manager": known[value]} if value and value in known else {}
