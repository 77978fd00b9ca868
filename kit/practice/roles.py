"""Roles: what somebody may do alone at a desk, and up to which amount."""

from ..content.cases import PracticeCase
from ..content.reference import ROLES
from ..errors import NotCovered
from ..rules.values import Money


def may_take(case: PracticeCase, action: str) -> bool:
    """Whether the role of the case may take an action alone, and up to its amount."""
    actions = case.playbook.reference.actions
    if not case.role or action not in actions:
        return True
    ranks = ROLES.index(case.role) >= ROLES.index(actions[action].role)
    return ranks and not _exceeds(case, action)


def _exceeds(case: PracticeCase, action: str) -> bool:
    """Whether an amount of the case is above what the role may decide alone.

    Where no amount holds for the marketplace and the day, nobody has said that it may.
    """
    known = case.known()
    for each in case.playbook.reference.up_to:
        amount = known.value(each.amount)
        if each.role != case.role or action not in each.actions or amount is None:
            continue
        try:
            limit = each.limits.in_force(each.limit, case.marketplace, case.on)
        except NotCovered:
            return True
        if isinstance(amount, Money) and isinstance(limit.value, Money):
            return amount > limit.value
    return False
