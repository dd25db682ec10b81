"""`cs-audit compare`, and the baseline of `cs-audit run`."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from cs_audit.cli import options
from cs_audit.cli.language import shown
from cs_audit.errors import UsageError
from cs_audit.worded import worded

Json = dict[str, Any]

Output = Annotated[
    list[Path] | None,
    typer.Option("--output", "-o", help="A comparison; repeat for more. .html .md .json, or - for stdout."),
]

_FAIL_ON = ("high", "medium", "low", "never")


def compare(
    old: Annotated[Path, typer.Argument(help="The audit.json of the earlier audit.")],
    new: Annotated[Path, typer.Argument(help="The audit.json of the later one.")],
    output: Output = None,
    format: Annotated[str | None, typer.Option("--format", "-f", help="Format of -o -: md, html or json.")] = None,  # noqa: A002
    language: options.Language = None,
    fail_on: Annotated[
        str,
        typer.Option(
            help="Exit 1 if a goal is newly missed or missed by significantly more, or on new findings this grave: "
            "high, medium, low or never."
        ),
    ] = "never",
    quiet: options.Quiet = False,
) -> None:
    """What got better or worse between two audits, with the tickets behind it; needs no data and no network."""
    targets = output or []
    _check(targets, fail_on, format)
    before, after = load(old), load(new)
    check_names(old, before, after.get("redacted"))
    audit = compared(before, after, fail_on)
    _write(audit["comparison"], targets, format, language)
    both = f"{shlex.quote(str(old))} {shlex.quote(str(new))}"
    raise typer.Exit(_finish(audit, targets, language, both, quiet=quiet))


def load_baseline(path: Path | None, folder: Path, *, redact: bool) -> Json | None:
    """The audit to compare with, if there is to be one, before hours of work; `folder` holds the key of `redact`.

    Raises:
        UsageError: see `load` and `check_names`.
    """
    if path is None:
        return None
    from cs_audit.cli.redacting import redaction  # noqa: PLC0415 - start-up time

    audit = load(path)
    hidden = redaction(folder, wanted=redact)
    check_names(path, audit, hidden.shown if hidden else None)
    return audit


def compared(old: Mapping[str, Any] | None, new: Mapping[str, Any], fail_on: str) -> Json:
    """The newer audit with what makes it fail, and with its comparison if there is an older one."""
    made = {name: value for name, value in new.items() if name != "comparison"} | {"fail_on": fail_on}
    if old is None:
        return made
    from cs_audit.compare import compare as compare_audits  # noqa: PLC0415 - start-up time

    return {**made, "comparison": compare_audits(old, new)}


def load(path: Path) -> Json:
    """A finished audit to compare with.

    Raises:
        UsageError: the file is missing, damaged, none of cs-audit's, or of a schema that this version cannot read.
    """
    from cs_audit.cli.report import load_audit  # noqa: PLC0415 - no cycle at import

    try:
        return load_audit(path)
    except UsageError as error:
        if schema := _schema(path):
            raise UsageError(
                worded(
                    "has schema_version {schema}, and this version of cs-audit reads 1.x, so its numbers may mean "
                    "others",
                    schema=schema,
                ),
                where=str(path),
                hint=worded("audit the same data again with this version: `cs-audit run -o audit.json`"),
            ) from None
        raise error from None


def _schema(path: Path) -> str:
    """The schema of a file that is an audit, but none to be read; nothing if it is anything else."""
    try:
        data = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return ""
    found = str(data.get("schema_version", "")) if isinstance(data, dict) else ""
    return "" if found.startswith("1.") else found


def check_names(path: Path, old: Mapping[str, Any], redacted: Mapping[str, str] | None) -> None:
    """Demand that people go by the same names in both audits: else a redacted report would name them, or nobody would
    be found again. `redacted` is what the newer audit says of its own names.

    Raises:
        UsageError: one shows people by pseudonyms and the other by name, or by those of another key.
    """
    before = old.get("redacted")
    if before == redacted:
        return
    if before and redacted:
        from cs_audit.redact.key import VARIABLE  # noqa: PLC0415 - start-up time

        message = worded("hides people by another key than the newer audit, so nobody could be found again")
        hint = worded(
            "audit both with one key ({variable}), or hide the older one again from its audit.json with names",
            variable=VARIABLE,
        )
    elif redacted:
        message = worded("names people, and the newer audit hides them")
        hint = worded(
            "hide them there too: `cs-audit report {path} --redact -o redacted.json`", path=shlex.quote(str(path))
        )
    else:
        message = worded("hides people, and the newer does not")
        hint = worded("hide them in the newer one too: add --redact")
    raise UsageError(message, where=str(path), hint=hint)


def _check(targets: Sequence[Path], fail_on: str, form: str | None) -> None:
    from cs_audit.cli.run import _check_place  # noqa: PLC0415 - no cycle at import
    from cs_audit.reports.comparison import FORMATS  # noqa: PLC0415 - start-up time

    severity = worded("{fail_on!r} is no severity", fail_on=fail_on)
    options.demand_one_of(_FAIL_ON, fail_on, severity, "--fail-on")
    if form is not None:
        other = worded("{form!r} is no format of a comparison", form=form)
        options.demand_one_of([*FORMATS.values()], form, other, "--format")
    for target in targets:
        if str(target) != "-":
            options.demand_suffix([*FORMATS], target, worded("no comparison can be written as"), f"-o {target}")
            _check_place(target, f"-o {target}")


def _write(comparison: Json, targets: Sequence[Path], form: str | None, language: str | None) -> None:
    from cs_audit.cli.run import write_text  # noqa: PLC0415 - no cycle at import
    from cs_audit.reports.comparison import FORMATS, render  # noqa: PLC0415 - start-up time

    for target in targets:
        if str(target) == "-":
            sys.stdout.write(render(comparison, form or "md", language))
        else:
            write_text(render(comparison, FORMATS[target.suffix], language), target)


def _finish(audit: Json, targets: Sequence[Path], language: str | None, both: str, *, quiet: bool) -> int:
    """Say what changed, on stdout if nothing else goes there, and nothing if `quiet` and not worse; the exit code."""
    from cs_audit.audit.gate import exit_code  # noqa: PLC0415 - start-up time
    from cs_audit.cli.guard import plain  # noqa: PLC0415 - no cycle at import
    from cs_audit.reports.comparison import summary  # noqa: PLC0415 - start-up time

    comparison, names = audit["comparison"], [str(each) for each in targets if str(each) != "-"]
    lines = [summary(audit, language)]
    lines += [shown(worded("Written: {names}.", names=", ".join(names)))] if names else []
    lines.append(shown(worded("Next: {command}", command=f"cs-audit {_following(comparison, names, both)}")))
    code = exit_code(audit, audit["fail_on"])
    if code or not quiet:
        print(plain("\n".join(lines)), file=sys.stderr if targets else sys.stdout)
    return code


def _following(comparison: Json, names: Sequence[str], both: str) -> str:
    """The command to try next: why a ticket became late, or the same as a page."""
    appeared = [row for each in comparison["breaches"] for row in each["rows"] if row["state"] in ("new", "came")]
    if appeared:
        return f"explain {shlex.quote(appeared[0]['ticket'])}"
    return f"compare {both} -o changes.html" if not names else "rules"
