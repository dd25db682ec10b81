"""No waiting, and no proxies between the tests and loopback."""

import pytest

from cs_audit.opinion import endpoint
from cs_audit.sources.web.retries import Patience


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoint, "PATIENCE", Patience(attempts=3, first=0.001, longest=0.001, granted=0.001, total=1))
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
