"""Who people are called instead: the same in every output and every run with the same key, and told by nothing else.

A pseudonym is an HMAC of the name, which without the key nobody can make, not even of a name he guesses.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import threading
from collections.abc import Iterable
from functools import cached_property

from cs_audit.redact.masks import masked
from cs_audit.redact.names import Names

PEOPLE = ("agent", "account_manager", "author_id", "requester")
"""Columns that name a person."""

_LENGTH = 10
_OURS = re.compile(r"(?:person|organization|ticket|word)-[0-9a-f]{10}")
_CALLABLE = re.compile(r"[+(][\d ().\u00a0-]{8,24}")


class Redaction:
    """People by pseudonyms of one key; `see` them before texts are to be rid of them."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._known: dict[str, set[str]] = {"person": set(), "organization": set()}
        self._lock = threading.Lock()

    def __getstate__(self) -> dict[str, object]:
        """It travels to other machines without its lock."""
        return {name: value for name, value in self.__dict__.items() if name not in ("_lock", "_names")}

    def __setstate__(self, state: dict[str, object]) -> None:
        self.__dict__.update(state, _lock=threading.Lock())

    @property
    def shown(self) -> dict[str, str]:
        """What a redacted audit says of its names: what tells one key from another without giving it away."""
        return {"key": self._code("key", "")[:8]}

    def see(self, kind: str, names: Iterable[str | None]) -> None:
        """Know further names of a kind: `person` or `organization`."""
        new = {each.strip() for each in names if each and each.strip() and not _OURS.fullmatch(each)}
        with self._lock:
            if not new <= self._known[kind]:
                self._known[kind] |= new
                self.__dict__.pop("_names", None)

    def person(self, name: str) -> str:
        """A person's pseudonym."""
        return self._called("person", name)

    def organization(self, name: str) -> str:
        """An organisation's pseudonym."""
        return self._called("organization", name)

    def word(self, name: str) -> str:
        """A pseudonym for a word that may be anything."""
        return self._called("word", name)

    def text(self, text: str) -> str:
        """A text without known people, addresses and long numbers."""
        return self._names.without(masked(text, lambda kind, _: f"[{kind}]"))

    def ticket(self, name: str) -> str:
        """A ticket's number as it is; a pseudonym where it holds a person, an address or a telephone number."""
        digits = name.strip()
        calls = _CALLABLE.fullmatch(digits) or digits in self._known["person"] or "@" in name
        return self._called("ticket", name) if calls or self._names.without(name) != name else name

    def withheld(self, value: str) -> str:
        """The shape of a value that could not be read, which may be anything: `Xxxx 99`."""
        lower = re.sub(r"[^\W\d_]", lambda found: "X" if found[0].isupper() else "x", value)
        return re.sub(r"\d", "9", lower)

    @cached_property
    def _names(self) -> Names:
        """Names in texts; who is a person and an organisation is a person."""
        people = self._known["person"]
        return Names(
            people | self._known["organization"],
            lambda name: self.person(name) if name in people else self.organization(name),
        )

    def _called(self, kind: str, name: str) -> str:
        return name if not name.strip() or _OURS.fullmatch(name) else f"{kind}-{self._code(kind, name)}"

    def _code(self, kind: str, name: str) -> str:
        told = hmac.new(self._key, f"{kind}\0{name}".encode("utf-8", "surrogatepass"), hashlib.sha256)
        return told.hexdigest()[:_LENGTH]
