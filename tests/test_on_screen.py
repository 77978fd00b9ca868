"""An agent reads words: no code of an interface, no id and no key of the kit."""

import re
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from shipped import LIBRARY, pages

from kit.content.exercises import exercise_ids, read_exercise
from kit.errors import KitError
from kit.practice.case.drafts import Knowledge, choosable_messages, draft_of
from kit.practice.case.keys import judge
from kit.practice.case.panels import panels_of
from kit.practice.case.questions import questions_of
from kit.practice.desk.session import Session
from kit.practice.generate.generator import case_at
from kit.rules.values import Sort
from kit.screens.desk.practice_desk import PracticeDesk
from kit.screens.desk.verdict_view import decision_table, verdict_cards
from kit.screens.exercise.quiz import predict_quiz, spot_quiz
from kit.screens.forms import outline
from kit.screens.markup import limits_table, panel_card, plain, source_words

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[1]
REFERENCE = LIBRARY.reference
KINDS = [each.kind for each in (*REFERENCE.facts.values(), *REFERENCE.answers.values())]
MADE = 12

WORDS = sorted({word for kind in KINDS for word in kind.words})
"""Every word that a fact or an answer can be, as authors write it."""

IDS = {
    *(each for each in WORDS if "-" in each),
    *(action for action in REFERENCE.actions if "-" in action),
    *(
        message.id
        for page in LIBRARY.playbooks()
        for message in page.messages
        if "-" in message.id
    ),
} - {"set-up"}
"""What authors write and nobody says; “set-up” is a word of English too."""

KEYS = {key for key in (*REFERENCE.facts, *REFERENCE.answers) if "_" in key} | {
    row.name.replace(" ", "_") for row in LIBRARY.limits.rows if " " in row.name
}

CODE = re.compile(r"\b[A-Z]+(?:_[A-Z]+)+\b")
CODES = {each for each in WORDS if each.isupper()}
SOURCES = {each for each in REFERENCE.sources if "-" in each}
RAW = IDS | KEYS | CODES | SOURCES
TOKEN = re.compile(r"\{\w+\}|[\w-]+")


def raw(text):
    """What no agent should have to read, in the order in which it stands there."""
    found = TOKEN.findall(text)
    return [
        each
        for each in found
        if each in RAW or each.startswith("{") or CODE.fullmatch(each)
    ]


def cases():
    """Every written case, those of exercises too, and some made ones of each page."""
    for name in LIBRARY.ids:
        for each in LIBRARY.cases(name):
            yield pytest.param(partial(same, each), id=each.id)
        for number in range(MADE):
            yield pytest.param(partial(made, name, number), id=f"{name}-{number}")
    for name in exercise_ids(LIBRARY):
        for each in read_exercise(LIBRARY, name).cases:
            yield pytest.param(partial(same, each), id=each.id)


def same(case):
    """A written case."""
    return case


def made(page, number):
    """A made case of a page, made only where it is looked at."""
    return case_at(LIBRARY.stories(page), 41, number)


@pytest.mark.parametrize(
    "text",
    [
        *("DEFECTIVE_ITEM", "FRAUD", "no-scan", "item_price", "EBAY_GB", "wismo-ok"),
        *("B-INR-2", "S1-35", "{next_word}"),
    ],
)
def test_what_is_raw_is_found(text):
    """A search that finds nothing would let everything pass."""
    assert raw(f"The reason is {text}.") == [text]


@pytest.mark.parametrize("word", WORDS)
def test_every_value_has_words(word):
    """Each word of each fact and answer is said in English, and begins as a word."""
    shown = REFERENCE.word_on_screen(word)

    assert raw(shown) == []
    assert shown == shown.strip() != ""
    assert not shown.isupper() or shown in {"VAT"}


def test_no_two_values_of_a_fact_have_the_same_words():
    """Two choices that read the same cannot be chosen between."""
    for kind in KINDS:
        if kind.sort is Sort.WORD:
            shown = [REFERENCE.word_on_screen(each) for each in kind.words]
            assert len(set(shown)) == len(shown), shown


