"""Solving: which rows of all the tables lead to an aim, and what the facts are then.

First the rows are chosen, from the last table back to the first, so that each answers
what the later ones ask; then every fact that is a word; then days and amounts. A search
that has no end is no search: it tries each choice of rows at most once.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ...content.stories.scene_facts import tables_of
from ...content.stories.story_model import Scene, Stories
from .int_sets import ANYWHERE, Stretches, both, outside
from .problem import grounds_at
from .problems import Box, Follow, Ground, GroundRow, GroundTable
from .seeded_random import Dice
from .targets import Aim

MOST_ROWS = 20_000
"""How many choices of rows one search may look at."""

_USUALLY = 85
_HALF = 50

Dead = dict[object, tuple[int, int]]
"""What led nowhere in a search for an aim on a ground, and what that took: how many
choices of rows were looked at, and how many numbers of the dice went into their order.

Cases that differ in nothing which the tables before still ask about are one. Who comes
there again spares the way and throws the dice as often, so that the same seed still
gives the same case.
"""


@lru_cache(maxsize=16384)
def grounds_of(stories: Stories, aim: Aim) -> tuple[Ground, ...]:
    """Find every ground on which the tables can lead to an aim; chance has no part.

    None means that no case can ever be about it: the tables, or what goes together in
    the stories, rule it out.
    """
    return tuple(
        ground
        for scene in stories.scenes
        if _is_met(stories, scene, aim)
        for ground in grounds_at(stories, scene, aim.marketplace)
        if next(combinations(ground, aim, _near(ground, aim), {}), None)
    )


def _is_met(stories: Stories, scene: Scene, aim: Aim) -> bool:
    """Whether cases of a scene can meet the table of an aim at all."""
    if scene.decisions:
        return aim.table in scene.decisions_at(aim.marketplace)
    tables = tables_of(stories, scene, aim.marketplace)
    return any(table.name == aim.table for table in tables)


def choose(ground: Ground, aim: Aim, dice: Dice) -> Box | None:
    """Choose the rows of all tables and what each word is; ``None`` if it goes wrong.

    Facts are what they usually are as far as the aim lets them. A mistake is at a
    border of its row if that can be at all, even where a fact is then less usual.
    """
    start = _start(ground, aim)
    dead: Dead = {}
    chosen = None
    for keep in (100, _HALF, 0):
        soft = _softened(ground, start, dice, keep)
        box = next(combinations(ground, aim, soft, dead, dice), None)
        if box is None:
            continue
        chosen = chosen or box
        if aim.sort != "mistake" or _is_at_a_border(ground, aim, box):
            chosen = box
            break
    return None if chosen is None else _decided(ground, chosen, dice)


def _is_at_a_border(ground: Ground, aim: Aim, box: Box) -> bool:
    """Whether a number is at the end of what the row of an aim asks, if it asks any."""
    table = next(each for each in ground.tables if each.name == aim.table)
    row = next(row for row in table.rows if row.number == aim.row)
    ends = _ends(ground, row)
    return not ends or any(box.counts.get(key) == ((end, end),) for key, end in ends)


def _ends(ground: Ground, row: GroundRow) -> list[tuple[str, int]]:
    """The numbers at which a row begins or ends to fit, with the key of their fact."""
    return [
        (key, end)
        for key, lie in row.asks.counts.items()
        for stretch in lie
        for end in stretch
        if not any(end in each for each in ground.start.counts[key])
    ]


def combinations(
    ground: Ground, aim: Aim, start: Box | None, dead: Dead, dice: Dice | None = None
) -> Iterator[Box]:
    """Find what facts can be, for each choice of rows that leads to the aim.

    Args:
        ground: Where it is looked for.
        aim: The aim.
        start: What facts can be at the beginning; ``None`` for nothing at all.
        dead: What led nowhere in earlier searches for it here; this one adds to it.
        dice: What puts the choices into an order; ``None`` as they stand.
    """
    if start is not None:
        search = _Search(ground, aim, dead, dice)
        yield from search.boxes(len(ground.tables) - 1, start)


def _start(ground: Ground, aim: Aim) -> Box | None:
    """What facts can be in the edition of an aim."""
    since, until = ground.since, ground.until
    if aim.since is not None:
        since = max(since, aim.since.toordinal())
    if aim.until is not None:
        until = min(until, aim.until.toordinal())
    days = ((since, until),) if since <= until else ()
    return narrowed(ground.start, {}, {ground.edition_by: days})


def _near(ground: Ground, aim: Aim) -> Box | None:
    """The same, and as the table of the aim needs it: a search that ends sooner.

    Whoever draws does not begin here, so that chance takes the way it has always taken.
    """
    box = _start(ground, aim)
    table = next((each for each in ground.tables if each.name == aim.table), None)
    if box is None or table is None:
        return box
    if table.gate is not None:
        box = narrowed(box, table.gate.words, table.gate.counts)
    if box is None or aim.side == "out":
        return box
    asks = next(row.asks for row in table.rows if row.number == aim.row)
    return narrowed(box, asks.words, asks.counts)


def narrowed(
    box: Box, words: Mapping[str, int], counts: Mapping[str, Stretches]
) -> Box | None:
    """Leave facts only what also fits these; ``None`` if nothing is left."""
    known, left = box.words, {}
    for key, some in words.items():
        left[key] = known.get(key, some) & some
        if not left[key]:
            return None
    lie = box.counts
    if counts:
        new = {key: both(lie.get(key, ANYWHERE), some) for key, some in counts.items()}
        if not all(new.values()):
            return None
        lie = {**lie, **new}
    return Box({**known, **left} if left else known, lie)


@dataclass(slots=True)
class _Search:
    """One walk through the rows of all tables, from the last to the first."""

    ground: Ground
    aim: Aim
    dead: Dead
    dice: Dice | None
    looked: int = 0

    def boxes(self, number: int, box: Box) -> Iterator[Box]:
        if number < 0:
            found = propagated(box, self.ground.follows)
            if found is not None:
                yield found
            return
        words, counts = _read_before(self.ground, number)
        place = (
            number,
            tuple(map(box.words.get, words)),
            tuple(map(box.counts.get, counts)),
        )
        known = self.dead.get(place)
        if known and not self.dice:
            return
        if known and self.dice and self.looked + known[0] <= MOST_ROWS:
            self.looked += known[0]
            self.dice.skip(known[1])
            return
        looked, thrown = self.looked, self._thrown
        is_dead = True
        for found in self._boxes(number, box):
            is_dead = False
            yield found
        if is_dead and self.looked <= MOST_ROWS:
            self.dead[place] = self.looked - looked, self._thrown - thrown

    def _boxes(self, number: int, box: Box) -> Iterator[Box]:
        table = self.ground.tables[number]
        for each in self._spoken_or_silent(table, box):
            self.looked += 1
            if self.looked > MOST_ROWS:
                return
            yield from self.boxes(number - 1, each)

    @property
    def _thrown(self) -> int:
        return self.dice.shuffled_so_far if self.dice else 0

    def _order(self, options: Sequence[int]) -> Sequence[int]:
        return self.dice.shuffled(options) if self.dice else options

    def _spoken_or_silent(self, table: GroundTable, box: Box) -> Iterator[Box]:
        """Let a table speak, or else keep it silent if nobody needs its answer."""
        gate = table.gate
        speaking = narrowed(box, gate.words, gate.counts) if gate else box
        if speaking is not None:
            yield from self._options(table, speaking)
        if table.name == self.aim.table or not _is_free(table, box):
            return
        for each in table.silences:
            silent = narrowed(box, each.words, each.counts)
            if silent is not None:
                yield silent

    def _options(self, table: GroundTable, box: Box) -> Iterator[Box]:
        if table.name != self.aim.table:
            yield from self._rows(table, box, table.usable)
            return
        place = next(
            n for n, row in enumerate(table.rows) if row.number == self.aim.row
        )
        is_out = self.aim.side == "out"
        # A row that begins on a day has that day's eve in an earlier edition.
        if place not in table.usable and not (is_out and self.aim.since is None):
            return
        if is_out:
            yield from self._just_outside(table, box, place)
            return
        if self.aim.number is not None:
            exactly = {self.aim.question: ((self.aim.number, self.aim.number),)}
            narrow = narrowed(box, {}, exactly)
            if narrow is None:
                return
            box = narrow
        if self.aim.sort == "mistake":
            yield from self._at_a_border(table, box, place)
            return
        yield from self._rows(table, box, (place,))

    def _just_outside(self, table: GroundTable, box: Box, place: int) -> Iterator[Box]:
        """All that a row asks, but one fact is just beyond its border.

        What a table answers that is silent there cannot be asked any more.
        """
        asks, key = table.rows[place].asks, self.aim.question
        words, counts = dict(asks.words), dict(asks.counts)
        if self.aim.number is not None:
            counts[key] = ((self.aim.number, self.aim.number),)
        else:
            words[key] = ~words[key] & 3
        for other in self.ground.tables:
            if _is_silent(other, key, words, counts):
                words = {each: words[each] for each in words if each not in other.lends}
        beyond = narrowed(box, words, counts)
        if beyond is None:
            return
        if not table.is_single:
            yield beyond
            return
        others = [each for each in table.usable if each != place]
        yield from self._rows(table, beyond, others)

    def _at_a_border(self, table: GroundTable, box: Box, place: int) -> Iterator[Box]:
        """A row decides, and only just: a day more or less, and another one would."""
        ends = _ends(self.ground, table.rows[place])
        for number in self._order(range(len(ends))):
            key, end = ends[number]
            narrow = narrowed(box, {}, {key: ((end, end),)})
            if narrow is not None:
                yield from self._rows(table, narrow, (place,))
        yield from self._rows(table, box, (place,))

    def _rows(
        self, table: GroundTable, box: Box, places: Sequence[int]
    ) -> Iterator[Box]:
        """Choose each of some rows in turn."""
        for place in self._order(places):
            row = table.rows[place]
            found = narrowed(box, row.needs.words, row.needs.counts)
            if found is not None:
                earlier = [table.rows[each].asks for each in row.behind]
                yield from _without(found, earlier)


@lru_cache(maxsize=4096)
def _read_before(
    ground: Ground, number: int
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The keys of what a search still looks at from a table on: words, and counts."""
    words = {key for each in ground.follows for key in (each.fact, each.other)}
    counts = {each.other for each in ground.follows if each.counts is not None}
    for table in ground.tables[: number + 1]:
        words |= table.lends.keys()
        boxes = [*table.silences, *([table.gate] if table.gate else [])]
        boxes += (box for row in table.rows for box in (row.asks, row.needs))
        for box in boxes:
            words |= box.words.keys()
            counts |= box.counts.keys()
    return tuple(sorted(words)), tuple(sorted(counts))


