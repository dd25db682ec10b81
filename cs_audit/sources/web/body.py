"""The bytes of an answer, within bounds, and the value they say."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator
from typing import Any

from cs_audit.sources.web.errors import Transient
from cs_audit.worded import verbatim, worded

_GZIP_OR_ZLIB = 47
"""zlib's window bits for "32 KiB, told by the header whether gzip or zlib"."""
PLAIN, PACKED = ("", "identity"), ("gzip", "x-gzip", "deflate")


class OverCap(Exception):  # noqa: N818 - a finding for the client, which knows where
    """The answer has more bytes than allowed."""


def unpacked(chunks: Iterable[bytes], encoding: str, most: int) -> Iterator[bytes]:
    """The chunks of a body, decompressed with never more than `most` bytes in sum.

    httpx would unpack each chunk whole, a thousandfold, and take a gzip stream that ends early for complete.

    Raises:
        OverCap: there is more.
        Transient: the compression is broken, ends early, or is one that was not asked for.
    """
    encoding = encoding.strip().lower()
    if encoding in PLAIN:
        yield from _capped(chunks, most)
    elif encoding in PACKED:
        yield from _inflated(_capped(chunks, most), most)
    else:
        raise Transient(
            worded("sent its answer in the encoding {encoding!r}, which was not asked for", encoding=encoding[:40])
        )


def _capped(chunks: Iterable[bytes], most: int) -> Iterator[bytes]:
    seen = 0
    for chunk in chunks:
        seen += len(chunk)
        if seen > most:
            raise OverCap
        yield chunk


def _inflated(chunks: Iterable[bytes], most: int) -> Iterator[bytes]:
    inflate = zlib.decompressobj(_GZIP_OR_ZLIB)
    left, any_bytes = most, False
    for chunk in chunks:
        any_bytes = any_bytes or bool(chunk)
        try:
            part = inflate.decompress(chunk, left + 1)
        except zlib.error:
            raise Transient(worded("sent an answer whose compression is broken")) from None
        left -= len(part)
        if left < 0:
            raise OverCap
        yield part
    if any_bytes and not inflate.eof:
        raise Transient(worded("sent an answer whose compressed bytes end early"))


def parsed(content: bytes, media_type: str) -> Any:
    """The JSON value of a body.

    Raises:
        Transient: it is a page of HTML, or no JSON (with NaN or nested without end is none either).
    """
    if "html" in media_type.lower() or content.lstrip()[:1] == b"<":
        raise Transient(
            worded("answered with a web page instead of data"),
            hint=worded(
                "a proxy, a login page or a maintenance notice may stand in between; open the address in a browser"
            ),
        )
    try:
        return json.loads(content, parse_constant=_refuse)
    except RecursionError:
        problem = worded("nested too deeply")
    except ValueError as error:
        # the decoder's own words quote no content
        problem = worded("not UTF-8 or no number")
        if isinstance(error, json.JSONDecodeError):
            problem = worded("{problem}, byte {byte}", problem=verbatim(error.msg), byte=error.pos)
    raise Transient(
        worded("sent an answer that is no JSON ({problem})", problem=problem)
        if content
        else worded("sent an empty answer")
    )


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def excerpt(content: bytes, hidden: Iterable[str], most: int = 200) -> str:
    """The first characters of a body for a message: one line, no control characters, no secret."""
    text = content.decode("utf-8", errors="replace")
    for each in sorted(hidden, key=len, reverse=True):
        text = text.replace(each, "***") if each else text
    line = " ".join(text.split())
    clean = "".join(each if each.isprintable() else "\ufffd" for each in line)
    return clean if len(clean) <= most else f"{clean[:most]}…"
