"""Opening hours and dates."""

from __future__ import annotations

import math

from cs_audit.answers.tokens import Token
from cs_audit.answers.values import Found, Value

_DASHES = frozenset("-–—−")
_FROM = frozenset({"from", "с", "со", "after", "starts", "opens", "since", "после"})
_TO = frozenset({"to", "till", "until", "до", "by", "and", "и", "через"}) | _DASHES
_UNTIL = frozenset({"till", "until", "до", "by", "before", "closes"})
_HOURLY = frozenset(
    {"operate", "open_hours", "close", "support", "breakfast", "lunch", "dinner", "check_in", "check_out", "delivery"}
)
_ALWAYS = (0.0, 1440.0)


def clocks(tokens: list[Token]) -> list[Found]:
    """Times of day: intervals (09:00-18:00), starts, ends and single times, in minutes of the day."""
    found: list[Found] = []
    hourly = any(token.word.term in _HOURLY or token.text in {"hours", "часы", "график"} for token in tokens)
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if "all_day" in token.word.marks:
            found.append(Found(Value("hours", "clock", *_ALWAYS, "range"), token.start, token.end))
        time = _time(tokens, index, bare=hourly and _in_range(tokens, index))
        if time is None:
            index += 1
            continue
        found.append(_interval(tokens, index, *time))
        index = _after(tokens, index, found[-1])
    return found


def _after(tokens: list[Token], index: int, last: Found) -> int:
    while index < len(tokens) and tokens[index].start < last.end:
        index += 1
    return index


def _in_range(tokens: list[Token], index: int) -> bool:
    """Whether plain numbers here are hours: `с 9 до 18`, `from 9 to 6 pm`."""
    if index < 1 or tokens[index - 1].text not in {"from", "с"} or index + 2 >= len(tokens):
        return False
    if tokens[index + 1].text not in _TO and tokens[index + 1].word.unit is None:
        return False
    last = index + 2
    following = tokens[last + 1].word if last + 1 < len(tokens) else None
    plain = tokens[last].numeric and tokens[index].numeric
    return plain and (
        following is None or not (following.unit or following.currency or following.month or following.scale)
    )


def _time(tokens: list[Token], index: int, *, bare: bool) -> tuple[float, int] | None:
    """Minutes of the day of the time at a token, and the index after it."""
    token = tokens[index]
    if token.text in {"noon", "полудня", "полдень"}:
        return 720.0, index + 1
    if token.text in {"midnight", "полуночи", "полночь"}:
        return 1440.0, index + 1
    if not token.numeric:
        return None
    hour, _, minute = token.text.replace(".", ":").partition(":")
    half, end = _half(tokens, index + 1)
    if not (":" in token.text or half or bare) or not (hour.isdigit() and (minute or "0").isdigit()):
        return None
    hours, minutes = int(hour), int(minute or "0")
    if hours > 24 or minutes > 59 or len(minute) not in {0, 2}:
        return None
    if half and hours <= 12:
        hours = hours % 12 + (12 if half == "pm" else 0)
    return hours * 60.0 + minutes, end


def _half(tokens: list[Token], index: int) -> tuple[str, int]:
    if index < len(tokens):
        for half in ("am", "pm"):
            if half in tokens[index].word.marks or tokens[index].text.rstrip(".") == f"{half[0]}.m":
                return half, index + 1
    return "", index


def _interval(tokens: list[Token], index: int, low: float, after: int) -> Found:
    """The interval, start, end or single time that begins with the time at `index`."""
    start = tokens[index].start
    if after + 1 < len(tokens) and tokens[after].text in _TO:
        far = _time(tokens, after + 1, bare=True)
        if far is not None and not (tokens[after].text in {"and", "и"} and not index):
            low, high = _same_half(tokens, index, low, far[0])
            return Found(Value("hours", "clock", low, high, "range"), start, tokens[far[1] - 1].end)
    end = tokens[after - 1].end
    lead = tokens[index - 1].text if index else ""
    if lead in _UNTIL:
        return Found(Value("hours", "clock", -math.inf, low, "upper"), start, end)
    if lead in _FROM:
        return Found(Value("hours", "clock", low, math.inf, "lower"), start, end)
    return Found(Value("hours", "clock", low, low), start, end)


def _same_half(tokens: list[Token], index: int, low: float, high: float) -> tuple[float, float]:
    """`9 to 5 pm` begins in the morning, `3-5 pm` in the afternoon."""
    own = _half(tokens, index + 1)[0]
    if not own and ":" not in tokens[index].text and high > 720 and low + 720 < high:
        return (low, high) if low + 720 >= high - 180 and low >= 420 else (low + 720, high)
    return low, high


def dates(tokens: list[Token]) -> list[Found]:
    """Days of a year (`31 December`, `May 5`), as month * 100 + day, and days of every month (`25 числа`)."""
    found: list[Found] = []
    for index, token in enumerate(tokens):
        if not token.numeric or not token.text.isdigit() or not 1 <= int(token.text) <= 31:
            continue
        day = float(token.text)
        near = [
            each for each in tokens[index + 1 : index + 4] if each.text not in {"-", "of", "th", "st", "nd", "rd", "го"}
        ][:1]
        if near and (near[0].text.startswith("числ") or _monthly(tokens, index)):
            found.append(Found(Value("date", "monthday", day, day), token.start, near[0].end))
        elif near and _month(near[0]):
            value = _month(near[0]) * 100 + day
            found.append(Found(Value("date", "day", value, value), token.start, near[0].end))
        elif index and _month(tokens[index - 1]):
            value = _month(tokens[index - 1]) * 100 + day
            found.append(Found(Value("date", "day", value, value), tokens[index - 1].start, token.end))
    return found


def _monthly(tokens: list[Token], index: int) -> bool:
    """`the 5th of each month`."""
    text = " ".join(each.text for each in tokens[index + 1 : index + 5])
    return text.endswith("month") and " of " in f" {text} " and any(each in text for each in ("each", "every", "the"))


def _month(token: Token) -> int:
    """The month a token names; `May` is one only beside a day."""
    return 5 if token.text == "may" and token.capital else token.word.month
