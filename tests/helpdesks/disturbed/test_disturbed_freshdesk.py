"""Faults at every place of a pull from Freshdesk."""

from helpdesks.disturbances import disturbed

test_a_disturbed_pull_ends_with_the_same_store = disturbed("freshdesk")
