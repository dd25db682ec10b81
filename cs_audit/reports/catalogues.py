"""The catalogues of translations, read when they are needed."""

from __future__ import annotations

import gettext
import io
from functools import cache

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from cs_audit.reports.files import template_dir

LOCALES = {"en": "en_GB", "ru": "ru_RU"}
"""Languages of reports, and whose forms of numbers and dates they use."""


@cache
def catalogue(language: str, part: str = "") -> gettext.NullTranslations:
    """The translations into a language, or a `part` that is read when needed; English is that of the messages."""
    if language == "en":
        return gettext.NullTranslations()
    file = io.BytesIO()
    with (template_dir() / "messages" / f"{language}{part}.po").open("rb") as messages:
        write_mo(file, read_po(messages, locale=language))
    file.seek(0)
    return gettext.GNUTranslations(file)
