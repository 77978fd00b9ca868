"""Prove the talk of a playbook: every move is answered, and every talk ends.

As for a decision table: no gap, no two rows for one case, no row that cannot be
reached. An agent who decides correctly reaches a good end within three rounds.
"""

from collections.abc import Iterable, Iterator

from ...errors import Mistake
from ...rules.values import key_of
from ..playbook.playbook import Playbook
from ..playbook.talk import Move, Talk, TalkLine, line_for
from ..reference.reference import Reference

MOST_ROUNDS = 3
"""The largest number of right moves from any mood to a good end."""

ARROW = " → "

_Finding = tuple[str, int, dict[str, object]]


def unproved_talk(playbook: Playbook) -> Iterator[Mistake]:
    """Find the mistakes of a playbook's talk; none if it has no talk.

    Paths are searched only if there is no gap, which would be reported twice.
    """
    talk = playbook.talk
    if talk is None:
        return
    gaps = [*_doubled(talk), *_unanswered(talk), *_unreached(talk)]
    circles = list(_circles(talk))
    ways = [] if gaps or circles else list(_long_ways(talk))
    for kind, line, values in (*gaps, *circles, *ways):
        yield Mistake(kind, playbook.path, line, values)


def idle_ends(reference: Reference, talks: Iterable[Talk]) -> Iterator[tuple[str, int]]:
    """Find every good end that no page of the folder leads to, with its line."""
    reached = {end for talk in talks for end in _reached_ends(talk)}
    reached |= {key_of(each.end) for each in reference.reactions}
    reached |= {key_of(each.end) for each in reference.follow_ups}
    for key, end in reference.ends.items():
        if end.is_good and key not in reached:
            yield end.id, end.line


def _reached_ends(talk: Talk) -> set[str]:
    """Find the key of every end to which some line leads."""
    return {key_of(line.next) for line in talk.lines if talk.end(line.next)}


def _doubled(talk: Talk) -> Iterator[_Finding]:
    seen: dict[tuple[str, str], TalkLine] = {}
    for line in talk.lines:
        for move in line.moves:
            first = seen.setdefault((line.state, move), line)
            if first is not line:
                values: dict[str, object] = {
                    "state": line.state,
                    "move": move,
                    "line": first.line,
                }
                yield "move-twice", line.line, values


def _unanswered(talk: Talk) -> Iterator[_Finding]:
    """Find moods without an answer to a move; one that is only led to lacks all."""
    places = {line.next: line.line for line in reversed(talk.lines)}
    places |= {line.state: line.line for line in reversed(talk.lines)}
    for state, line in places.items():
        if talk.end(state) is not None:
            continue
        needed = [move for move in Move if move is not Move.HAND_OVER]
        lacking = [move.value for move in needed if not line_for(talk, state, move)]
        if lacking:
            yield "move-unanswered", line, {"state": state, "moves": ", ".join(lacking)}


def _unreached(talk: Talk) -> Iterator[_Finding]:
    reached = _reachable(talk)
    for state in talk.states:
        if state not in reached:
            line = next(talk.lines_in(state)).line
            yield "mood-unreached", line, {"state": state}


def _reachable(talk: Talk) -> list[str]:
    """Every mood to which some walk from the start leads, the start first."""
    found = [talk.start]
    for state in found:
        for line in talk.lines_in(state):
            if talk.mood(line.next) and line.next not in found:
                found.append(line.next)
    return found


def _circles(talk: Talk) -> Iterator[_Finding]:
    """Find walks that come back to where they were, each circle once."""
    named: set[str] = set()
    for line in talk.lines:
        way = _way(talk, line.next, line.state)
        if way and line.state not in named:
            named |= set(way)
            circle = ARROW.join([line.state, *way])
            yield "talk-circle", line.line, {"way": circle}


def _way(talk: Talk, start: str, goal: str) -> list[str]:
    """Find a shortest walk between two moods, both included; none if there is none."""
    ways = [[start]]
    seen = {start}
    for way in ways:
        if way[-1] == goal:
            return way
        for line in talk.lines_in(way[-1]):
            if line.next not in seen:
                seen.add(line.next)
                ways.append([*way, line.next])
    return []


def _long_ways(talk: Talk) -> Iterator[_Finding]:
    """Find moods from which doing right is not enough, or not soon enough."""
    for state in talk.states:
        way = _right_way(talk, state)
        end = talk.end(way[-1])
        if end is None or not end.is_good or len(way) - 1 > MOST_ROUNDS:
            line = next(talk.lines_in(state)).line
            yield (
                "talk-long",
                line,
                {"state": state, "way": ARROW.join(way), "rounds": MOST_ROUNDS},
            )


def _right_way(talk: Talk, state: str) -> list[str]:
    """Walk as one who does right, to the end; the map has neither gap nor circle."""
    way = [state]
    while talk.end(way[-1]) is None:
        line = line_for(talk, way[-1], Move.RIGHT)
        if line is None:
            break
        way.append(line.next)
    return way