def test_every_name_has_words():
    """Facts, answers and limits are called as people call them."""
    names = [each.name for each in REFERENCE.facts.values()]
    names += [each.name for each in REFERENCE.answers.values()]
    names += [row.name for row in LIBRARY.limits.rows]

    assert [raw(REFERENCE.name_on_screen(each)) for each in names] == [[]] * len(names)


@pytest.mark.parametrize("find", list(cases()))
def test_panels_questions_and_verdicts_of_a_case_are_words(find):
    """All that the desk shows of it: looked up, asked, and judged when wrong."""
    case = find()
    shown = [plain(panel_card(case, each)) for each in panels_of(case)]
    wrong = {}
    for question in questions_of(case):
        shown += [question.name, question.meaning]
        shown += [choice.words for choice in question.choices]
        wrong[question.key] = question.choices[-1].value if question.choices else ""
    shown.append(plain(verdict_cards(case, judge(case, wrong), unfolded=True)))

    assert [each for text in shown for each in raw(text)] == []


@pytest.mark.parametrize("find", list(cases()))
def test_every_message_of_the_page_is_words_in_a_case_that_does_not_send_it(find):
    """What nobody knows yet, or this case does not have, is said in brackets."""
    case = find()
    nothing, everything = Knowledge({}, {}), Knowledge(dict(case.facts), {})
    language = case.marketplace.language

    drafts = [
        draft_of(case, message, knows)
        for each in choosable_messages(case)
        if (message := case.playbook.message(each.id, language))
        for knows in (nothing, everything)
    ]

    assert [each for draft in drafts for each in raw(draft)] == []
    assert all("[" in draft for draft in drafts[::2])


def test_two_slots_of_a_page_are_not_said_in_the_same_words():
    """What is filled in later has to find its slot again."""
    for page in LIBRARY.playbooks():
        slots = {slot for message in page.messages for slot in message.slots}
        shown = {REFERENCE.slot_on_screen(each) for each in slots}
        assert len(shown) == len(slots), page.id


def test_a_source_is_named_by_its_title_and_how_sure_we_are():
    """An agent can say where a rule comes from, and no letter of a scale."""
    shown = {source_words(each) for each in REFERENCE.sources.values()}

    assert "Our own rule" in shown
    assert not any("confidence" in each or raw(each) for each in shown)
    assert not any(re.search(r"\((H|M|L|NV)\)", each) for each in shown)


@pytest.mark.parametrize("name", LIBRARY.ids)
def test_a_whole_desk_is_words(name):
    """The desk itself, with every panel open, and its verdict on wrong answers."""
    for case in LIBRARY.cases(name):
        session = Session(case, lambda _: None)
        for panel in panels_of(case):
            session.look(panel.name)
        for question in questions_of(case):
            if question.choices:
                session.answer(question.key, question.choices[0].value)
        session.decide()

        desk = PracticeDesk(session, place="Case", clock=noon)

        assert raw(outline(desk.screen)) == [], case.id


@pytest.mark.parametrize("name", LIBRARY.ids)
def test_tables_limits_and_guesses_of_a_page_are_words(name):
    """What a lesson shows of a page: tables, limits, and each question to guess."""
    page = LIBRARY.playbook(name)
    shown = [plain(decision_table(page, table)) for table in page.tables]
    shown.append(plain(limits_table(page)))
    for check in page.checks:
        for answer in check.answers:
            try:
                quiz = predict_quiz(page, check, answer, chosen="", tell=print)
            except KitError:  # nothing is decided in this check, so nothing is guessed
                continue
            shown.append(outline(quiz.screen))
    for slip in page.typical_mistakes:
        quiz = spot_quiz(page, slip, on=noon().date(), chosen=slip.why, tell=print)
        shown.append(outline(quiz.screen))

    assert [each for text in shown for each in raw(text)] == []


def test_a_page_for_agents_is_words():
    """A code may stand in brackets behind its words, as on a seller screen."""
    left = {}
    for path, text in pages().items():
        said = re.sub(r"\]\([^)]*\)", "]", text)
        left[path] = raw(re.sub(r"[”\"] \([A-Z_]+\)", "”", said))

    assert not any(left.values()), left


def noon():
    """The moment of every test."""
    return datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
