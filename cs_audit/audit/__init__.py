"""The chain from sources to a result: whole tickets, policy, clock, judge, tally."""
