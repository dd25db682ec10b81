"""Faults at every place of a pull from Omnidesk."""

from helpdesks.disturbances import disturbed

test_a_disturbed_pull_ends_with_the_same_store = disturbed("omnidesk")
