"""The shipped content and another trade, read once for all tests of a process."""

from datetime import date
from functools import cache
from pathlib import Path

from kit.content.library import Library
from kit.screens.lab.playbook_page import pages_for_agents

TESTS = Path(__file__).parent
ROOT = TESTS.parent
LIBRARY = Library(ROOT)
LENDING = Library(TESTS / "other_trade")
PAGES_ON = date(2026, 11, 22)
"""The day on which the pages are read."""


@cache
def pages() -> dict[str, str]:
    """Every page for agents as it is shown, by its path."""
    return dict(pages_for_agents(ROOT, PAGES_ON))
