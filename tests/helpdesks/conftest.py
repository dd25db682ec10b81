"""The network of these tests is loopback: proxies of the machine stay out."""

import ssl

import pytest

_CONTEXT = ssl.create_default_context()


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch):
    # reading the certificates for each of some hundred clients would be most of the time of these tests
    monkeypatch.setattr("httpx._transports.default.create_ssl_context", lambda **_: _CONTEXT)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
