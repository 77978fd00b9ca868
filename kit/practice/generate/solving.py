"""Search: choose rows of all tables that lead to a target, and restrict the facts.

Rows are chosen by backtracking from the last table to the first, so that each answers
what later tables ask. Then a word is chosen for every fact that has words; days and
amounts follow in ``filling``. Each choice of rows is tried at most once.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ...content.stories.scene_facts import tables_of
from ...content.stories.story_model import Scene, Stories
from .int_sets import ANYWHERE, IntRanges, complement, intersection
from .problem_builder import problems_at
from .problems import DomainImplication, Domains, Problem, ProblemRow, ProblemTable
from .seeded_random import SeededRandom
from .targets import Target

MOST_ROWS = 20_000
"""The number of row choices after which a search gives up."""

_USUALLY = 85
_HALF = 50

DeadEnds = dict[object, tuple[int, int]]
"""The failed states of a search for a target: for each, how many row choices it took to
find that out, and how many random numbers.

A search that reaches such a state again skips it and as many random numbers, so that
the same seed still gives the same case.
"""


@lru_cache(maxsize=16384)
def problems_of(stories: Stories, target: Target) -> tuple[Problem, ...]:
    """Find the problems that have a solution for a target; nothing in it is random.

    Returns:
        The problems; empty if the tables or the stories rule the target out.
    """
    return tuple(
        problem
        for scene in stories.scenes
        if _is_met(stories, scene, target)
        for problem in problems_at(stories, scene, target.marketplace)
        if next(
            combinations(problem, target, _restricted_start(problem, target), {}), None
        )
    )


def _is_met(stories: Stories, scene: Scene, target: Target) -> bool:
    """Tell whether a scene decides the table of a target at all."""
    if scene.decisions:
        return target.table in scene.decisions_at(target.marketplace)
    tables = tables_of(stories, scene, target.marketplace)
    return any(table.name == target.table for table in tables)


def choose(problem: Problem, target: Target, rng: SeededRandom) -> Domains | None:
    """Choose the rows of all tables and a word for each fact that has words.

    Facts get their usual values where the target allows it. A target that is a mistake
    lies at a border of its row if possible, even if a fact is then less usual.

    Returns:
        The domains that are left; ``None`` if no choice was found.
    """
    start = _start_domains(problem, target)
    dead_ends: DeadEnds = {}
    chosen = None
    for keep in (100, _HALF, 0):
        soft = _with_usual_values(problem, start, rng, keep)
        domains = next(combinations(problem, target, soft, dead_ends, rng), None)
        if domains is None:
            continue
        chosen = chosen or domains
        if target.sort != "mistake" or _is_at_a_border(problem, target, domains):
            chosen = domains
            break
    return None if chosen is None else _assign_words(problem, chosen, rng)


def _is_at_a_border(problem: Problem, target: Target, domains: Domains) -> bool:
    """Tell whether some number is at an end of what the target's row asks, if any."""
    table = next(each for each in problem.tables if each.name == target.table)
    row = next(row for row in table.rows if row.number == target.row)
    ends = _interval_ends(problem, row)
    return not ends or any(
        domains.counts.get(key) == ((end, end),) for key, end in ends
    )


def _interval_ends(problem: Problem, row: ProblemRow) -> list[tuple[str, int]]:
    """List the ends of the intervals of a row's conditions, with the fact's key."""
    return [
        (key, end)
        for key, ranges in row.asks.counts.items()
        for interval in ranges
        for end in interval
        if not any(end in each for each in problem.start.counts[key])
    ]


def combinations(
    problem: Problem,
    target: Target,
    start: Domains | None,
    dead_ends: DeadEnds,
    rng: SeededRandom | None = None,
) -> Iterator[Domains]:
    """Yield the domains for each choice of rows that leads to the target.

    Args:
        problem: The problem.
        target: The target.
        start: The domains to start from; ``None`` for no solution.
        dead_ends: The failed states of earlier searches for it; this one adds to them.
        rng: Shuffles the choices; ``None`` to try them in their order.
    """
    if start is not None:
        search = _Search(problem, target, dead_ends, rng)
        yield from search.solutions(len(problem.tables) - 1, start)