def _is_silent(
    table: GroundTable,
    key: str,
    words: Mapping[str, int],
    counts: Mapping[str, Stretches],
) -> bool:
    """Whether what one fact is keeps a table from speaking."""
    gate = table.gate
    if gate is None:
        return False
    if key in gate.words and key in words:
        return not gate.words[key] & words[key]
    if key in gate.counts and key in counts:
        return not both(gate.counts[key], counts[key])
    return False


def _is_free(table: GroundTable, box: Box) -> bool:
    """Whether no later table asks for an answer that this table alone gives."""
    return all(box.words.get(key, some) == some for key, some in table.lends.items())


def _without(box: Box, earlier: Sequence[Box]) -> Iterator[Box]:
    """Keep out of every earlier row: one of its facts must not fit."""
    if not earlier:
        yield box
        return
    asks, *others = earlier
    if narrowed(box, asks.words, asks.counts) is None:
        yield from _without(box, others)
        return
    for key, some in asks.words.items():
        if box.words[key] & ~some:
            words = {**box.words, key: box.words[key] & ~some}
            yield from _without(Box(words, box.counts), others)
    for key, lie in asks.counts.items():
        left = both(box.counts[key], outside(lie))
        if left:
            yield from _without(Box(box.words, {**box.counts, key: left}), others)


