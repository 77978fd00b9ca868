"""What a folder says of its own desk: who hands over how, and what time it is there."""

import shutil
from pathlib import Path

from kit.content.library import Library
from kit.content.reference.reference import ROLES

ROOT = Path(__file__).parents[1]
GOOD = Path(__file__).parent / "broken" / "good"


def test_who_may_not_go_on_alone_has_a_way_out():
    """Every role but the highest hands over by an action that it may take."""
    reference = Library(ROOT).reference

    assert tuple(reference.hand_over) == ROLES[:-1]
    for role, action in reference.hand_over.items():
        lowest = reference.actions[action].role
        assert ROLES.index(lowest) <= ROLES.index(role)


def test_our_desk_has_a_clock():
    """An agent sees what time it is at the desk beside the time at the buyer's."""
    assert Library(ROOT).reference.desk_zone == "Asia/Shanghai"


def test_a_folder_may_say_nothing_of_its_desk():
    """Both sections are optional: another trade has perhaps one room and one role."""
    reference = Library(GOOD).reference

    assert reference.hand_over == {}
    assert reference.desk_zone == ""


def test_what_is_said_of_the_desk_is_no_action_and_no_marketplace(tmp_path):
    """The second table of a page does not lengthen its list."""
    folder = tmp_path / "content"
    shutil.copytree(GOOD, folder)
    pages = folder / "playbooks" / "reference"
    with (pages / "actions.md").open("a", encoding="utf-8") as file:
        file.write("\n## Hand Over\n\n| Role | Action |\n| --- | --- |\n")
        file.write("| agent | wait |\n")
    with (pages / "marketplaces.md").open("a", encoding="utf-8") as file:
        file.write("\n## Our desk\n\n| Desk | Time zone |\n| --- | --- |\n")
        file.write("| Prague | Europe/Prague |\n")

    before, after = Library(GOOD).reference, Library(folder).reference

    assert after.hand_over == {"agent": "wait"}
    assert after.desk_zone == "Europe/Prague"
    assert after.actions == before.actions
    assert after.marketplaces == before.marketplaces
