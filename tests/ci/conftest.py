import copy
import json
from pathlib import Path
from typing import Any

import pytest

from cs_audit.audit.session import run_audit
from cs_audit.cli.order import make_order

ROOT = Path(__file__).parents[2]
Audit = dict[str, Any]


@pytest.fixture
def big() -> Audit:
    """A big desk's audit with rejected rows: incomplete, goals missed, many findings."""
    made: Audit = json.loads((ROOT / "tests" / "reports" / "audit.json").read_text("utf-8"))
    return made


@pytest.fixture(scope="session")
def _demo() -> Audit:
    config = ROOT / "examples" / "quickstart" / "en" / "cs-audit.toml"
    return run_audit(make_order(None, config, quiet=True, sensitivity=False))


@pytest.fixture
def demo(_demo: Audit) -> Audit:
    """The bundled desk's audit: whole, two of three rules miss their goals, findings of all severities."""
    return copy.deepcopy(_demo)


@pytest.fixture(params=["en", "ru"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)
