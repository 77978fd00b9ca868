"""Hints: what to look at again, said before the right answer is shown.

A hint follows from the rule that decides and never names what it decides: a panel that
is still closed, an answer that comes first, a day that was counted wrong, or the fact
that keeps the given answer out.
"""

from collections.abc import Iterator, Sequence

from ...catalogue import say
from ...content.cases import PracticeCase
from ...content.reference.question_kinds import WrongAnswer, day_in, same_answer
from ...rules.decisions import Decision
from ...rules.tables import Column, Row
from ..case.keys import Verdict
from ..case.panels import panel_title
from ..case.sheets import Sheet
from .counting import count_of, mistakes_in
from .steps import gates_of, rests_on, roots


class Hints:
    """The hints for one decision about a case."""

    def __init__(
        self, case: PracticeCase, verdicts: Sequence[Verdict], sheet: Sheet
    ) -> None:
        """Take a decision that was held against the page.

        Args:
            case: The case, on the day by which it is judged.
            verdicts: Its questions with their answers.
            sheet: All that was done with it.
        """
        self._case = case
        self._decisions = {each.table.name: each for each in case.decide()}
        self._looked, self._asked = {*sheet.looked}, {*sheet.asked}
        self._answered = {each.question.key for each in verdicts}
        self._wrong = {
            each.question.key: each.question.name
            for each in verdicts
            if not each.is_right
        }

    def of(self, verdict: Verdict) -> str:
        """Say what to look at again for a wrong answer, or that there is none."""
        if not verdict.given:
            return say("practice.hint.open")
        return next(self._hints(verdict))

    def rests_on_wrong(self, table: str) -> bool:
        """Whether the row that decides a table asks for an answer that was wrong."""
        decision = self._decisions[table]
        asked = {each.key for each in decision.table.inputs}
        keys = {*asked, *rests_on(decision), *gates_of(decision.table)}
        return not keys.isdisjoint(self._wrong)

    def _hints(self, verdict: Verdict) -> Iterator[str]:
        decision = self._decisions[verdict.explanation.table]
        column = next(
            each for each in decision.table.answers if each.key == verdict.question.key
        )
        yield from self._unopened(decision, column)
        yield from self._earlier(decision, column)
        yield from self._role(verdict)
        wrong = self._counted(decision, column, verdict)
        yield from verdict.question.kind.explain(wrong)
        for key in self._deciding(decision, column, verdict):
            if key in self._answered:
                yield say("practice.hint.follows", fact=self._name(key))
            else:
                yield self._look(key)
        yield say("practice.hint.rule", table=decision.table.name)

    def _unopened(self, decision: Decision, column: Column) -> Iterator[str]:
        """Name what was not looked up, of the facts that this row asks for."""
        facts = self._case.playbook.reference.facts
        for key in roots(rests_on(decision, column), decision.known.vocabulary):
            if key not in self._case.facts or key in self._asked:
                continue
            place = facts[key].place
            if key in self._case.asked:
                yield say("practice.hint.ask", fact=self._name(key))
            elif place and place not in self._looked:
                yield say("practice.hint.panel", panel=panel_title(place))

    def _earlier(self, decision: Decision, column: Column) -> Iterator[str]:
        """Name a wrong answer from which this one follows.

        What stands in a column of the table is named as that. What decides which table
        is asked stands in no column, so the hint says what it does.
        """
        for name, keys in (
            ("first", rests_on(decision, column)),
            ("gate", gates_of(decision.table)),
        ):
            for key in roots(keys, decision.known.vocabulary):
                if key in self._wrong and key != column.key:
                    yield say(f"practice.hint.{name}", name=self._wrong[key])

    def _role(self, verdict: Verdict) -> Iterator[str]:
        """Say that the role decides, not the row."""
        if not verdict.is_action or not self._case.role:
            return
        row = next(
            each.value
            for each in verdict.explanation.answers
            if each.key == verdict.question.key
        )
        hand_overs = self._case.playbook.reference.hand_over.values()
        is_theirs = verdict.hands_over and same_answer(verdict.given, row)
        if is_theirs or (not verdict.hands_over and verdict.given in hand_overs):
            role = say(f"practice.role.{self._case.role}")
            yield say("practice.hint.role", role=role)

    def _counted(
        self, decision: Decision, column: Column, verdict: Verdict
    ) -> WrongAnswer:
        """Say of a wrong answer how its day was counted, if it is one."""
        count, given = count_of(decision, column), day_in(verdict.given)
        answer = (verdict.given, verdict.right, self._case.on)
        if count is None or given is None:
            return WrongAnswer(*answer)
        again = "practice.hint.days.again" if count.periods else "practice.hint.look"
        return WrongAnswer(
            *answer,
            miscounted=[
                say(f"practice.hint.days.{name}") for name in mistakes_in(count, given)
            ],
            again=[say(again, fact=self._name(count.fact))],
        )

    def _deciding(
        self, decision: Decision, column: Column, verdict: Verdict
    ) -> Iterator[str]:
        """Find the facts that keep the given answer out, the nearest row first."""
        number = decision.table.answers.index(column)

        def answer(row: Row) -> str:
            return row.outcomes[number].text

        kind = verdict.question.kind
        right = {answer(row) for row in decision.rows}
        given = [
            each
            for each in decision.why_not
            if kind.is_in_row(answer(each.row), verdict.given)
        ]
        others = [each for each in decision.why_not if answer(each.row) not in right]
        for why_not in (*given, *others):
            for miss in why_not.misses:
                yield miss.column.key
        yield from rests_on(decision, column)
        yield from filter(self._is_on_desk, gates_of(decision.table))

    def _look(self, key: str) -> str:
        """Say where to look again: on a panel, or at what a fact follows from."""
        facts, name = self._case.playbook.reference.facts, self._name(key)
        if key in facts and facts[key].place:
            panel = panel_title(facts[key].place)
            return say("practice.hint.look-panel", fact=name, panel=panel)
        behind = [
            say(
                "practice.hint.in-panel",
                fact=self._name(each),
                panel=panel_title(facts[each].place),
            )
            for each in roots((key,), self._case.playbook.vocabulary())
            if each != key and each in self._case.facts and facts[each].place
        ]
        if not behind:
            return say("practice.hint.look", fact=name)
        return say("practice.hint.look-behind", fact=name, facts=" · ".join(behind))

    def _is_on_desk(self, key: str) -> bool:
        """Whether an agent sees it: as a question, or on a panel."""
        facts = self._case.playbook.reference.facts
        return key in self._answered or (key in facts and bool(facts[key].place))

    def _name(self, key: str) -> str:
        """Say a fact or an answer as an agent reads it."""
        page = self._case.playbook
        return page.reference.name_on_screen(page.vocabulary()[key].name)
