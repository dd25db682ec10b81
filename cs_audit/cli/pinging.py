"""`--ping`: a monitoring service hears how a command ended, whatever ended it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from cs_audit.cli.guard import BROKEN, INTERRUPTED, plain
from cs_audit.cli.language import shown
from cs_audit.errors import AuditError, UsageError
from cs_audit.worded import worded

_HINT = worded("write --ping https://..., --ping env:NAME or --ping file:PATH")


@contextmanager
def pinging(to: str | None) -> Iterator[None]:
    """Within, how the command ends is seen, and told to the address at `to`: itself, `env:NAME` or `file:PATH`.

    A ping that fails is told on stderr and changes nothing else.

    Raises:
        AuditError: there is no address at `to`.
    """
    url = _address(to) if to else ""
    code = BROKEN
    try:
        yield
        code = 0
    except typer.Exit as ended:
        code = ended.exit_code
        raise
    except AuditError as error:
        code = error.exit_code
        raise
    except KeyboardInterrupt:
        code = INTERRUPTED
        raise
    finally:
        if url:
            _tell(url, code)


def _address(to: str) -> str:
    from cs_audit.ci.ping import fault  # noqa: PLC0415 - start-up time
    from cs_audit.sources.web.reference import SecretReference  # noqa: PLC0415 - start-up time
    from cs_audit.sources.web.secret import Secret  # noqa: PLC0415 - start-up time

    place, _, name = to.partition(":")
    if place in ("env", "file") and name:
        url = Secret(SecretReference.model_validate({place: name}), where="--ping", folder=Path.cwd()).reveal()
    else:
        url = to
    if problem := fault(url):
        raise UsageError(problem, where="--ping", hint=_HINT)
    return url


def _tell(url: str, code: int) -> None:
    from cs_audit.ci.ping import address, ping  # noqa: PLC0415 - start-up time

    wanted = address(url, code)
    problem = ping(wanted) if wanted else ""
    if problem:
        print(plain(shown(worded("warning: the ping failed: {problem}", problem=problem))), file=sys.stderr)
