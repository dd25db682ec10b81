"""Rounding for show, which never carries a share over a mark."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal


def rounded(share: float, digits: int) -> Decimal:
    """The share to so many digits after the point, halves away from zero."""
    return Decimal(str(share)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def same_side(share: float, shown: Decimal, marks: tuple[float, ...]) -> bool:
    """Whether what is shown lies on the same side of every mark as the share itself."""
    return all(
        (share < mark) == (shown < Decimal(str(mark))) and (share > mark) == (shown > Decimal(str(mark)))
        for mark in marks
    )