def _start_domains(problem: Problem, target: Target) -> Domains | None:
    """Return the domains in the edition of a target."""
    since, until = problem.since, problem.until
    if target.since is not None:
        since = max(since, target.since.toordinal())
    if target.until is not None:
        until = min(until, target.until.toordinal())
    days = ((since, until),) if since <= until else ()
    return restricted(problem.start, {}, {problem.edition_by: days})


def _restricted_start(problem: Problem, target: Target) -> Domains | None:
    """Return the start domains, restricted by the target's row for a faster search.

    Random searches do not start here: the same seed must always give the same case.
    """
    domains = _start_domains(problem, target)
    table = next((each for each in problem.tables if each.name == target.table), None)
    if domains is None or table is None:
        return domains
    if table.gate is not None:
        domains = restricted(domains, table.gate.words, table.gate.counts)
    if domains is None or target.side == "out":
        return domains
    asks = next(row.asks for row in table.rows if row.number == target.row)
    return restricted(domains, asks.words, asks.counts)


def restricted(
    domains: Domains, words: Mapping[str, int], counts: Mapping[str, IntRanges]
) -> Domains | None:
    """Intersect domains with others; ``None`` if a fact has no value left."""
    known, left = domains.words, {}
    for key, some in words.items():
        left[key] = known.get(key, some) & some
        if not left[key]:
            return None
    ranges = domains.counts
    if counts:
        new = {
            key: intersection(ranges.get(key, ANYWHERE), some)
            for key, some in counts.items()
        }
        if not all(new.values()):
            return None
        ranges = {**ranges, **new}
    return Domains({**known, **left} if left else known, ranges)


