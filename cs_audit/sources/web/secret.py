"""Secrets: read when first needed, never shown."""

from __future__ import annotations

import os
import subprocess
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, NoReturn

from cs_audit.errors import ConfigError
from cs_audit.worded import Worded, reason_of, worded

if TYPE_CHECKING:
    from cs_audit.sources.web.reference import SecretReference

MASK = "***"
_SECONDS_FOR_A_COMMAND = 60
_HOLD, _PRINT = worded("it must hold the secret on one line"), worded("it must print the secret on one line")

Problem = tuple[Worded, Worded]
"""What is wrong, and what to do."""


class Secret:
    """A token or password that no text form shows: `reveal()` is the only way to its value.

    It can be neither pickled nor written as JSON; copies are the same object.

    Args:
        reference: where the value stands.
        where: the configuration key, for messages.
        user: the keyring's user if the reference names none, by custom the source's name.
        folder: the folder that relative paths start from, the configuration's.
    """

    __slots__ = ("_folder", "_lock", "_reference", "_user", "_value", "_where")

    def __init__(self, reference: SecretReference, *, where: str, user: str = "", folder: Path = Path()) -> None:
        self._reference = reference
        self._where = where
        self._user = user
        self._folder = folder
        self._lock = Lock()
        self._value: str | None = None

    def reveal(self) -> str:
        """The value, read once.

        Raises:
            ConfigError: it cannot be read, is empty, or is no single line of text.
        """
        with self._lock:
            if self._value is None:
                value, problem = _read(self._reference, self._user, self._folder)
                problem = problem or _fault(value)
                if problem:
                    del value  # a traceback may show what this frame knows
                    message, hint = problem
                    raise ConfigError(message, where=self._where, hint=hint)
                self._value = value
            return self._value

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    def __str__(self) -> str:
        return MASK

    def __format__(self, spec: str) -> str:
        return MASK

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, memo: object) -> Secret:
        return self

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a secret cannot be pickled")


def _read(reference: SecretReference, user: str, folder: Path) -> tuple[str, Problem | None]:
    """The value and no problem, or a problem that says nothing of the value."""
    if reference.env is not None:
        return _from_environment(reference.env)
    if reference.file is not None:
        return _from_file(folder / Path(reference.file).expanduser())
    if reference.command is not None:
        return _from_command(reference.command, folder)
    return _from_keyring(reference.keyring or "", reference.user or user)


def _from_environment(name: str) -> tuple[str, Problem | None]:
    value = os.environ.get(name)
    if value is None:
        return "", (worded("the environment variable {name} is not set", name=name), worded("export it before the run"))
    return _line(value), None if _line(value) else (
        worded("the environment variable {name} is empty", name=name),
        worded("put the secret in it"),
    )


def _from_file(path: Path) -> tuple[str, Problem | None]:
    try:
        value = path.read_text("utf-8-sig")
    except OSError as error:
        return "", (
            worded("the file {path} cannot be read ({why})", path=path, why=reason_of(error)),
            worded("check the path and who may read it"),
        )
    except UnicodeDecodeError:
        return "", (worded("the file {path} is not UTF-8 text", path=path), _HOLD)
    return _line(value), None if _line(value) else (worded("the file {path} is empty", path=path), _HOLD)


def _from_command(command: tuple[str, ...], folder: Path) -> tuple[str, Problem | None]:
    name = command[0]
    try:
        done = subprocess.run(  # noqa: S603 - the user's own command, without a shell
            command, capture_output=True, check=False, timeout=_SECONDS_FOR_A_COMMAND, cwd=folder
        )
        value = _line(done.stdout.decode("utf-8"))
    except OSError as error:
        return "", (
            worded("the command {name} cannot be run ({why})", name=name, why=reason_of(error)),
            worded("check its name and path"),
        )
    except subprocess.TimeoutExpired:
        return "", (
            worded("the command {name} took longer than {seconds} s", name=name, seconds=_SECONDS_FOR_A_COMMAND),
            worded("run it once by hand"),
        )
    except UnicodeDecodeError:
        return "", (worded("the command {name} printed no UTF-8 text", name=name), _PRINT)
    if done.returncode:
        return "", (
            worded("the command {name} ended with {code}", name=name, code=done.returncode),
            worded("run it by hand to see why"),
        )
    return value, None if value else (worded("the command {name} printed nothing", name=name), _PRINT)


def _from_keyring(service: str, user: str) -> tuple[str, Problem | None]:
    try:
        value = import_module("keyring").get_password(service, user)
    except ImportError:
        return "", (worded("keyring is not installed"), worded('run `pip install "cs-audit[keyring]"`'))
    except Exception as error:  # noqa: BLE001 - backends raise what they like, and may say too much
        return "", (
            worded("the keyring cannot be read ({kind})", kind=type(error).__name__),
            worded("unlock it, or name another place"),
        )
    if not value:
        return "", (
            worded("the keyring holds no {service} for {user}", service=service, user=user),
            worded("run `keyring set {service} {user}`", service=service, user=user),
        )
    return _line(value), None


def _line(value: str) -> str:
    return value.rstrip("\r\n")


def _fault(value: str) -> Problem | None:
    """What is wrong with a value that is to travel in a header."""
    lines = len(value.splitlines())
    if lines > 1:
        return (
            worded("the secret has {lines} lines", lines=lines),
            worded("name a place that holds it alone on one line"),
        )
    if not value.isprintable():
        return (worded("the secret holds characters that cannot be printed"), worded("copy it again"))
    if value != value.strip():
        return (worded("the secret begins or ends with a blank"), worded("copy it again without"))
    return None
