"""HubSpot's contacts, where `account_manager` names a property of theirs, and the owners that it may name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from cs_audit.sources.helpdesks.lists import chunks
from cs_audit.sources.helpdesks.managers import manager
from cs_audit.sources.helpdesks.people import names
from cs_audit.sources.web.errors import NotPermittedError

if TYPE_CHECKING:
    from cs_audit.sources.helpdesks.connector import Records
    from cs_audit.sources.web.client import Client

Json = Any

CONTACTS, OWNERS = "crm/v3/objects/contacts/batch/read", "crm/v3/owners"
_AT_ONCE = 100


def owners(listed: Iterator[Json]) -> Iterator[Json]:
    """The owners, by their names as users; none where the token may not read them."""
    try:
        for each in listed:
            name = " ".join(part for part in (each.get("firstName"), each.get("lastName")) if part)
            yield {"id": str(each["id"]), "name": name, "email": each.get("email"), "user": each.get("userId")}
    except NotPermittedError:
        return


def with_managers(client: Client, key: str, whole: Sequence[Json]) -> Sequence[Json]:
    """The threads with the value of their contact's property, where the token may read contacts."""
    of = [str(each["thread"]["associatedContactId"]) for each in whole]

    def read(ids: Sequence[str]) -> Json:
        return client.search(CONTACTS, {"inputs": [{"id": one} for one in ids], "properties": [key]}).json["results"]

    try:
        replies = list(client.map(read, chunks(sorted(set(of)), _AT_ONCE)))
    except NotPermittedError:
        replies = []
    known = {str(each["id"]): each["properties"].get(key) for reply in replies for each in reply}
    for each, contact in zip(whole, of, strict=True):
        each["manager"] = known.get(contact)
    return whole


def managed(payload: Json, records: Records) -> dict[str, str]:
    """The column `account_manager` of a thread. An owner is called as the user he is, where he is in the thread."""
    people = records.get("owner", {})
    here = {str(each["id"]): str(each["name"]) for each in payload["actors"] if each.get("name")}
    own = names(records, "owner", "name", "email")
    called = {key: here.get(f"A-{people[key]['user']}", name) for key, name in own.items()}
    return manager(payload.get("manager"), people, called)
