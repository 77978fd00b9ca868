"""Regions obey the laws of sets, whatever scale they lie on."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.rules.regions import (
    EVERYWHERE,
    NOWHERE,
    IntervalSet,
    after,
    before,
    between,
    cuts_of,
    domain_of,
    place_before,
    rank,
)
from kit.rules.values import Kind, Point, read_kind

WHOLE = read_kind("whole number")
NUMBER = read_kind("number")

STEPS: list[Point] = list(range(-2, 8))
HALVES: list[Point] = [(Decimal(n) / 2, 0) for n in range(-4, 16)]

on_steps = st.builds(
    lambda begins, cuts: IntervalSet(begins, tuple(sorted(cuts))),
    st.booleans(),
    st.sets(st.integers(0, 5)),
)
on_numbers = st.builds(
    lambda begins, cuts: IntervalSet(begins, tuple(sorted(cuts))),
    st.booleans(),
    st.sets(st.tuples(st.integers(0, 5).map(Decimal), st.integers(0, 1))),
)
pairs = st.one_of(
    st.tuples(on_steps, on_steps, st.just(STEPS)),
    st.tuples(on_numbers, on_numbers, st.just(HALVES)),
)
Pair = tuple[IntervalSet, IntervalSet, list[Point]]


def members(region: IntervalSet, places: list[Point]) -> set[Point]:
    """The places of a scale that a region has."""
    return {place for place in places if region.has(place)}


@settings(max_examples=50)
@given(pairs)
def test_union_has_what_either_has(pair: Pair) -> None:
    """“a, b” in a cell is a or b."""
    one, other, places = pair

    assert members(one | other, places) == members(one, places) | members(other, places)


@settings(max_examples=50)
@given(pairs)
def test_intersection_has_what_both_have(pair: Pair) -> None:
    """Two rows overlap exactly where both fit."""
    one, other, places = pair

    assert members(one & other, places) == members(one, places) & members(other, places)


@settings(max_examples=50)
@given(pairs)
def test_complement_has_all_the_rest(pair: Pair) -> None:
    """“not a” is everything but a."""
    one, _, places = pair

    assert members(~one, places) == set(places) - members(one, places)


@settings(max_examples=50)
@given(pairs)
def test_the_same_places_are_the_same_region(pair: Pair) -> None:
    """A region has one form, so equality of cells can be seen."""
    one, other, _ = pair

    assert ~~one == one
    assert ~(one | other) == ~one & ~other
    assert one | one == one
    assert one & (one | other) == one
    assert one | ~one == EVERYWHERE
    assert one & ~one == NOWHERE


@settings(max_examples=50)
@given(pairs)
def test_between_two_cuts_nothing_changes(pair: Pair) -> None:
    """Trying one place of each segment is trying all of them."""
    one, other, places = pair
    cuts = cuts_of([one, other])
    ends = list(zip([None, *cuts], [*cuts, None], strict=True))

    for place in places:
        stand_in = place_before(*ends[rank(cuts, place)])
        assert rank(cuts, stand_in) == rank(cuts, place)
        assert one.has(stand_in) is one.has(place)
        assert other.has(stand_in) is other.has(place)


@pytest.mark.parametrize(
    ("region", "inside", "outside"),
    [
        pytest.param(between(before(3, WHOLE), None), 3, 2, id="from 3 on"),
        pytest.param(between(after(3, WHOLE), None), 4, 3, id="more than 3"),
        pytest.param(between(None, before(3, WHOLE)), 2, 3, id="less than 3"),
        pytest.param(between(None, after(3, WHOLE)), 3, 4, id="at most 3"),
    ],
)
def test_a_whole_number_has_a_neighbour(
    region: IntervalSet, inside: int, outside: int
) -> None:
    """The last day in and the first day out stand side by side."""
    assert region.has(inside)
    assert not region.has(outside)


def test_a_plain_number_has_no_neighbour() -> None:
    """More than 3 begins at no number: a hair above 3 is in, 3 is out."""
    above = between(after(Decimal(3), NUMBER), None)

    assert not above.has((Decimal(3), 0))
    assert above.has((Decimal("3.0000001"), 0))


def test_a_stretch_that_ends_before_it_begins_is_empty() -> None:
    """No day lies from the tenth up to, but not including, the tenth."""
    assert between(5, 5) == NOWHERE
    assert between(6, 5) == NOWHERE
    assert between(5, 6) != NOWHERE


def test_a_place_between_two_cuts_is_as_low_as_possible() -> None:
    """The example of a gap is its first case: day 3, not some day after it."""
    three, five = (Decimal(3), 0), (Decimal(5), 0)

    assert place_before(3, 5) == 3
    assert place_before(three, five) == three
    assert place_before(three, None) == three
    assert place_before((Decimal(3), 1), five) == (Decimal(4), 0)
    assert place_before(None, 3) == 2
    assert place_before(None, five) == (Decimal(4), 0)


@pytest.mark.parametrize(
    ("kind", "currency", "inside", "outside"),
    [
        pytest.param("yes/no", "USD", 1, 2, id="yes and no are all there is"),
        pytest.param("one of a, b, c", "USD", 2, 3, id="three words are three places"),
        pytest.param("whole number, at least 3", "USD", 3, 2, id="at least 3"),
        pytest.param("whole number, at most 7", "USD", 7, 8, id="at most 7"),
        pytest.param(
            "whole number, at most 7.5", "USD", 7, 8, id="at most 7 and a half"
        ),
        pytest.param("whole number, at least 0.5", "USD", 1, 0, id="at least a half"),
        pytest.param("money, at least 2", "USD", 200, 199, id="at least two dollars"),
        pytest.param("money, at least 2", "JPY", 2, 1, id="a yen has no cents"),
        pytest.param(
            "money, at least 2", "KWD", 2000, 1999, id="a dinar has a thousand"
        ),
    ],
)
def test_a_scale_has_the_places_that_its_values_can_have(
    kind: str, currency: str, inside: int, outside: int
) -> None:
    """A proof covers every value that can occur, and none that cannot."""
    domain = domain_of(read_kind(kind), currency)

    assert domain.has(inside)
    assert not domain.has(outside)


def test_a_scale_without_bounds_is_endless() -> None:
    """Days and numbers go on in both directions."""
    for kind in (WHOLE, NUMBER, read_kind("date"), read_kind("text")):
        assert domain_of(kind, "USD") == EVERYWHERE


def test_a_number_scale_begins_at_its_lowest_value() -> None:
    """Half a unit is in; a hair less is not."""
    domain = domain_of(read_kind("number, at least 0.5"), "USD")

    assert domain.has((Decimal("0.5"), 0))
    assert not domain.has((Decimal("0.4999"), 0))


def test_the_place_of_a_word_is_its_place_in_the_declaration() -> None:
    """Words have an order only so that they can be counted."""
    kind: Kind = read_kind("one of none, moving, lost")

    assert [before(word, kind) for word in kind.words] == [0, 1, 2]
