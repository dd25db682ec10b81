"""The sample mails, and the whole sets and data sets where they stand beside the checkout."""

from __future__ import annotations

import email
import email.policy
import re
from pathlib import Path

import pytest

MAIL = Path(__file__).parent / "mail"
SHARED = Path(__file__).parents[3] / "shared" / "data"

needs_data = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the real data sets are not beside this checkout (folder shared/data)"
)


def files(folder: str, pattern: str) -> list[Path]:
    """The files of a folder of mails: the whole set if at hand, else the samples."""
    whole = SHARED / "mail_fixtures" / folder
    return sorted((whole if whole.is_dir() else MAIL / folder).glob(pattern))


def bodies(mail: Path, kind: str = "plain") -> list[str]:
    """The decoded bodies of one kind in a mail."""
    made = email.message_from_bytes(mail.read_bytes(), policy=email.policy.default)
    return [part.get_content() for part in made.walk() if part.get_content_type() == f"text/{kind}"]


def headers(mail: Path) -> str:
    """The block of headers of a mail, as it stands."""
    return mail.read_text("utf-8", "replace").partition("\n\n")[0]


def words(text: str) -> str:
    """A text without its white space."""
    return re.sub(r"\s+", "", text)
