"""Sentences for people that remember what they were made of, so that the edge can tell them in another language.

The value of a `Worded` is the English sentence: whatever reads, compares or stores it needs to know nothing more. What
varies in it is data, and never read as a template.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Self


class Worded(str):
    """A sentence in English, with the template and the fields it was made of.

    Args:
        text: the sentence.
        template: as `str.format` takes it; `many` is the form for other numbers than one, of `fields["n"]` things.
        fields: what varies: texts as they are, numbers, and sentences, which are told in the other language too.
    """

    __slots__ = ("fields", "many", "template")

    fields: Mapping[str, object]
    many: str
    template: str

    def __new__(cls, text: str, template: str, fields: Mapping[str, object], many: str = "") -> Self:
        """The sentence."""
        made = super().__new__(cls, text)
        made.template, made.fields, made.many = template, fields, many
        return made

    def __reduce__(self) -> tuple[type[Worded], tuple[str, str, Mapping[str, object], str]]:
        return Worded, (str(self), self.template, self.fields, self.many)


def worded(template: str, /, **fields: object) -> Worded:
    """The sentence of a template: a literal, which the catalogues translate."""
    return Worded(template.format_map(fields), template, fields)


def plural(one: str, many: str, /, n: float, **fields: object) -> Worded:
    """The sentence in the form that `n` things ask for."""
    return Worded((one if n == 1 else many).format_map({"n": n, **fields}), one, {"n": n, **fields}, many)


def joined(parts: Iterable[object], separator: str = ", ") -> Worded:
    """Sentences, or parts of one, in a row."""
    fields = {f"p{number}": part for number, part in enumerate(parts)}
    return worded(_literal(separator).join(f"{{{name}}}" for name in fields), **fields)


def verbatim(text: object) -> Worded:
    """A text made elsewhere: told as it is, unless the catalogues know it word for word."""
    return worded(_literal(str(text)))


NOTHING = Worded("", "", {})
"""Nothing to say."""


def said(error: Exception) -> Worded:
    """What an error says of itself."""
    first = error.args[0] if error.args else None
    return first if isinstance(first, Worded) else verbatim(error)


def reason_of(error: OSError) -> Worded:
    """Why the system refused."""
    return verbatim(error.strerror or type(error).__name__)


FOREIGN = (
    "Broken pipe", "Connection refused", "Connection reset by peer", "Connection timed out", "Disk quota exceeded",
    "File exists", "File name too long", "Input/output error", "Invalid argument", "Is a directory",
    "Name or service not known", "Network is unreachable", "No route to host", "No space left on device",
    "No such file or directory", "Not a directory", "Operation not permitted", "Permission denied",
    "Read-only file system", "Temporary failure in name resolution", "Text file busy", "Too many open files",
    "Cannot overwrite a value", "Compressed file ended before the end-of-stream marker was reached",
    "Expected '=' after a key in a key/value pair", "Expected ']' at the end of a table declaration",
    "Expected ']]' at the end of an array declaration", "Expected newline or end of document after a statement",
    "Invalid initial character for a key part", "Invalid statement", "Invalid value", "Unclosed array",
    "Unclosed inline table", "Unterminated string",
)  # fmt: skip
"""What the system and the libraries say most often, which the catalogues know."""


def nearest(name: str, known: Iterable[str], otherwise: Worded, cutoff: float = 0.6) -> Worded:
    """A hint for a name that is none: the one that was meant, else something else to say."""
    near = get_close_matches(name, list(known), n=1, cutoff=cutoff)
    return worded("did you mean {name!r}?", name=near[0]) if near else otherwise


def _literal(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")