@dataclass(slots=True)
class _Search:
    """One backtracking search through the rows of all tables."""

    problem: Problem
    target: Target
    dead_ends: DeadEnds
    rng: SeededRandom | None
    visited: int = 0

    def solutions(self, number: int, domains: Domains) -> Iterator[Domains]:
        if number < 0:
            found = propagated(domains, self.problem.implications)
            if found is not None:
                yield found
            return
        words, counts = _relevant_keys(self.problem, number)
        place = (
            number,
            tuple(map(domains.words.get, words)),
            tuple(map(domains.counts.get, counts)),
        )
        known = self.dead_ends.get(place)
        if known and not self.rng:
            return
        if known and self.rng and self.visited + known[0] <= MOST_ROWS:
            self.visited += known[0]
            self.rng.discard(known[1])
            return
        visited, draws = self.visited, self._draws
        is_dead = True
        for found in self._solutions(number, domains):
            is_dead = False
            yield found
        if is_dead and self.visited <= MOST_ROWS:
            self.dead_ends[place] = self.visited - visited, self._draws - draws

    def _solutions(self, number: int, domains: Domains) -> Iterator[Domains]:
        table = self.problem.tables[number]
        for each in self._applied_or_not(table, domains):
            self.visited += 1
            if self.visited > MOST_ROWS:
                return
            yield from self.solutions(number - 1, each)

    @property
    def _draws(self) -> int:
        return self.rng.shuffle_draws if self.rng else 0

    def _order(self, options: Sequence[int]) -> Sequence[int]:
        return self.rng.shuffled(options) if self.rng else options

    def _applied_or_not(
        self, table: ProblemTable, domains: Domains
    ) -> Iterator[Domains]:
        """Let a table apply; or else not, if no later table needs its answers."""
        gate = table.gate
        speaking = restricted(domains, gate.words, gate.counts) if gate else domains
        if speaking is not None:
            yield from self._options(table, speaking)
        if table.name == self.target.table or not _is_not_needed(table, domains):
            return
        for each in table.inapplicable_domains:
            silent = restricted(domains, each.words, each.counts)
            if silent is not None:
                yield silent

    def _options(self, table: ProblemTable, domains: Domains) -> Iterator[Domains]:
        if table.name != self.target.table:
            yield from self._rows(table, domains, table.usable)
            return
        place = next(
            n for n, row in enumerate(table.rows) if row.number == self.target.row
        )
        is_out = self.target.side == "out"
        # A row that begins on a day has that day's eve in an earlier edition.
        if place not in table.usable and not (is_out and self.target.since is None):
            return
        if is_out:
            yield from self._just_outside(table, domains, place)
            return
        if self.target.number is not None:
            exactly = {
                self.target.question: ((self.target.number, self.target.number),)
            }
            narrow = restricted(domains, {}, exactly)
            if narrow is None:
                return
            domains = narrow
        if self.target.sort == "mistake":
            yield from self._at_a_border(table, domains, place)
            return
        yield from self._rows(table, domains, (place,))

    def _just_outside(
        self, table: ProblemTable, domains: Domains, place: int
    ) -> Iterator[Domains]:
        """Satisfy a row except for one fact, which lies just beyond its border.

        The answers of tables that do not apply there cannot be asked for any more.
        """
        asks, key = table.rows[place].asks, self.target.question
        words, counts = dict(asks.words), dict(asks.counts)
        if self.target.number is not None:
            counts[key] = ((self.target.number, self.target.number),)
        else:
            words[key] = ~words[key] & 3
        for other in self.problem.tables:
            if _is_inapplicable(other, key, words, counts):
                words = {
                    each: words[each]
                    for each in words
                    if each not in other.sole_answers
                }
        beyond = restricted(domains, words, counts)
        if beyond is None:
            return
        if not table.is_single:
            yield beyond
            return
        others = [each for each in table.usable if each != place]
        yield from self._rows(table, beyond, others)

    def _at_a_border(
        self, table: ProblemTable, domains: Domains, place: int
    ) -> Iterator[Domains]:
        """Satisfy a row with a number at its border, where possible."""
        ends = _interval_ends(self.problem, table.rows[place])
        for number in self._order(range(len(ends))):
            key, end = ends[number]
            narrow = restricted(domains, {}, {key: ((end, end),)})
            if narrow is not None:
                yield from self._rows(table, narrow, (place,))
        yield from self._rows(table, domains, (place,))

    def _rows(
        self, table: ProblemTable, domains: Domains, places: Sequence[int]
    ) -> Iterator[Domains]:
        """Choose each of some rows in turn."""
        for place in self._order(places):
            row = table.rows[place]
            found = restricted(domains, row.needs.words, row.needs.counts)
            if found is not None:
                earlier = [table.rows[each].asks for each in row.earlier_rows]
                yield from _excluding(found, earlier)


