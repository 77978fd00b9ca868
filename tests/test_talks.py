"""The buyer answers: every talk ends, and who does right ends well."""

import re
from collections.abc import Iterator
from dataclasses import FrozenInstanceError
from datetime import date
from pathlib import Path

import pytest
from shipped import LENDING, LIBRARY

from kit.content.exercises import exercise_ids, read_exercise
from kit.content.playbook.talk import Move, Talk, TalkLine
from kit.content.reference.moods import End, Mood
from kit.errors import TalkEnded, UnknownName
from kit.practice.desk.buyer_talk import (
    TalkProgress,
    answer_day,
    answer_to,
    begin_talk,
    buyer_words,
    take_move,
)
from kit.rules.values import Duration, key_of

ROOT = Path(__file__).parents[1]
TALKS = [page for page in LIBRARY.playbooks() if page.talk]
FEEDBACK = {"positive", "neutral", "negative", "none"}
NOW = Duration(0, "days")

MOODS = {each: Mood(each, "", 0) for each in ("calm", "cross")}
ENDS = {
    "won": End("won", True, "", "positive", 0),
    "lost": End("lost", False, "", "", 0),
}


def line(state: str, moves: str, leads_to: str, says: str = "Well.") -> TalkLine:
    """Make one row of a talk."""
    return TalkLine(state, tuple(moves.split(", ")), says, NOW, leads_to, 1)


TALK = Talk(
    "calm",
    (
        line("calm", "right", "won"),
        line("calm", "give-it-away", "lost", "Both? Thank you!"),
        line("calm", "poor-reply, late", "cross", "What do you mean?"),
        line("calm", "any", "cross", "No, that is wrong."),
        line("cross", "right", "won", "At last."),
        line("cross", "any", "lost", "Never again."),
    ),
    MOODS,
    ENDS,
)


@pytest.mark.parametrize(
    ("move", "says"),
    [
        pytest.param(Move.RIGHT, "Well.", id="a move that a row names"),
        pytest.param(Move.LATE, "What do you mean?", id="one of two moves of a row"),
        pytest.param(Move.HAND_OVER, "Well.", id="a hand-over without a row is right"),
        pytest.param(Move.WRONG, "No, that is wrong.", id="any is what none names"),
    ],
)
def test_the_buyer_answers_what_the_page_says(move, says):
    """One move, one answer: the agent learns what this move does to people."""
    assert answer_to(TALK, "calm", move).says == says


def test_an_action_that_a_row_names_is_answered_before_any_other_wrong_one():
    """To give away what nobody asked for costs more than a mere mistake."""
    named = answer_to(TALK, "calm", Move.WRONG, "give-it-away")
    other = answer_to(TALK, "calm", Move.WRONG, "wait")

    assert named.says == "Both? Thank you!"
    assert other.says == "No, that is wrong."


@pytest.mark.parametrize("move", [Move.RIGHT, Move.POOR_REPLY, Move.LATE])
def test_an_action_that_was_right_is_never_answered_as_if_it_were_wrong(move):
    """The same action is right in one case and wrong in another; the move tells."""
    named = answer_to(TALK, "calm", move, "give-it-away")

    assert named == answer_to(TALK, "calm", move)


def test_a_walk_goes_from_mood_to_end():
    """Each step shows what was done, what was answered, and how the buyer is now."""
    begun = begin_talk(TALK)
    vexed = take_move(begun, Move.LATE)
    ended = take_move(vexed, Move.RIGHT, "send")

    assert (begun.state, begun.mood, begun.end) == ("calm", MOODS["calm"], None)
    assert (vexed.state, vexed.mood, vexed.end) == ("cross", MOODS["cross"], None)
    assert (ended.state, ended.mood, ended.end) == ("won", None, ENDS["won"])
    assert [each.state for each in ended.rounds] == ["calm", "cross"]
    assert [each.action for each in ended.rounds] == ["", "send"]
    assert [each.line.says for each in ended.rounds] == [
        "What do you mean?",
        "At last.",
    ]


def test_a_step_leaves_the_walk_as_it_was():
    """What was said stays said: the agent may go back and try the other move."""
    begun = begin_talk(TALK)

    assert take_move(begun, Move.WRONG).end is None
    assert take_move(begun, Move.RIGHT).end == ENDS["won"]
    assert begun.rounds == ()
    with pytest.raises(FrozenInstanceError):
        begun.begins = "cross"


def test_a_case_may_begin_in_another_mood():
    """A buyer who waited a week in silence does not begin where others do."""
    assert begin_talk(TALK, "Cross").state == "cross"
    with pytest.raises(UnknownName, match="cross"):
        begin_talk(TALK, "crass")


def test_a_case_names_the_mood_in_which_its_buyer_begins():
    """Mrs Pemberton has waited for a week, so she is past worrying."""
    cases = {each.id: each for each in LIBRARY.cases("inr-request")}
    page = LIBRARY.playbook("inr-request")
    waited, others = cases["the-fourth-business-day"], cases["nie-gescannt"]

    assert begin_talk(page.talk, waited.mood).state == "disappointed"
    assert others.mood == ""
    assert begin_talk(page.talk, others.mood).state == page.talk.start == "worried"


