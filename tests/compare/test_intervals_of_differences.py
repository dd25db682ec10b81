"""Intervals of differences against published worked examples."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_audit.audit.statistics import percent, wilson
from cs_audit.compare.intervals import correlation, excludes_zero, newcombe


def difference(first, second, phi=0.0):
    """Of two shares given as (achieved, decided): the first less the second, as papers have it, as fractions."""
    (one, edges), (other, other_edges) = ((percent(*each), wilson(*each)) for each in (first, second))
    return [edge / 100 for edge in newcombe(other, other_edges, one, edges, phi)]


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_independent_shares_have_the_interval_of_newcombes_table_of_1998(first, second, low, high):
    assert difference(first, second) == pytest.approx([low, high], abs=6e-5)


@pytest.mark.parametrize(
    ("table", "low", "high"),
    [
        ((1, 1, 7, 12), -0.507, -0.026),  # Bentur and others, 2009, in Fagerland, Lydersen, Laake, 2014
        ((14, 5, 0, 22), 0.011, 0.226),  # Altman and others, Statistics with Confidence, 2000, table 6.2
    ],
)
def test_pairs_have_the_interval_that_books_give(table, low, high):
    both, first, second, _ = table
    number = sum(table)
    found = difference((both + first, number), (both + second, number), correlation(*table))
    assert found == pytest.approx([low, high], abs=6e-4)


SHARES = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(SHARES, SHARES)
def test_an_interval_holds_its_difference_and_turns_with_it(first, second):
    low, high = difference(first, second)
    assert -1.0001 <= low <= first[0] / first[1] - second[0] / second[1] + 1e-5
    assert low <= high <= 1.0001
    assert difference(second, first) == pytest.approx([-high, -low], abs=2e-6)


@given(SHARES)
def test_a_share_does_not_differ_from_itself(share):
    assert not excludes_zero(tuple(difference(share, share)))


@given(st.tuples(*[st.integers(0, 60)] * 4).filter(any))
def test_the_correlation_of_pairs_lies_between_minus_one_and_one(table):
    assert -1.0000001 <= correlation(*table) <= 1.0000001