@lru_cache(maxsize=4096)
def _relevant_keys(
    problem: Problem, number: int
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the keys that a search from a table on depends on: words, and numbers."""
    words = {key for each in problem.implications for key in (each.fact, each.other)}
    counts = {each.other for each in problem.implications if each.counts is not None}
    for table in problem.tables[: number + 1]:
        words |= table.sole_answers.keys()
        solutions = [*table.inapplicable_domains, *([table.gate] if table.gate else [])]
        solutions += (
            domains for row in table.rows for domains in (row.asks, row.needs)
        )
        for domains in solutions:
            words |= domains.words.keys()
            counts |= domains.counts.keys()
    return tuple(sorted(words)), tuple(sorted(counts))


def _is_inapplicable(
    table: ProblemTable,
    key: str,
    words: Mapping[str, int],
    counts: Mapping[str, IntRanges],
) -> bool:
    """Tell whether the value of one fact makes a table inapplicable."""
    gate = table.gate
    if gate is None:
        return False
    if key in gate.words and key in words:
        return not gate.words[key] & words[key]
    if key in gate.counts and key in counts:
        return not intersection(gate.counts[key], counts[key])
    return False


def _is_not_needed(table: ProblemTable, domains: Domains) -> bool:
    """Tell whether no later table asks for an answer that only this table gives."""
    return all(
        domains.words.get(key, some) == some for key, some in table.sole_answers.items()
    )


def _excluding(domains: Domains, earlier: Sequence[Domains]) -> Iterator[Domains]:
    """Yield the domains in which each of the earlier rows fails on one of its facts."""
    if not earlier:
        yield domains
        return
    asks, *others = earlier
    if restricted(domains, asks.words, asks.counts) is None:
        yield from _excluding(domains, others)
        return
    for key, some in asks.words.items():
        if domains.words[key] & ~some:
            words = {**domains.words, key: domains.words[key] & ~some}
            yield from _excluding(Domains(words, domains.counts), others)
    for key, ranges in asks.counts.items():
        left = intersection(domains.counts[key], complement(ranges))
        if left:
            yield from _excluding(
                Domains(domains.words, {**domains.counts, key: left}), others
            )


def propagated(
    domains: Domains, implications: Sequence[DomainImplication]
) -> Domains | None:
    """Apply all implications until nothing changes; ``None`` if they contradict."""
    words, counts = dict(domains.words), dict(domains.counts)
    is_moving = True
    while is_moving:
        is_moving = False
        for implication in implications:
            before = words.get(implication.fact, 0), words.get(implication.other, 0)
            if not _apply_implication(implication, words, counts):
                return None
            after = words.get(implication.fact, 0), words.get(implication.other, 0)
            is_moving |= before != after
    return Domains(words, counts)


def _apply_implication(
    implication: DomainImplication, words: dict[str, int], counts: dict[str, IntRanges]
) -> bool:
    """Apply one implication; tell whether both facts have values left."""
    lead = words.get(implication.fact)
    if lead is None:
        return True
    leads = not lead & ~implication.inside
    if implication.counts is not None:
        left = intersection(counts[implication.other], implication.counts)
        if leads:
            counts[implication.other] = left
            return bool(left)
        return bool(left) or _exclude_premise(implication, words)
    if not implication.words or implication.other not in words:
        return True
    other = words[implication.other] & implication.words
    if leads:
        words[implication.other] = other
        return bool(other)
    return bool(other) or _exclude_premise(implication, words)


def _exclude_premise(implication: DomainImplication, words: dict[str, int]) -> bool:
    """Exclude the premise, because the consequence is impossible."""
    words[implication.fact] &= ~implication.inside
    return bool(words[implication.fact])


def _with_usual_values(
    problem: Problem, start: Domains | None, rng: SeededRandom, keep: int
) -> Domains | None:
    """Restrict facts to their usual values, each with some probability."""
    if start is None or not keep:
        return start
    words, counts = {}, {}
    for key, some in problem.usual:
        if not rng.chance(_USUALLY * keep // 100):
            continue
        if isinstance(some, int):
            words[key] = some
        else:
            counts[key] = some
    return restricted(start, words, counts) or start


def _assign_words(
    problem: Problem, domains: Domains, rng: SeededRandom
) -> Domains | None:
    """Choose a word for each fact that has words, and where amounts depend on one."""
    usual = dict(problem.usual)
    asked = {key for rule in problem.distance_rules for key in rule.when}
    leaned_on = [key for key, _ in problem.derived if key in asked]
    for key in (*problem.facts, *leaned_on):
        some = domains.words.get(key, 0)
        if not some & (some - 1):
            continue
        often = usual.get(key, 0)
        if isinstance(often, int) and some & often and rng.chance(_USUALLY):
            some &= often
        choices = [1 << n for n in range(some.bit_length()) if some >> n & 1]
        word = rng.choice(choices)
        found = propagated(
            Domains({**domains.words, key: word}, domains.counts), problem.implications
        )
        if found is None:
            return None
        domains = found
    return domains
