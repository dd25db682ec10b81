"""`cs-audit run`."""

from __future__ import annotations

import gc
import re
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cs_audit.cli import options
from cs_audit.errors import UsageError
from cs_audit.worded import reason_of, worded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cs_audit.audit.export import Export
    from cs_audit.audit.session import Order

DEFAULT_REPORT = Path("cs-audit-report.html")
_FAIL_ON = ("high", "medium", "low", "never")
_TABLES = (".csv", ".jsonl", ".parquet")
_ENGINES = ("local", "spark")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/")
"""How something in a file system of a cluster is named, like `s3a://bucket/verdicts.parquet`."""

Output = Annotated[
    list[Path] | None,
    typer.Option("--output", "-o", help="A report; repeat for more. .html .md .json .csv .xml, or - for stdout."),
]


def run(
    files: options.Files = None,
    config: options.ConfigFile = None,
    output: Output = None,
    verdicts: options.Verdicts = None,
    findings: options.Findings = None,
    since: options.Since = None,
    until: options.Until = None,
    as_of: options.AsOf = None,
    timezone: options.Timezone = None,
    language: options.Language = None,
    select: Annotated[list[str] | None, typer.Option(help="Only these rules: names, codes, families or ALL.")] = None,
    ignore: Annotated[list[str] | None, typer.Option(help="Not these rules.")] = None,
    fail_on: Annotated[str, typer.Option(help="Exit 1 on findings this grave: high, medium, low or never.")] = "high",
    baseline: options.Baseline = None,
    format: Annotated[str | None, typer.Option("--format", "-f", help="Format of -o -.")] = None,  # noqa: A002
    sensitivity: options.Sensitivity = None,
    cache: options.Cache = None,
    engine: Annotated[str, typer.Option(help="What judges: local, or spark (a cluster).")] = "local",
    annotations: options.Annotations = "auto",
    ping: options.Ping = None,
    show_text: options.ShowText = False,
    redact: options.Redact = False,
    template: options.Template = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Read, judge, and write reports."""
    from cs_audit.cli import order, outcome, pinging  # noqa: PLC0415 - start-up time

    targets = output or [DEFAULT_REPORT]
    with pinging.pinging(ping):
        tables = _check_all(targets, fail_on, engine, format, (verdicts, findings), template, annotations)
        asked = replace(order.make_order(
            files, config, since=since, until=until, as_of=as_of, timezone=timezone, language=language, quiet=quiet,
            select=select, ignore=ignore, sensitivity=sensitivity, show_text=show_text, redact=redact, cache=cache,
            engine=engine,
        ), meanwhile=outcome.preparing(targets, format, template))  # fmt: skip
        audit = _compared(_before(baseline, asked), _judged(asked, *tables, quiet=quiet), fail_on)
        write_reports(audit, targets, format, templates=template)
        _end(audit, targets, (files, config, timezone), annotations, quiet=quiet, verbose=verbose)


def _before(baseline: Path | None, order: Order) -> dict[str, Any] | None:
    from cs_audit.cli.compare import load_baseline  # noqa: PLC0415 - no cycle at import

    return load_baseline(baseline, order.config.folder, redact=order.redact)


def _compared(before: dict[str, Any] | None, audit: dict[str, Any], fail_on: str) -> dict[str, Any]:
    from cs_audit.cli.compare import compared  # noqa: PLC0415 - no cycle at import

    return compared(before, audit, fail_on)


def _end(
    audit: Mapping[str, Any], targets: Sequence[Path], read: tuple[Any, Any, Any], annotations: str,
    *, quiet: bool, verbose: bool,
) -> None:  # fmt: skip
    from cs_audit.cli import outcome  # noqa: PLC0415 - start-up time

    again = outcome.again(*read)
    raise typer.Exit(outcome.finish(audit, targets, again=again, annotations=annotations, quiet=quiet, verbose=verbose))


def _check_all(
    targets: Sequence[Path], fail_on: str, engine: str, form: str | None,
    named: tuple[str | None, str | None], template: Path | None, annotations: str,
) -> list[Path | str | None]:  # fmt: skip
    """Demand options that can be served; where verdicts and findings are to be written."""
    from cs_audit.cli import outcome  # noqa: PLC0415 - start-up time

    tables = [_place(path, engine, option) for path, option in zip(named, ("--verdicts", "--findings"), strict=True)]
    _check(targets, fail_on, engine, form)
    _check_tables(*tables)
    check_template(template)
    outcome.check_annotations(annotations)
    return tables


def _check(targets: Sequence[Path], fail_on: str, engine: str, form: str | None) -> None:
    from cs_audit.reports import FORMATS  # noqa: PLC0415 - start-up time

    severity = worded("{fail_on!r} is no severity", fail_on=fail_on)
    options.demand_one_of(_FAIL_ON, fail_on, severity, "--fail-on")
    _check_engine(engine)
    if form is not None:
        options.demand_one_of([*FORMATS.values()], form, worded("{form!r} is no format", form=form), "--format")
    for target in targets:
        if str(target) != "-":
            options.demand_suffix([*FORMATS], target, worded("no report can be written as"), f"-o {target}")
            _check_place(target, f"-o {target}")


def _check_engine(engine: str) -> None:
    if engine not in _ENGINES:
        hint = worded("write local or spark, or leave it out")
        raise UsageError(worded("there is no engine {engine!r}", engine=engine), where="--engine", hint=hint)
    if engine == "spark":
        from cs_audit.spark.session import check  # noqa: PLC0415 - only where it is asked for

        check()


def _place(path: str | None, engine: str, option: str) -> Path | str | None:
    """Where a table is to be written: a file, or an address of the cluster."""
    if path is None or not _ADDRESS.match(path):
        return None if path is None else Path(path)
    if engine != "spark":
        hint = worded("add --engine spark, or name a file")
        raise UsageError(worded("is an address of a cluster"), where=f"{option} {path}", hint=hint)
    if not path.endswith(".parquet"):
        hint = worded("end the name in .parquet")
        raise UsageError(worded("a cluster writes Parquet"), where=f"{option} {path}", hint=hint)
    return path


def _check_tables(verdicts: Path | str | None, findings: Path | str | None) -> None:
    for option, path in (("--verdicts", verdicts), ("--findings", findings)):
        if isinstance(path, Path):
            options.demand_suffix(_TABLES, path, worded("no table can be written as"), f"{option} {path}")
            _check_place(path, f"{option} {path}")


def _check_place(path: Path, where: str) -> None:
    """Demand, before hours of work, that a file could be put there."""
    if path.is_dir():
        raise UsageError(
            worded("is a folder"),
            where=where,
            hint=worded("name a file in it, like {path}", path=path / "report.html"),
        )
    above = next((each for each in path.parents if each.exists()), Path())
    if not above.is_dir():
        raise UsageError(
            worded("cannot be written: {path} is a file", path=above),
            where=where,
            hint=worded("choose another place"),
        )


def _judged(order: Order, *tables: Path | str | None, quiet: bool) -> dict[str, Any]:
    from cs_audit.audit.session import run_audit  # noqa: PLC0415 - start-up time
    from cs_audit.cli.redacting import redaction  # noqa: PLC0415

    gc.freeze()  # what is loaded by now stays: it is not looked through again and again
    hidden = redaction(order.config.folder, wanted=order.redact, quiet=quiet)
    if tables == (None, None):
        return run_audit(order, redaction=hidden)
    with tempfile.TemporaryDirectory(prefix="cs-audit-export-") as folder:
        return run_audit(order, _export(Path(folder), tables), hidden)


def _export(folder: Path, tables: tuple[Path | str | None, ...]) -> Export:
    if any(isinstance(each, str) for each in tables):
        from cs_audit.spark.tables import ClusterExport  # noqa: PLC0415 - only where it is asked for

        return ClusterExport(folder, *tables)
    from cs_audit.audit.export import Export  # noqa: PLC0415 - start-up time

    return Export(folder, *(each for each in tables if not isinstance(each, str)))


def check_template(folder: Path | None) -> None:
    """Demand templates where they are asked for."""
    if folder is not None:
        from cs_audit.reports.own import check  # noqa: PLC0415 - start-up time

        check(folder)


def write_reports(
    audit: Mapping[str, Any],
    targets: Sequence[Path],
    form: str | None = None,
    language: str | None = None,
    *,
    templates: Path | None = None,
) -> None:
    """Write each report whole or not at all.

    Raises:
        UsageError: a file cannot be written, or a template of the user's own fails.
    """
    from cs_audit.reports import FORMATS, render  # noqa: PLC0415 - start-up time

    for target in targets:
        if str(target) == "-":
            sys.stdout.write(render(audit, form or "md", language, templates=templates))
            continue
        text = render(audit, FORMATS[target.suffix], language, templates=templates)
        write_text(text, target)


def write_text(text: str, target: Path) -> None:
    """Write a file whole or not at all.

    Raises:
        UsageError: it cannot be written.
    """
    part = target.with_name(f".{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(text, encoding="utf-8", newline="\n", errors="replace")
        part.replace(target)
    except OSError as error:
        raise UsageError(
            worded("cannot be written: {why}", why=reason_of(error)),
            where=f"-o {target}",
            hint=worded("choose another place"),
        ) from None
