"""Answers from outside have the agreed shape, or are refused in a sentence."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.errors import BadAnswers
from kit.marking.records.answers import clean_text, validate_answers
from kit.marking.records.events import Answered

ASKED = {"case-1": ["action", "reply"], "case-2": ["action"]}


def handed_in(answers: object, **changes: object) -> dict[str, object]:
    """What a notebook hands over for its attempt."""
    return {"exercise": "sizes", "attempt": "a-1", "answers": answers} | changes


def test_answers_come_back_in_the_order_of_the_exercise():
    """Marks are shown in the order in which the agent worked."""
    raw = handed_in(
        {"case-2": {"action": "wait"}, "case-1": {"reply": "Hello", "action": "refund"}}
    )

    answers = validate_answers("sizes", ASKED, raw)

    assert (answers.exercise, answers.attempt) == ("sizes", "a-1")
    assert [(case, list(each.items())) for case, each in answers.by_case.items()] == [
        ("case-1", [("action", "refund"), ("reply", "Hello")]),
        ("case-2", [("action", "wait")]),
    ]


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param({}, id="no case at all"),
        pytest.param({"case-1": {}}, id="no question"),
        pytest.param({"case-1": {"action": None}}, id="taken back"),
        pytest.param({"case-1": {"action": " \n"}}, id="only blanks"),
    ],
)
def test_a_missing_answer_is_not_answered(answers):
    """Who runs out of time loses that question, not the whole attempt."""
    assert validate_answers("sizes", ASKED, handed_in(answers)).by_case == {
        "case-1": {"action": None, "reply": None},
        "case-2": {"action": None},
    }


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        pytest.param(handed_in({"case-9": {}}), "no case “case-9”", id="unknown case"),
        pytest.param(
            handed_in({"case-2": {"reply": "Hi"}}),
            "“case-2” has no question “reply”",
            id="question of another case",
        ),
        pytest.param(handed_in({}, exercise="b"), "belong to “b”", id="other exercise"),
        pytest.param(handed_in({}, attempt="../a"), "“attempt”", id="hostile attempt"),
        pytest.param(handed_in({}, name="Ana"), "“name” is not known", id="extra"),
        pytest.param({"exercise": "sizes"}, "“attempt” is missing", id="half of it"),
        pytest.param(handed_in({"case-1": "refund"}), "case-1", id="flat"),
        pytest.param(handed_in({"case-1": {"action": 1}}), "has to be text", id="int"),
        pytest.param(handed_in({"case-1": {"action": ["a"]}}), "text", id="a list"),
        pytest.param(handed_in({"c\ud800": {}}), "answers", id="half an emoji"),
        pytest.param("{}", "shape", id="text"),
        pytest.param(None, "shape", id="nothing"),
    ],
)
def test_what_was_not_asked_is_refused(raw, says):
    """A mark is given for this exercise, or not at all; and the sentence prints."""
    with pytest.raises(BadAnswers, match=says) as caught:
        validate_answers("sizes", ASKED, raw)

    assert str(caught.value).encode()


def test_the_size_is_counted_in_bytes_over_all_answers():
    """64 kB are in and one byte more is out, in any script."""
    asked = {f"case-{n}": ["reply"] for n in range(10, 30)}
    empty = {case: {"reply": ""} for case in asked}
    frame = len(json.dumps(empty, separators=(",", ":")))
    length, rest = divmod(64 * 1024 - frame, 20)
    answers = {case: {"reply": "é" * (length // 2)} for case in asked}
    answers["case-10"]["reply"] += "x" * (rest + 20 * (length % 2))

    assert validate_answers("sizes", asked, handed_in(answers))

    answers["case-10"]["reply"] += "x"
    with pytest.raises(BadAnswers, match="larger than 64 kB"):
        validate_answers("sizes", asked, handed_in(answers))


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        pytest.param("a\r\nb\rc\td", "a\nb\nc\td", id="line ends"),
        pytest.param("a\x0bb\x00c\x7f", "a b c ", id="control characters"),
        pytest.param("a\ud83db", "a\ufffdb", id="half an emoji"),
        pytest.param("\ud83d\ude00", "😀", id="both halves of an emoji"),
        pytest.param("👩‍👧 退货 é", "👩‍👧 退货 é", id="any script"),
    ],
)
def test_pasted_text_is_made_fit_to_be_kept(typed, clean):
    """A paste from a word processor must not cost the agent a reply."""
    assert clean_text(typed) == clean


@given(st.text(alphabet=st.characters(), max_size=4000))
def test_whatever_was_typed_can_be_kept_once_it_is_clean(typed):
    """No keyboard and no clipboard can produce a text that is lost."""
    clean = clean_text(typed)

    event = Answered(
        agent="ana",
        at="2026-11-22T12:00:00.000000Z",
        work="sizes",
        case="case-1",
        question="reply",
        value=clean,
    )

    assert event.value == clean
    assert event.model_dump_json().encode()
