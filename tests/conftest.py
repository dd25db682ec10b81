"""Settings of all tests, and the counts of what was compared, printed at their end."""

import os
from collections import Counter

import pytest
from hypothesis import settings

os.environ["LC_ALL"] = "C.UTF-8"  # people are spoken to in the language of the environment

settings.register_profile("ci", max_examples=1000, deadline=None, derandomize=True)
settings.register_profile("desk", max_examples=100, deadline=None)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "desk")


@pytest.fixture
def counted(record_property):
    """`counted(what, number)` adds to the number of such things that is printed after all tests."""

    def add(what, number=1):
        record_property("counted", [what, number])

    return add


def pytest_terminal_summary(terminalreporter):
    counts = Counter()
    failed = {report.nodeid for report in terminalreporter.stats.get("failed", ())}
    for report in terminalreporter.stats.get("", ()):  # of tests that passed: what went before and after
        if report.when == "teardown" and report.nodeid not in failed:
            for name, value in report.user_properties:
                if name == "counted":
                    counts[value[0]] += value[1]
    for what in sorted(counts):
        terminalreporter.write_line(f"{counts[what]:>7,} {what}")
