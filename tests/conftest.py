"""Settings of all tests."""

import os

from hypothesis import settings

settings.register_profile("ci", max_examples=1000, deadline=None, derandomize=True)
settings.register_profile("desk", max_examples=100, deadline=None)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "desk")
