import copy
import json
from pathlib import Path
from typing import Any

import every_clock
import pytest
import wordy

from cs_audit import reports
from cs_audit.audit.session import run_audit
from cs_audit.cli.order import make_order

Audit = dict[str, Any]


@pytest.fixture
def audit() -> Audit:
    """A big desk's audit, written before there were error budgets, exclusions, calls and other definitions."""
    made: Audit = json.loads((Path(__file__).parent / "audit.json").read_text("utf-8"))
    return made


@pytest.fixture(scope="session")
def _clocks(tmp_path_factory: pytest.TempPathFactory) -> Audit:
    config = every_clock.write(tmp_path_factory.mktemp("clocks"))
    return run_audit(make_order(None, config, quiet=True))


@pytest.fixture
def clocks(_clocks: Audit) -> Audit:
    """The audit of a desk that uses every clock, as it is made today."""
    return copy.deepcopy(_clocks)


@pytest.fixture(scope="session", params=["en", "ru"])
def _wordy(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Audit:
    config = wordy.write(tmp_path_factory.mktemp("wordy"), request.param)
    return run_audit(make_order(None, config, quiet=True))


@pytest.fixture
def said(_wordy: Audit) -> Audit:
    """The audit of a desk whose agents contradict each other, in the language it works in."""
    return copy.deepcopy(_wordy)


@pytest.fixture(params=["en", "ru"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def page(audit: Audit, language: str) -> str:
    return reports.render(audit, "html", language)
