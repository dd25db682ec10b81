"""What an account can give beside its tickets, found by asking."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cs_audit.sources.helpdesks.connector import Capability
from cs_audit.sources.web.errors import NotFoundError, NotPermittedError

if TYPE_CHECKING:
    from cs_audit.sources.web.client import Client
    from cs_audit.worded import Worded


def offered(
    client: Client, name: Worded, path: str, lacking: Worded, params: Mapping[str, Any] | None = None
) -> Capability:
    """Whether a path may be read; where the helpdesk refuses it or has none, `lacking` says why that may be."""
    try:
        client.get(path, params)
    except (NotFoundError, NotPermittedError):
        return Capability(name, there=False, note=lacking)
    return Capability(name, there=True)
