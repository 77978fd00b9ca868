"""Cases for the one table that every engine decides; the same in every process.

Only the standard library is used, because other engines run in their own environment.
"""

import itertools
import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import TypedDict

COUNTRIES = ("DE", "FR", "NL", "PL", "IT", "ES", "UK", "US")
REASONS = {
    "changed-mind": 40,
    "damaged": 18,
    "wrong-item": 10,
    "not-as-described": 18,
    "late": 12,
    "fraud-suspected": 2,
}
"""Every reason, and how often it is drawn."""

TIERS = ("basic", "silver", "gold", "platinum")
EDGE_CENTS = (0, 4999, 5000, 5001, 9999, 10000, 10001, 49999, 50000, 50001)
EDGE_DAYS = (0, 14, 15, 30, 31, 60, 61)
MEAN_EUR = 120
FIRST_DAY = date(2024, 1, 1)


class Case(TypedDict):
    """One case, in plain values."""

    country: str
    reason: str
    tier: str
    amount_cents: int
    days: int
    opened: bool
    delivered_on: date


def drawn_cases(count: int, *, seed: int = 7) -> list[Case]:
    """Draw cases as they might come in; the same ones for the same seed."""
    chance = random.Random(seed)
    return [
        Case(
            delivered_on=FIRST_DAY + timedelta(days=chance.randrange(600)),
            days=chance.randrange(75),
            country=chance.choice(COUNTRIES),
            reason=chance.choices(list(REASONS), list(REASONS.values()))[0],
            tier=chance.choice(TIERS),
            amount_cents=round(chance.expovariate(1 / MEAN_EUR) * 100),
            opened=chance.random() < 0.5,  # noqa: PLR2004 (every other package)
        )
        for _ in range(count)
    ]


def edge_cases() -> Iterator[Case]:
    """Every combination of words with the values on both sides of every edge."""
    for country, reason, tier, cents, days, opened in itertools.product(
        COUNTRIES, REASONS, TIERS, EDGE_CENTS, EDGE_DAYS, (False, True)
    ):
        yield Case(
            country=country,
            reason=reason,
            tier=tier,
            amount_cents=cents,
            days=days,
            opened=opened,
            delivered_on=FIRST_DAY,
        )


def compared_cases() -> list[Case]:
    """The cases on which all engines must agree before anything is measured."""
    return [*drawn_cases(20_000), *edge_cases()]


def plain_facts(case: Case) -> dict[str, object]:
    """Say a case as other engines take it: the amount in euros."""
    return {
        "country": case["country"],
        "reason": case["reason"],
        "tier": case["tier"],
        "amount": case["amount_cents"] / 100,
        "days": case["days"],
        "opened": case["opened"],
    }
