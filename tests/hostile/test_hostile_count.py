"""There are enough hostile inputs, and none of them is another one again."""

from inputs import GATES


def test_there_are_at_least_two_hundred_hostile_inputs():
    """A list that somebody shortens must not pass unseen."""
    assert sum(map(len, GATES)) >= 200


def test_no_gate_is_attacked_twice_with_the_same_input():
    """The number would promise more than it keeps."""
    texts = [
        [each for each in gate.values() if isinstance(each, str | bytes | tuple)]
        for gate in GATES
    ]

    assert [each for gate in texts for each in gate if gate.count(each) > 1] == []
