"""Tests against real servers on loopback."""

import pytest


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "server: starts a real helpdesk; runs in CI, and where it is asked for")
