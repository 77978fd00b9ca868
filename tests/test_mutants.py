"""Mutants are drawn, read and shown where they stand."""

from collections import Counter
from pathlib import Path

import pytest

from tools.mutants import (
    AREAS,
    Survivor,
    changed_lines,
    draw,
    place_of,
    report,
    results_in,
)

ROOT = Path(__file__).parents[1]
CODE = '''"""A module."""


def double(number):
    """Double it."""
    return number * 2


class Till:
    """A till."""

    @staticmethod
    def takes(amount):
        """Whether it takes it."""
        if amount > 0:
            return True
        return False
'''
SHOWN = """# kit.a.x_double__mutmut_1: survived
--- kit/a.py
+++ kit/a.py
@@ -1,3 +1,3 @@
 def double(number):
     \"\"\"Double it.\"\"\"
-    return number * 2
+    return number / 2
"""
SHOWN_OF_A_METHOD = """--- kit/a.py
+++ kit/a.py
@@ -2,5 +2,5 @@
 def takes(amount):
     \"\"\"Whether it takes it.\"\"\"
-    if amount > 0:
+    if amount >= 0:
         return True
     return False
"""


@pytest.fixture
def root(tmp_path):
    """A project of one module."""
    (tmp_path / "kit").mkdir()
    (tmp_path / "kit" / "a.py").write_text(CODE, encoding="utf-8")
    return tmp_path


def test_what_mutmut_prints_is_read():
    """Other lines, such as warnings, are no mutants."""
    printed = (
        "Some warning: a word\n"
        "    kit.a.x_double__mutmut_1: survived\n"
        "    kit.a.xǁTillǁtakes__mutmut_12: no tests\n"
    )

    assert results_in(printed) == {
        "kit.a.x_double__mutmut_1": "survived",
        "kit.a.xǁTillǁtakes__mutmut_12": "no tests",
    }


@pytest.mark.parametrize(
    ("name", "shown", "line"),
    [
        pytest.param("kit.a.x_double__mutmut_1", SHOWN, 6, id="a function"),
        pytest.param(
            "kit.a.xǁTillǁtakes__mutmut_1", SHOWN_OF_A_METHOD, 15, id="a method"
        ),
    ],
)
def test_a_mutant_is_shown_with_its_line(root, name, shown, line):
    """A developer opens the file at the place that no test guards."""
    assert place_of(name, shown, root) == ("kit/a.py", line)
    changed = CODE.splitlines()[line - 1].strip()
    assert changed_lines(shown).splitlines()[0].removeprefix("-").strip() == changed


def test_the_same_seed_draws_the_same_mutants():
    """A figure can be compared with the one of last month."""
    names = [f"kit.a.x_do__mutmut_{number}" for number in range(50)]

    drawn = draw(names, most=10, seed=3)

    assert drawn == draw(reversed(names), most=10, seed=3)
    assert drawn != draw(names, most=10, seed=4)
    assert len({*drawn}) == 10
    assert sorted(draw(names, most=90, seed=3)) == sorted(names)


def test_a_report_says_the_share_and_shows_who_survived():
    """A mutant that makes the tests hang is noticed, too."""
    counts = Counter({"killed": 6, "timeout": 1, "survived": 1, "no tests": 2})
    survivor = Survivor("kit/a.py", 6, "survived", "-    a\n+    b")

    assert report("rules", counts, [survivor]).splitlines() == [
        "rules: 7 of 10 mutants noticed (70 %).",
        "  kit/a.py:6 survived",
        "    -    a",
        "    +    b",
    ]


def test_a_report_says_what_was_not_tried():
    """A share of a few quick mutants must not look like one of all."""
    counts = Counter({"killed": 1, "not checked": 9})

    assert report("rules", counts, []).splitlines() == [
        "rules: 1 of 1 mutants noticed (100 %).",
        "  9 more were not tried: the time was up.",
    ]


@pytest.mark.parametrize("name", AREAS)
def test_the_files_of_an_area_exist(name):
    """A module or a test that was renamed would be left out without a word."""
    for pattern in AREAS[name].modules:
        assert list(ROOT.glob(pattern)), pattern
    for test in AREAS[name].tests:
        assert (ROOT / "tests" / f"test_{test}.py").is_file(), test
