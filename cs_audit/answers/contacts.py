"""Phone numbers, e-mail addresses and links in a sentence."""

from __future__ import annotations

import re

from cs_audit.answers.values import Found, Value

_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"'»)]{3,300}", re.IGNORECASE)
_PHONE = re.compile(r"(?<![\w.,])\+?\d(?:[ ().-]{0,2}\d){6,14}(?![\w])")


def contacts(sentence: str) -> list[Found]:
    """Every contact, in the order of the sentence; a phone number is known by its last ten digits."""
    found: list[Found] = []
    if "@" in sentence:
        found += (_found("email", match, match[0].lower().rstrip(".")) for match in _EMAIL.finditer(sentence))
    if "://" in sentence or "www." in sentence:
        found += (_found("url", match, _address(match[0])) for match in _URL.finditer(sentence))
    if sum(map(str.isdigit, sentence)) >= 7:
        taken = [(each.start, each.end) for each in found]
        for match in _PHONE.finditer(sentence):
            if _is_phone(match[0]) and not any(start <= match.start() < end for start, end in taken):
                found.append(_found("phone", match, "".join(filter(str.isdigit, match[0]))[-10:]))
    return sorted(found, key=lambda each: each.start)


def _address(url: str) -> str:
    return url.rstrip(".,;:!?").lower().partition("#")[0].removeprefix("https://").removeprefix("http://").rstrip("/")


def _is_phone(text: str) -> bool:
    """A number is a phone number if it begins like one or is written in groups; sums and order numbers are not."""
    groups = re.split(r"[ ().-]+", text.strip("+() "))
    size = sum(map(len, groups))
    if text.startswith("+") or (len(groups) == 1 and size == 11 and text[0] in "78"):
        return True
    return len(groups) >= 3 and size >= 9 and not all(len(each) == 3 for each in groups[1:])


def _found(kind: str, match: re.Match[str], text: str) -> Found:
    end = match.end() - (len(match[0]) - len(match[0].rstrip(".,;:!?")))
    return Found(Value(kind, "", 0.0, 0.0, text=text), match.start(), end)
