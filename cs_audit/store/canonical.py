"""JSON in one form only: the same value always gives the same bytes."""

from __future__ import annotations

import hashlib
import json
import zlib
from typing import Any

from cs_audit.errors import ValueRefused
from cs_audit.store.errors import StoreError
from cs_audit.worded import verbatim, worded

_LEVEL = 6


def canonical(value: Any) -> bytes:
    """A JSON value as UTF-8: keys sorted, no spaces, every character as itself.

    Half a surrogate pair, as helpdesks leave it when they cut a text inside an emoji, stays an escape.

    Raises:
        StoreError: the value has no JSON form, such as NaN or a number too great for a double.
    """
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError) as error:
        raise StoreError(
            worded("a record has no JSON form: {error}", error=verbatim(error)),
            hint=worded("the source sent what JSON cannot hold"),
        ) from error
    return text.encode("utf-8", "backslashreplace")


def fingerprint(value: Any) -> bytes:
    """SHA-256 of a JSON value in canonical form."""
    return hashlib.sha256(canonical(value)).digest()


def pack(body: bytes) -> bytes:
    """Canonical bytes for the disk. Hashes are taken before, so that another zlib changes no digest."""
    return zlib.compress(body, _LEVEL)


def unpack(packed: bytes, sha256: bytes) -> Any:
    """The JSON value of `pack`ed bytes.

    Raises:
        ValueRefused: they are not the bytes that were stored.
    """
    try:
        body = zlib.decompress(packed)
    except zlib.error as error:
        raise ValueRefused(verbatim(error)) from error
    if hashlib.sha256(body).digest() != sha256:
        raise ValueRefused(worded("the content is not what was stored"))
    return json.loads(body)
