"""Roles: what somebody may do alone at a desk, and up to which amount."""

from ..content.cases import PracticeCase
from ..content.reference.desks import AuthorityLimit
from ..content.reference.reference import ROLES
from ..errors import NotCovered
from ..rules.facts import Known
from ..rules.values import Money


def may_take_action(case: PracticeCase, action: str) -> bool:
    """Whether the role of the case may take an action alone, and up to its amount."""
    actions = case.playbook.reference.actions
    if not case.role or action not in actions:
        return True
    ranks = ROLES.index(case.role) >= ROLES.index(actions[action].role)
    return ranks and not _exceeds(case, action)


def _exceeds(case: PracticeCase, action: str) -> bool:
    """Whether some amount of the case is above what the role may decide alone."""
    bounds = [
        each
        for each in case.playbook.reference.authority_limits
        if each.role == case.role and action in each.actions
    ]
    if not bounds:
        return False
    known = case.known()
    return any(_is_above(case, known, each) for each in bounds)


def _is_above(case: PracticeCase, known: Known, bound: AuthorityLimit) -> bool:
    """Whether one amount is; where none is known or holds, nobody said it may be."""
    amount = known.value(bound.amount)
    try:
        limit = bound.limits.in_force(bound.limit, case.marketplace, case.on).value
    except NotCovered:
        return True
    if not isinstance(amount, Money) or not isinstance(limit, Money):
        return True
    return amount > limit
