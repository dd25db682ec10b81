"""Helpdesks: one file each, which declares a `Connector` and turns what it pulls into events.

Adding a helpdesk touches its file, the list below, its stateful fake in tests/helpdesks and one changelog line.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cs_audit.sources.helpdesks.connector import Connector

TYPES = (
    "zendesk",
    "freshdesk",
    "omnidesk",
    "intercom",
    "chatwoot",
    "rt",
    "helpscout",
    "hubspot",
    "zammad",
    "jira",
    "usedesk",
)
"""The types of sources that are pulled, as the configuration writes them."""


def connector_of(kind: str) -> Connector:
    """The connector of one of the TYPES."""
    found: Connector = import_module(f"{__name__}.{kind}").CONNECTOR
    return found