def test_after_the_end_nobody_answers():
    """An agent who goes on writing gets a sentence, and no made-up answer."""
    ended = take_move(begin_talk(TALK), Move.RIGHT)

    with pytest.raises(TalkEnded, match="won"):
        take_move(ended, Move.RIGHT)


@pytest.mark.parametrize(
    ("after", "day"),
    [
        pytest.param(Duration(0, "days"), date(2024, 8, 23), id="at once"),
        pytest.param(Duration(1, "days"), date(2024, 8, 24), id="on Saturday"),
        pytest.param(
            Duration(1, "business days"), date(2024, 8, 27), id="after the bank holiday"
        ),
    ],
)
def test_an_answer_comes_on_a_day_of_the_marketplace(after, day):
    """Friday before a British bank holiday: the next business day is Tuesday."""
    place = LIBRARY.reference.marketplaces["EBAY_GB"]
    later = TalkLine("calm", ("right",), "", after, "won", 1)

    assert answer_day(later, date(2024, 8, 23), place) == day


def test_every_scenario_has_a_talk_of_its_own():
    """The buyer of a broken vase does not speak like one who chose the wrong size.

    A page that an exam is about needs one; a page that only counts
    days and sends an agent on does not.
    """
    examined = {
        read_exercise(LIBRARY, each).playbook.id for each in exercise_ids(LIBRARY)
    }
    said = [each.says for page in TALKS for each in page.talk.lines]

    assert examined <= {page.id for page in TALKS}
    assert len(said) == len(set(said))
    for page in TALKS:
        assert {*page.talk.states} > {page.talk.start}, page.id


def walks(walk: TalkProgress, actions: tuple[str, ...]) -> Iterator[TalkProgress]:
    """Every way in which a talk can go, to its end."""
    if walk.end is not None:
        yield walk
        return
    for move in Move:
        for action in actions if move is Move.WRONG else ("",):
            yield from walks(take_move(walk, move, action), actions)


def talked() -> list[Talk]:
    """Every talk that ships, and the one of the lending desk."""
    pages = [*TALKS, *LENDING.playbooks()]
    return [page.talk for page in pages if page.talk]


@pytest.mark.parametrize("talk", talked(), ids=lambda talk: talk.lines[0].says[:20])
def test_every_walk_ends_and_every_line_is_met(talk):
    """Walked out in full: no move without an answer, no answer without a move."""
    named = {move for each in talk.lines for move in each.moves}
    actions = ("", *sorted(named - {move.value for move in Move} - {"any"}))

    found = list(walks(begin_talk(talk), actions))

    met = {each.line.line for walk in found for each in walk.rounds}
    assert met == {each.line for each in talk.lines}
    assert {walk.end.is_good for walk in found} == {True, False}


@pytest.mark.parametrize("talk", talked(), ids=lambda talk: talk.lines[0].says[:20])
def test_who_does_right_is_at_a_good_end_within_three_rounds(talk):
    """Also after a bad beginning: it is never too late to do right."""
    for state in talk.states:
        walk = begin_talk(talk, state)
        while walk.end is None:
            walk = take_move(walk, Move.RIGHT)

        assert walk.end.is_good, state
        assert len(walk.rounds) <= 3, state


def test_every_case_can_be_answered_without_an_open_slot():
    """A buyer never writes braces, in no case that ships."""
    for page in TALKS:
        for case in cases_of(page.id):
            for each in page.talk.lines:
                words = buyer_words(case, each)
                assert not re.search(r"[{}]|unknown|None", words), words


def cases_of(playbook: str) -> list:
    """The practice cases of a page and those of its exercise."""
    exercise = ROOT / "exercises" / playbook / "cases.md"
    return [*LIBRARY.cases(playbook), *LIBRARY.cases_in(exercise, playbook)]


def test_a_slot_is_filled_from_the_case():
    """The buyer calls the agent by the name with which the message was signed."""
    (page,) = [each for each in TALKS if each.id == "inr-request"]
    case = LIBRARY.cases(page.id)[0]

    words = buyer_words(case, page.talk.lines[0])

    assert "{agent_name}" in page.talk.lines[0].says
    assert str(case.facts["agent_name"]) in words


def test_the_ends_speak_the_words_of_the_field():
    """Neutral feedback counts as a bad experience, so it ends nothing well."""
    for end in LIBRARY.reference.ends.values():
        assert end.feedback in FEEDBACK, end.id
        assert not (end.is_good and end.feedback in {"neutral", "negative"}), end.id


def test_every_mood_and_every_end_is_used():
    """A word that no talk needs is a promise of a talk that nobody wrote."""
    reference = LIBRARY.reference
    used = {key_of(name) for page in TALKS for name in names_in(page.talk)}
    used |= {key_of(each.end) for each in reference.reactions if each.end}

    assert used == {*reference.moods, *reference.ends}


def names_in(talk: Talk) -> set[str]:
    """Every state that a talk names."""
    return {name for each in talk.lines for name in (each.state, each.next)}
