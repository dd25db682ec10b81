"""Where a secret stands: the value of `token = ...` in the configuration."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from cs_audit.errors import ValueRefused
from cs_audit.worded import worded

_PLACES = ("env", "file", "command", "keyring")
_HOW = worded(
    'write token = {{ env = "NAME" }}, {{ file = "PATH" }}, '
    '{{ command = ["pass", "show", "NAME"] }} or {{ keyring = "SERVICE" }}'
)
Name = Annotated[str, Field(min_length=1)]


class SecretReference(BaseModel):
    """A place that holds a secret: exactly one of `env`, `file`, `command`, `keyring` (with `user` if need be).

    A secret written out is refused, and no message repeats it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    env: Name | None = None
    file: Name | None = None
    command: Annotated[tuple[Name, ...] | None, Field(min_length=1)] = None
    keyring: Name | None = None
    user: Name | None = None

    @model_validator(mode="before")
    @classmethod
    def _no_literal(cls, value: Any) -> Any:
        if isinstance(value, (dict, SecretReference)):
            return value
        raise ValueRefused(worded("a secret must not stand in the configuration"), _HOW)

    @model_validator(mode="after")
    def _one_place(self) -> SecretReference:
        if sum(getattr(self, place) is not None for place in _PLACES) != 1:
            raise ValueRefused(worded("a secret has one place"), _HOW)
        if self.user is not None and self.keyring is None:
            raise ValueRefused(worded("user belongs to keyring"), worded("remove it"))
        return self
