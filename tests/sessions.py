"""Desks at which something was done before, shared by the tests of practice."""

from collections.abc import Mapping
from typing import Any

from kit.content.cases import PracticeCase
from kit.content.letters.reply_rules import ReplyRules
from kit.practice.case.casework import CaseProgress
from kit.practice.case.deeds import DeedSink
from kit.practice.desk.session import Session


def session_at(
    case: PracticeCase,
    keep: DeedSink = lambda _: None,
    rules: ReplyRules | None = None,
    **progress: Any,
) -> Session:
    """Lay a case on a desk as it was left.

    Args:
        case: The case.
        keep: What is called with each event.
        rules: How replies are checked.
        progress: Fields of ``CaseProgress``.
    """
    return Session(case, keep, rules, CaseProgress(**progress))


def give(session: Session, answers: Mapping[str, str]) -> None:
    """Answer several questions."""
    for question, value in answers.items():
        session.answer(question, value)
