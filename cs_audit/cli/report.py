"""`cs-audit report`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from cs_audit.cli import options
from cs_audit.cli.language import by_document
from cs_audit.cli.redacting import nearest_folder, redaction
from cs_audit.cli.run import Output, write_reports
from cs_audit.errors import UsageError
from cs_audit.worded import joined, reason_of, worded


def report(
    audit: Annotated[Path, typer.Argument(help="The audit.json of a finished audit.")],
    output: Output = None,
    format: Annotated[str | None, typer.Option("--format", "-f", help="Format of -o -.")] = None,  # noqa: A002
    language: options.Language = None,
    redact: options.Redact = False,
    template: options.Template = None,
    quiet: options.Quiet = False,
) -> None:
    """Render a finished audit again; needs no data and no network."""
    from cs_audit.cli.order import say  # noqa: PLC0415 - start-up time
    from cs_audit.cli.run import _check, check_template  # noqa: PLC0415 - the same checks

    targets = output or [Path("-")]
    _check(targets, "high", "local", format)
    check_template(template)
    write_reports(_shown(load_audit(audit), redact=redact), targets, format, language, templates=template)
    if names := [str(each) for each in targets if str(each) != "-"]:
        report = worded("Report: {names}.", names=", ".join(names))
        following = worded("Next: {command}", command=f"cs-audit compare {audit} LATER.json")
        say([joined([report, following], " ")], quiet=quiet)


def _shown(audit: dict[str, Any], *, redact: bool) -> dict[str, Any]:
    """The audit, without people where it is to be."""
    hidden = redaction(nearest_folder(), wanted=redact and not audit.get("redacted"))
    if hidden is None:
        return audit
    from cs_audit.redact.values import redacted  # noqa: PLC0415 - start-up time

    return redacted(audit, hidden)


_PARTS = (
    "version", "title", "language", "window", "inputs", "counts", "complete", "rejected", "results", "findings",
    "worst", "method", "fingerprint",
)  # fmt: skip


def load_audit(path: Path) -> dict[str, Any]:
    """A finished audit.

    Raises:
        UsageError: the file is missing, damaged, or none of cs-audit's.
    """
    hint = worded("give the .json written by `cs-audit run -o audit.json`")
    try:
        data = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise UsageError(worded("cannot be read: {why}", why=reason_of(error)), where=str(path), hint=hint) from None
    except (ValueError, RecursionError):
        raise UsageError(worded("is not valid JSON"), where=str(path), hint=hint) from None
    if not isinstance(data, dict) or not str(data.get("schema_version", "")).startswith("1."):
        raise UsageError(worded("is no audit that this version can read"), where=str(path), hint=hint)
    missing = [part for part in _PARTS if part not in data]
    if missing:
        raise UsageError(
            worded("is no whole audit: it lacks {known}", known=", ".join(missing)), where=str(path), hint=hint
        )
    by_document(data["language"])
    return data
