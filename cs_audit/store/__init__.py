"""What was pulled from helpdesks: raw tickets and cursors in one SQLite file, committed together.

The file is WAL, so audits read while a pull writes; one pull writes at a time. A pull that is killed at any moment goes
on from its last committed page, and ends with the store an undisturbed one makes.
"""

from cs_audit.store.canonical import canonical
from cs_audit.store.dump import digest, dump
from cs_audit.store.errors import NoProgressError, StoreError, StoreFullError, StoreHeldError
from cs_audit.store.progress import Progress
from cs_audit.store.reading import Reader, read_store
from cs_audit.store.values import (
    TICKET,
    Bundle,
    Completeness,
    Counts,
    Cursor,
    Held,
    Record,
    Tombstone,
    Version,
    Written,
)
from cs_audit.store.writing import Store, open_store

__all__ = [
    "TICKET",
    "Bundle",
    "Completeness",
    "Counts",
    "Cursor",
    "Held",
    "NoProgressError",
    "Progress",
    "Reader",
    "Record",
    "Store",
    "StoreError",
    "StoreFullError",
    "StoreHeldError",
    "Tombstone",
    "Version",
    "Written",
    "canonical",
    "digest",
    "dump",
    "open_store",
    "read_store",
]
