"""From options to what is asked for."""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cs_audit.cli.language import by_document, shown
from cs_audit.errors import UsageError
from cs_audit.worded import Worded, worded

if TYPE_CHECKING:
    from cs_audit.audit.session import Order
    from cs_audit.audit.standard import Window
    from cs_audit.config import Config


def make_order(
    files: Sequence[Path] | None,
    config: Path | None,
    *,
    since: str | None = None,
    until: str | None = None,
    as_of: str | None = None,
    timezone: str | None = None,
    language: str | None = None,
    select: Sequence[str] | None = None,
    ignore: Sequence[str] | None = None,
    sensitivity: bool | None = None,
    quiet: bool = False,
    show_text: bool = False,
    redact: bool = False,
    cache: bool | None = None,
    engine: str = "local",
) -> Order:
    """What `run` and `explain` work on; what was guessed or assumed is said on stderr.

    Raises:
        AuditError: a wrong option, configuration, or file that cannot be guessed.
    """
    from cs_audit.audit.session import Order  # noqa: PLC0415 - start-up time
    from cs_audit.config.defaults import with_defaults  # noqa: PLC0415 - start-up time
    from cs_audit.config.remarks import remarks  # noqa: PLC0415 - start-up time

    check_zone(timezone)
    made = _config(files, config, timezone, quiet=quiet)
    made, notes = with_defaults(made, timezone or made.audit.timezone)
    notes += remarks(made)
    say(notes, quiet=quiet)
    made = _overruled(made, language, select or (), ignore or ())
    window = _window(made, since, until, as_of)
    again = made.audit.sensitivity if sensitivity is None else sensitivity
    keeps = made.store.cache if cache is None else cache
    return Order(made, window, timezone, again, show_text=show_text, redact=redact, cache=keeps, engine=engine)


def _window(config: Config, since: str | None, until: str | None, as_of: str | None) -> Window:
    from cs_audit.audit.standard import Window  # noqa: PLC0415 - start-up time

    window = Window(
        since=instant(since, "--since", config.audit.timezone),
        until=instant(until, "--until", config.audit.timezone),
        as_of=instant(as_of, "--as-of", config.audit.timezone) or config.audit.as_of,
        by=config.audit.period_by,
    )
    if window.since and window.until and window.until <= window.since:
        raise UsageError(
            worded("ends before it begins"), where=f"--until {until}", hint=worded("name a day after that of --since")
        )
    return window


def say(lines: Sequence[Worded], *, quiet: bool) -> None:
    """Notes on stderr, in the language chosen."""
    from cs_audit.cli.guard import plain  # noqa: PLC0415 - no cycle at import

    if not quiet:
        for line in lines:
            print(plain(shown(line)), file=sys.stderr)


def check_zone(timezone: str | None) -> None:
    """Demand that a zone given as an option is one.

    Raises:
        UsageError: it is not; the nearest name is offered.
    """
    from cs_audit.errors import ConfigError  # noqa: PLC0415
    from cs_audit.schedules.zones import zone  # noqa: PLC0415 - start-up time

    if timezone:
        try:
            zone(timezone)
        except ConfigError as error:
            raise UsageError(error.message, where="--timezone", hint=error.hint) from None


def _config(files: Sequence[Path] | None, path: Path | None, timezone: str | None, *, quiet: bool) -> Config:
    from cs_audit.config import Config, find_config  # noqa: PLC0415 - start-up time

    found = path or _from_here(find_config(Path.cwd()))
    config = read_config(found) if found else Config()
    if files:
        from cs_audit.sources.guess import sources_for  # noqa: PLC0415 - start-up time

        sources, notes = sources_for(files, config, timezone)
        audit = config.audit if found else config.audit.model_copy(update={"timezone": timezone or "UTC"})
        say(notes, quiet=quiet)
        return config.model_copy(update={"sources": sources, "audit": audit})
    if not found:
        raise UsageError(
            worded("there is nothing to read: no file was named, and no cs-audit.toml was found here or above"),
            hint=worded(
                "name a file (`cs-audit run tickets.csv`), or make a configuration with `cs-audit init tickets.csv`"
            ),
        )
    if not config.sources:
        raise UsageError(
            worded("the configuration has no [sources]"),
            where=str(found),
            hint=worded("add one, or name a file to read"),
        )
    return config


def read_config(path: Path) -> Config:
    """The configuration in `path`; whatever is said from now on is said in its language.

    Raises:
        ConfigError: see `cs_audit.config.load_config`.
    """
    from cs_audit.config.load import config_of, tables_in  # noqa: PLC0415 - start-up time

    tables = tables_in(path)
    audit = tables.get("audit")
    by_document(audit.get("language") if isinstance(audit, dict) else None)
    return config_of(tables, path)


def _from_here(path: Path | None) -> Path | None:
    """The path as one would type it, so that reports name files alike wherever the folder lies."""
    try:
        return Path(os.path.relpath(path)) if path else None
    except ValueError:  # another drive
        return path


def _overruled(config: Config, language: str | None, select: Sequence[str], ignore: Sequence[str]) -> Config:
    if language is not None and language not in ("en", "ru"):
        raise UsageError(
            worded("{language!r} is no language of cs-audit", language=language),
            where="--language",
            hint=worded("write en or ru"),
        )
    audit = config.audit.model_copy(update={"language": language}) if language else config.audit
    rules = config.rules.model_copy(
        update={"select": list(select) or config.rules.select, "ignore": [*config.rules.ignore, *ignore]}
    )
    return config.model_copy(update={"audit": audit, "rules": rules})


def instant(text: str | None, option: str, timezone: str) -> dt.datetime | None:
    """A date (its local midnight) or a time; without an offset it is read in the audit's zone."""
    from cs_audit.schedules.zones import zone  # noqa: PLC0415 - start-up time

    if text is None:
        return None
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(
            worded("{text!r} is no date or time", text=text),
            where=option,
            hint=worded("write it like 2026-10-31 or 2026-10-31T18:00+03:00"),
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone(timezone))
