"""`cs-audit demo`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

from cs_audit.errors import UsageError

REPORTS = ("report.html", "report.md", "audit.json")


def demo(
    out: Annotated[Path, typer.Option(help="Where to put the data, the configuration and the reports.")] = Path(
        "cs-audit-demo"
    ),
    language: Annotated[str, typer.Option(help="en or ru.")] = "en",
) -> None:
    """Audit a bundled synthetic data set; needs no configuration and no network."""
    from cs_audit.audit.session import run_audit  # noqa: PLC0415 - start-up time
    from cs_audit.cli.order import make_order, say  # noqa: PLC0415 - start-up time
    from cs_audit.cli.run import write_reports  # noqa: PLC0415 - start-up time
    from cs_audit.reports import summary  # noqa: PLC0415 - start-up time

    data = bundled(language)
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name in ("messages.csv", "cs-audit.toml"):
            shutil.copyfile(data / name, out / name)
    except OSError as error:
        raise UsageError(
            f"cannot be written: {error.strerror}", where=f"--out {out}", hint="choose another folder"
        ) from None
    audit = run_audit(make_order(None, out / "cs-audit.toml", quiet=True))
    write_reports(audit, [out / name for name in REPORTS])
    say([summary(audit)], quiet=False)
    typer.echo(f"Report: {out / REPORTS[0]}")
    ticket = audit["worst"][0]["ticket"]
    say([f"Next: cs-audit explain {ticket} -c {out / 'cs-audit.toml'}"], quiet=False)
    sys.stderr.flush()


def bundled(language: str) -> Path:
    """The demo's data: inside the wheel, else beside the checkout.

    Raises:
        UsageError: no data in this language.
    """
    package = Path(__file__).parents[1]
    packaged = package / "_quickstart"
    folder = (packaged if packaged.is_dir() else package.parent / "examples" / "quickstart") / language
    if language not in ("en", "ru") or not folder.is_dir():
        raise UsageError(f"there is no demo in {language!r}", where="--language", hint="write en or ru")
    return folder
