import json
from pathlib import Path
from typing import Any

import pytest

from cs_audit import reports

Audit = dict[str, Any]


@pytest.fixture
def audit() -> Audit:
    made: Audit = json.loads((Path(__file__).parent / "audit.json").read_text("utf-8"))
    return made


@pytest.fixture(params=["en", "ru"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def page(audit: Audit, language: str) -> str:
    return reports.render(audit, "html", language)
