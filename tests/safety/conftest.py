import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "reports"))  # the desks that reports are tested on

import every_clock
import wordy

from cs_audit.audit.session import run_audit
from cs_audit.cli.order import make_order
from cs_audit.explain.session import explain


@pytest.fixture(scope="session")
def desk(tmp_path_factory):
    """The audit of a desk with every clock, and with the findings of one whose agents contradict each other."""
    clocks = run_audit(make_order(None, every_clock.write(tmp_path_factory.mktemp("clocks")), quiet=True))
    said = run_audit(make_order(None, wordy.write(tmp_path_factory.mktemp("wordy")), quiet=True))
    clocks["findings"] = said["findings"] + clocks["findings"]
    clocks["method"].update(rules=said["method"]["rules"], wording=said["method"]["wording"])
    return clocks


@pytest.fixture(scope="session")
def told(tmp_path_factory):
    """The explanation of a ticket whose answer contradicts another one."""
    order = make_order(None, wordy.write(tmp_path_factory.mktemp("told")), quiet=True)
    return explain(order, "T-3", None)
