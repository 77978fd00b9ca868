"""Review the work on a case against its playbook: decision, day, evidence and reply.

One function looks at all that an agent did with a case; practice shows what it finds
at once, and marks are counted from it later. It knows no weights and no screens.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache

from ...catalogue import say
from ...content.cases import LONGEST_DAYS, PracticeCase
from ...content.letters.reply_rules import HOLLOW, LETTER_READER, ReplyRules
from ...content.playbook.talk import Move
from ...rules.tables import Column
from ...rules.values import Sort
from ..letters.is_answer import DECISION
from ..letters.letter_check import (
    ADVICE,
    WRONG,
    Finding,
    ReplyContext,
    check_reply,
    claim_ids,
    claims_of,
    misaddressed,
    reply_context_of,
)
from ..letters.notes import check_note
from ..reading.addressees import addresses_buyer, is_about_buyer, tells_reader
from .evidence import Unseen, unseen_of
from .keys import Key, Verdict
from .sheets import NO_REPLY, SURE, Sheet

MOST_DAYS = 64
MOST_KEPT = 1024
"""How much a reviewer remembers of one day: what agents write has no end."""

NO_REPLY_RULE = "no-reply"
NOTHING_DUE_RULE = "nothing-due"
CONFIDENCES = ("sure", "fairly", "guessing")


@dataclass(frozen=True, slots=True)
class Review:
    """The review of one decision about a case."""

    case: PracticeCase
    """The case on the day on which it was decided."""

    verdicts: tuple[Verdict, ...]
    """Every question with its answer and its reasons."""

    unseen: tuple[Unseen, ...]
    """What had to be looked at before, and was not."""

    reply: str | None
    """What was written; empty for nothing, ``None`` where no reply is asked for."""

    findings: tuple[Finding, ...]
    """What there is to say about the reply."""

    sure: str
    """How sure the agent was: one of ``CONFIDENCES``; empty if nothing was said."""

    due: date | None
    """The last day on which deciding was in time; ``None`` where no day is due. It
    follows from the day on which the case arrived, and never moves."""

    since: date | None = None
    """The day on which the buyer wrote again; a decision on that day is in time."""

    read: tuple[str, ...] = ()
    """What was read in the reply, as its agent reads it: *we refund the buyer*."""

    claims: frozenset[str] = frozenset()
    """The ids of the claims that the reply makes, and does not deny."""

    is_note: bool = False
    """Whether it was written for the team lead, so that the buyer has heard nothing."""

    @property
    def is_late(self) -> bool:
        """Whether it was decided after its last day.

        The day of a new message of the buyer is never too late.
        """
        if self.due is None or self.case.on <= self.due:
            return False
        return self.since is None or self.case.on > self.since

    @property
    def all_right(self) -> bool:
        """Whether every answer is right, whatever the day."""
        return all(each.is_right for each in self.verdicts)

    @property
    def is_right(self) -> bool:
        """Whether every answer is what the page says, and in time."""
        return not self.is_late and self.all_right

    @property
    def is_misaddressed(self) -> bool:
        """Whether a note to the lead stands where the buyer is to be answered."""
        return any(each.looks_at == LETTER_READER for each in self.findings)

    @property
    def reply_is_right(self) -> bool:
        """Whether nothing in the reply is wrong."""
        return all(each.severity != WRONG for each in self.findings)

    @property
    def move(self) -> Move:
        """What the buyer feels of it."""
        if not all(each.is_right for each in verdicts_felt(self.verdicts)):
            return Move.WRONG
        if self.is_late:
            return Move.LATE
        if not self.reply_is_right:
            return Move.POOR_REPLY
        return Move.HAND_OVER if self.is_handed_over else Move.RIGHT

    @property
    def is_handed_over(self) -> bool:
        """Whether it was rightly left to somebody who may act."""
        return _handed_over(self.verdicts)

    @property
    def action(self) -> str:
        """The id of the action that was taken; empty if none was asked for."""
        taken = (each for each in self.verdicts if each.is_action)
        return next((each.given for each in taken), "")


class Reviewer:
    """Holds what agents did with one case against its page.

    What does not depend on the agent is worked out once, and so is what was found in
    the words of a reply that many send unchanged.
    """

    def __init__(self, case: PracticeCase, rules: ReplyRules | None) -> None:
        """Take a case.

        Args:
            case: The case as it arrived.
            rules: How replies are checked; ``None`` where the folder has no such rules.
        """
        self._case, self._rules = case, rules
        self._due = due_of(case)
        self._on = lru_cache(maxsize=MOST_DAYS)(self._day)

    def review(self, sheet: Sheet, *, since: date | None = None) -> Review:
        """Review the work of an agent.

        Args:
            sheet: What was done.
            since: The day on which the buyer wrote again. A decision on that day is in
                time, also after the first last day.
        """
        return self._on(day_of(self._case, sheet)).review(sheet, since)

    def _day(self, day: date) -> "_Day":
        return _Day(self._case.on_day(day) or self._case, self._rules, self._due)


class _Day:
    """A case on the day on which it was decided."""

    def __init__(
        self, case: PracticeCase, rules: ReplyRules | None, due: date | None
    ) -> None:
        self.case, self.rules, self.due = case, rules, due
        self.asks_reply = rules is not None and asks_reply(case)
        self.key = Key(case, due=due)
        self.wants_message = bool(right_messages(case))
        self.unseen = lru_cache(maxsize=MOST_KEPT)(self._unseen)
        self.findings = lru_cache(maxsize=MOST_KEPT)(self._findings)
        self.read = lru_cache(maxsize=MOST_KEPT)(self._read)
        self.claims = lru_cache(maxsize=MOST_KEPT)(self._claims)
        self.is_to_buyer = lru_cache(maxsize=MOST_KEPT)(self._is_to_buyer)
        self.is_about_buyer = lru_cache(maxsize=MOST_KEPT)(self._is_about_buyer)

    @cached_property
    def context(self) -> ReplyContext:
        """What a reply has to agree with."""
        return reply_context_of(self.case)

    def review(self, sheet: Sheet, since: date | None) -> Review:
        verdicts, text = self.key.verdicts(sheet.answers), sheet.reply
        is_note = self.is_note(text, verdicts)
        return Review(
            self.case,
            verdicts,
            self.unseen(frozenset(sheet.looked), frozenset(sheet.asked)),
            ("" if text == NO_REPLY else text) if self.asks_reply else None,
            self.findings(text, is_note),
            sheet.answers.get(SURE, ""),
            self.due,
            since,
            () if is_note else self.read(text),
            frozenset() if is_note else self.claims(text),
            is_note,
        )

    def is_note(self, text: str, verdicts: tuple[Verdict, ...]) -> bool:
        """Whether a text is a note to the lead, and no letter to the buyer.

        Who hands a case over may also send the message that the page has for the buyer,
        unless that message tells of what only the lead may do. Where the page itself
        calls the lead, a text about the buyer is a note. Who hands a case over without
        need writes a note all the same. Rules of an earlier version tell no text from
        another; by them every text of who hands over rightly is a note.
        """
        if self.rules is None or not tells_reader(self.rules):
            return _handed_over(verdicts)
        hand_overs = self.case.playbook.reference.hand_over.values()
        if not any(
            each.hands_over or (each.is_action and each.given in hand_overs)
            for each in verdicts
        ):
            return False
        if not any(each.is_action and each.right in hand_overs for each in verdicts):
            return not self.is_to_buyer(text)
        if not _handed_over(verdicts):
            return self.is_about_buyer(text)
        is_leads = self.context.action not in hand_overs
        return is_leads or not (self.is_to_buyer(text) and self.wants_message)

    def _is_to_buyer(self, text: str) -> bool:
        return self.rules is not None and addresses_buyer(text, self.rules)

    def _is_about_buyer(self, text: str) -> bool:
        return self.rules is not None and is_about_buyer(text, self.rules)

    def _read(self, text: str) -> tuple[str, ...]:
        if self.rules is None or not self.asks_reply or text in {"", NO_REPLY}:
            return ()
        return claims_of(text, self.context, self.rules)

    def _claims(self, text: str) -> frozenset[str]:
        if self.rules is None or not self.asks_reply or text in {"", NO_REPLY}:
            return frozenset()
        return claim_ids(text, self.context, self.rules)

    def _unseen(
        self, looked: frozenset[str], asked: frozenset[str]
    ) -> tuple[Unseen, ...]:
        return unseen_of(self.case, looked=looked, asked=asked)

    def _findings(self, text: str, is_note: bool) -> tuple[Finding, ...]:
        if self.rules is None or not self.asks_reply:
            return ()
        wanted = is_note or self.wants_message
        if text in {"", NO_REPLY}:
            return (_no_reply(text),) if wanted or not text else ()
        if is_note:
            reference = self.case.playbook.reference
            return check_note(text, self.context, self.rules, reference)
        found = misaddressed(text, self.context, self.rules)
        found = found or check_reply(text, self.context, self.rules)
        return found if self.wants_message else _where_none_is_due(found)


def review_of(
    case: PracticeCase,
    sheet: Sheet,
    rules: ReplyRules | None,
    *,
    since: date | None = None,
) -> Review:
    """Hold what one agent did with a case against its page; see ``Reviewer``."""
    return Reviewer(case, rules).review(sheet, since=since)


def verdicts_felt(verdicts: tuple[Verdict, ...]) -> tuple[Verdict, ...]:
    """The verdicts that a buyer feels: what was done, or all if nothing is asked."""
    return tuple(each for each in verdicts if each.is_action) or verdicts


def day_of(case: PracticeCase, sheet: Sheet) -> date:
    """The day on which a case was decided: not before it arrived, nor years later."""
    return _day_in(case, sheet.day)


def sent_day(case: PracticeCase, sheet: Sheet) -> date:
    """The day on which a decision was sent: that of the decision, or a later one."""
    return _day_in(case, sheet.sent or sheet.day)


def _day_in(case: PracticeCase, day: date | None) -> date:
    days = ((day or case.on) - case.on).days
    try:
        return case.on + timedelta(days=min(max(days, 0), LONGEST_DAYS))
    except OverflowError:
        return case.on


def due_of(case: PracticeCase) -> date | None:
    """Return the last day on which a decision is in time."""
    days = (
        decision.answers[column.key]
        for decision in case.decide()
        for column in decision.table.answers
        if case.playbook.reference.answers[column.key].is_due
    )
    return min((day for day in days if isinstance(day, date)), default=None)


def asks_reply(case: PracticeCase) -> bool:
    """Tell whether the playbook has messages for this case."""
    return any(_is_message(column) for column in _answers(case))


def right_messages(case: PracticeCase) -> tuple[str, ...]:
    """Return the ids of the messages that the deciding rows name."""
    return tuple(
        str(value)
        for decision in case.decide()
        for column in decision.table.answers
        if _is_message(column)
        and (value := decision.answers[column.key]) not in {None, NO_REPLY}
    )


def _handed_over(verdicts: tuple[Verdict, ...]) -> bool:
    return any(each.hands_over and each.is_right for each in verdicts)


def _no_reply(text: str) -> Finding:
    reason = say("practice.sends-nothing" if text else "practice.no-reply")
    return Finding(NO_REPLY_RULE, WRONG, 0, 0, "", reason, ())


def _where_none_is_due(found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """What is said of a text where nothing has to be written: no more words are wanted.

    What is wrong in it stays wrong, except that it says too little.
    """
    kept = [
        each
        for each in found
        if each.severity == WRONG and each.looks_at not in {HOLLOW, DECISION}
    ]
    reason = say("practice.nothing-due")
    return (*kept, Finding(NOTHING_DUE_RULE, ADVICE, 0, 0, "", reason, ()))


def _answers(case: PracticeCase) -> tuple[Column, ...]:
    return tuple(column for table in case.tables() for column in table.answers)


def _is_message(column: Column) -> bool:
    return column.kind.sort is Sort.MESSAGE
