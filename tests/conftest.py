"""What every test shares: the same random examples everywhere, and one browser."""

import logging
import os

import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

# What a person has set in their own shell takes no part in a test.
for name in ("KIT_AGENT", "KIT_CONTENT", "KIT_LANGUAGE", "KIT_WORKSPACE"):
    os.environ.pop(name, None)

settings.register_profile("kit", derandomize=True, deadline=None)
settings.load_profile("kit")

collect_ignore = ["broken"]
"""Content to be broken: its notebooks are no tests of what their cells show."""


class OneBrowser(LoadScopeScheduling):
    """Gives all tests in a browser to one worker, since each would take two cores."""

    def _split_scope(self, nodeid):
        scope = super()._split_scope(nodeid)
        return "browser" if scope.startswith("tests/browser/") else scope


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Share out the tests; see `OneBrowser`."""
    return OneBrowser(config, log)


@pytest.fixture(autouse=True)
def no_incidents(request, caplog):
    """Fail a test in which a handler failed, unless it is about just that."""
    yield
    incidents = [
        record
        for record in caplog.get_records("call")
        if record.name.startswith("kit.screens") and record.levelno >= logging.ERROR
    ]
    assert not incidents or request.node.get_closest_marker("incident"), incidents
