"""Text files as UTF-8 with line feeds: encodings, compression and line ends are settled once, here."""

from __future__ import annotations

import codecs
import gzip
import re
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from cs_audit.errors import SourceError
from cs_audit.worded import verbatim, worded

if TYPE_CHECKING:
    from collections.abc import Iterator

_SAMPLE = 1 << 20
_ESCAPED = re.compile("[\udc80-\udcff]")
_MOST_DAMAGE = 10
_MOST_NULS = 100
"""Text may hold one NUL byte in so many bytes; its row is rejected. With more it is no text."""
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_COMMON = frozenset("оеаинтсрвлкмдпуяыьгзбч")


@dataclass(frozen=True)
class TextFile:
    """A UTF-8 file with line feeds at `path`, and the encoding the original had."""

    path: Path
    encoding: str


def utf8_file(path: Path, folder: Path, encoding: str | None = None) -> TextFile:
    """`path` itself where it is plain UTF-8, else a decoded copy in `folder`.

    Raises:
        SourceError: the file cannot be read, is no text, or has an unknown encoding.
    """
    try:
        with _open(path) as file:
            sample = file.read(_SAMPLE)
        found = encoding or _encoding_of(sample, path)
        plain = found.lower().replace("_", "-") in ("utf-8", "utf-8-sig", "utf8")
        bare_cr = b"\r" in sample and b"\n" not in sample
        if plain and not bare_cr and path.suffix.lower() != ".gz":
            return TextFile(path, found)
        copy = folder / f"{len(list(folder.iterdir())):04}-{path.stem}.txt"
        _rewrite(path, copy, "" if plain and not bare_cr else found)
    except (OSError, EOFError) as error:
        raise _unreadable(path, error) from None
    except LookupError:
        raise SourceError(
            worded("there is no encoding {encoding!r}", encoding=encoding),
            where=str(path),
            hint=worded('write a name like "cp1251" or "utf-8"'),
        ) from None
    return TextFile(copy, found)


def damaged(text: str) -> bool:
    """Whether text read with `surrogateescape` holds bytes that are none of its encoding's."""
    return bool(_ESCAPED.search(text))


def _unreadable(path: Path, error: Exception) -> SourceError:
    reason = verbatim(getattr(error, "strerror", None) or str(error) or type(error).__name__)
    known = isinstance(error, OSError) and not isinstance(error, gzip.BadGzipFile)
    hint = worded("check the path and its permissions") if known else worded("the file is damaged; export it again")
    return SourceError(worded("cannot be read: {reason}", reason=reason), where=str(path), hint=hint)


def _open(path: Path) -> IO[bytes]:
    opened = gzip.open(path, "rb") if path.suffix.lower() == ".gz" else path.open("rb")  # noqa: SIM115 - the caller closes
    return cast("IO[bytes]", opened)


def _rewrite(path: Path, copy: Path, encoding: str) -> None:
    """Decode (or only unpack, where `encoding` is empty) chunk by chunk."""
    with _open(path) as source, copy.open("wb") as target:
        if not encoding:
            while chunk := source.read(_SAMPLE):
                target.write(chunk)
            return
        keep = "replace" if "16" in encoding or "32" in encoding else "surrogateescape"
        decoder = codecs.getincrementaldecoder(encoding)(errors=keep)
        for text in _universal_newlines(iter(lambda: source.read(_SAMPLE), b""), decoder):
            target.write(text.encode("utf-8", "surrogateescape"))


def _universal_newlines(chunks: Iterator[bytes], decoder: codecs.IncrementalDecoder) -> Iterator[str]:
    held = ""
    for chunk in chunks:
        text = held + decoder.decode(chunk)
        held = "\r" if text.endswith("\r") else ""
        yield re.sub("\r\n?", "\n", text.removesuffix("\r") if held else text)
    yield re.sub("\r\n?", "\n", held + decoder.decode(b"", final=True))


def _encoding_of(sample: bytes, path: Path) -> str:
    for bom, name in _BOMS:
        if sample.startswith(bom):
            return name
    if (wide := _utf16_without_mark(sample)) is not None:
        return wide
    if sample.count(0) * _MOST_NULS > len(sample):
        raise SourceError(
            worded("is binary data, not text"),
            where=str(path),
            hint=worded("give a .csv, .jsonl, .parquet or .xlsx file"),
        )
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return "utf-8" if _mostly_utf8(sample) else _eight_bit(sample)
    return "utf-8"


def _mostly_utf8(sample: bytes) -> bool:
    """Whether letters of several bytes outnumber the bytes that are no UTF-8 by far: then a few bytes are damaged."""
    text = sample.decode("utf-8", errors="replace")
    damaged = text.count("\ufffd")
    return sum(letter > "\x7f" for letter in text) - damaged > _MOST_DAMAGE * damaged


def _utf16_without_mark(sample: bytes) -> str | None:
    head = sample[: 4096 - len(sample) % 2]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > len(head) // 8 and even <= odd // 50:
        return "utf-16-le"
    if even > len(head) // 8 and odd <= even // 50:
        return "utf-16-be"
    return None


def _eight_bit(sample: bytes) -> str:
    """cp1251, koi8-r or cp1252, by the letters that Russian uses most and by its lower case."""
    high = sum(byte > 127 for byte in sample)
    scores = {}
    for name in ("cp1251", "koi8-r"):
        text = sample.decode(name, errors="replace")
        common = sum(letter in _COMMON for letter in text)
        odd = len(re.findall(r"[а-яё][А-ЯЁ]", text))
        scores[name] = (common - 2 * odd) / max(high, 1)
    best = max(scores, key=lambda name: scores[name])
    return best if scores[best] > 0.5 else "cp1252"