def propagated(box: Box, follows: Sequence[Follow]) -> Box | None:
    """Let what goes together act until nothing moves; ``None`` if it cannot be."""
    words, counts = dict(box.words), dict(box.counts)
    is_moving = True
    while is_moving:
        is_moving = False
        for follow in follows:
            before = words.get(follow.fact, 0), words.get(follow.other, 0)
            if not _follows(follow, words, counts):
                return None
            after = words.get(follow.fact, 0), words.get(follow.other, 0)
            is_moving |= before != after
    return Box(words, counts)


def _follows(
    follow: Follow, words: dict[str, int], counts: dict[str, Stretches]
) -> bool:
    """Let one bond act; whether something is left of both facts."""
    lead = words.get(follow.fact)
    if lead is None:
        return True
    leads = not lead & ~follow.inside
    if follow.counts is not None:
        left = both(counts[follow.other], follow.counts)
        if leads:
            counts[follow.other] = left
            return bool(left)
        return bool(left) or _leave(follow, words)
    if not follow.words or follow.other not in words:
        return True
    other = words[follow.other] & follow.words
    if leads:
        words[follow.other] = other
        return bool(other)
    return bool(other) or _leave(follow, words)


def _leave(follow: Follow, words: dict[str, int]) -> bool:
    """The other cannot follow, so the first does not lead."""
    words[follow.fact] &= ~follow.inside
    return bool(words[follow.fact])


def _softened(ground: Ground, start: Box | None, dice: Dice, keep: int) -> Box | None:
    """Let facts be what they usually are; each is let go at times."""
    if start is None or not keep:
        return start
    words, counts = {}, {}
    for key, some in ground.usual:
        if not dice.comes_up(_USUALLY * keep // 100):
            continue
        if isinstance(some, int):
            words[key] = some
        else:
            counts[key] = some
    return narrowed(start, words, counts) or start


def _decided(ground: Ground, box: Box, dice: Dice) -> Box | None:
    """Choose one word for every fact that is a word, and where amounts lean on one."""
    usual = dict(ground.usual)
    asked = {key for tie in ground.ties for key in tie.when}
    leaned_on = [key for key, _ in ground.derived if key in asked]
    for key in (*ground.facts, *leaned_on):
        some = box.words.get(key, 0)
        if not some & (some - 1):
            continue
        often = usual.get(key, 0)
        if isinstance(often, int) and some & often and dice.comes_up(_USUALLY):
            some &= often
        choices = [1 << n for n in range(some.bit_length()) if some >> n & 1]
        word = dice.pick(choices)
        found = propagated(Box({**box.words, key: word}, box.counts), ground.follows)
        if found is None:
            return None
        box = found
    return box
