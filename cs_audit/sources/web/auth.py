"""Ways to show a secret to a helpdesk. The value is put into the request as it leaves, and stands nowhere else."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Generator
from urllib.parse import quote, quote_plus

import httpx

from cs_audit.sources.web.secret import MASK, Secret


class Credentials(httpx.Auth):
    """One secret, and how it is put into a request.

    Args:
        secret: the token or password.
        put: gives the request with the secret's value in it.
        forms: other texts that give the value away, to be struck from messages.
    """

    requires_request_body = True

    def __init__(
        self,
        secret: Secret,
        put: Callable[[httpx.Request, str], httpx.Request],
        forms: Callable[[str], tuple[str, ...]] = lambda _: (),
    ) -> None:
        self._secret = secret
        self._put = put
        self._forms = forms

    def hidden(self) -> tuple[str, ...]:
        """Every text that gives the secret away. Reads the secret, so it fails here if it cannot be read.

        Raises:
            ConfigError: the secret cannot be read.
        """
        value = self._secret.reveal()
        return (value, quote(value, safe=""), quote_plus(value), json.dumps(value)[1:-1], *self._forms(value))

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """The request with the secret in it, once."""
        yield self._put(request, self._secret.reveal())

    def __repr__(self) -> str:
        return f"Credentials({MASK})"


def header(name: str, secret: Secret, prefix: str = "") -> Credentials:
    """The secret in a header of its own, such as `api_access_token`."""

    def put(request: httpx.Request, value: str) -> httpx.Request:
        request.headers[name] = prefix + value
        return request

    return Credentials(secret, put)


def bearer(secret: Secret) -> Credentials:
    """`Authorization: Bearer ...`."""
    return header("Authorization", secret, "Bearer ")


def basic(user: str, secret: Secret) -> Credentials:
    """HTTP Basic with the secret as the password."""
    return _basic(secret, lambda value: f"{user}:{value}")


def basic_user(secret: Secret, password: str = "X") -> Credentials:  # noqa: S107 - a dummy that vendors ask for
    """HTTP Basic with the secret as the user's name and a dummy password."""
    return _basic(secret, lambda value: f"{value}:{password}")


def _basic(secret: Secret, pair: Callable[[str], str]) -> Credentials:
    def coded(value: str) -> str:
        return b64encode(pair(value).encode()).decode()

    def put(request: httpx.Request, value: str) -> httpx.Request:
        request.headers["Authorization"] = f"Basic {coded(value)}"
        return request

    return Credentials(secret, put, lambda value: (coded(value),))


def in_query(name: str, secret: Secret) -> Credentials:
    """The secret as a parameter of the address, for vendors that know no other way."""

    def put(request: httpx.Request, value: str) -> httpx.Request:
        request.url = request.url.copy_set_param(name, value)
        return request

    return Credentials(secret, put)


def in_body(name: str, secret: Secret) -> Credentials:
    """The secret as a key of the JSON body, for vendors whose reads are POST."""

    def put(request: httpx.Request, value: str) -> httpx.Request:
        body = {**json.loads(request.content or b"{}"), name: value}
        headers = [(key, each) for key, each in request.headers.items() if key != "content-length"]
        return httpx.Request(request.method, request.url, headers=headers, json=body, extensions=request.extensions)

    return Credentials(secret, put)
