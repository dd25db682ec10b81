"""Pages that are too big: the same page again, smaller."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from cs_audit.sources.web.errors import TooBigError

if TYPE_CHECKING:
    from collections.abc import Callable

Page = TypeVar("Page")


def smaller(size: int) -> int:
    """Half of a page size, or its next smaller divisor where half is no whole number.

    A divisor keeps page numbers whole: page p of `size` begins where page (p-1) * size / smaller + 1 does.
    """
    return next(each for each in range(max(size // 2, 1), 0, -1) if size % each == 0)


def shrinking(read: Callable[[int, bool], Page], size: int, least: int = 1) -> tuple[Page, int]:
    """One page, read with fewer entries each time it is too big, and the size that worked.

    Go on with that size. `read` must ask for the same place each time: the same cursor, token or offset.

    Args:
        read: reads the page with a size; its flag goes to `shrinkable` of the client.
        size: the size to begin with.
        least: the smallest size to try; there the client's full patience holds.

    Raises:
        TooBigError: the smallest page is too large as well.
        GaveUpError: the smallest page takes too long as well.
    """
    while True:
        try:
            return read(size, size > least), size
        except TooBigError:
            if size <= least:
                raise
        size = max(smaller(size), least)
