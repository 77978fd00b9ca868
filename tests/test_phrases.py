"""Phrases: how authors list the words by which a text says something."""

import time

import pytest

from kit.rules.phrases import Token, Wording, read_phrases

SHAPES = ("day", "amount")


def wording(*sentences):
    """A text of plain sentences; a word in braces has that shape."""
    tokens, place = [], 0
    for number, sentence in enumerate(sentences):
        for word in sentence.split():
            shape = word.strip("{}") if word.startswith("{") else ""
            tokens.append(Token(place, place + len(word), word, number, shape))
            place += len(word) + 1
    return Wording(tokens)


@pytest.mark.parametrize(
    ("phrase", "sentence"),
    [
        pytest.param("refund", "we refund you", id="a word"),
        pytest.param("refund*", "you are refunded today", id="any ending"),
        pytest.param("*erstatten", "wir rückerstatten es", id="any beginning"),
        pytest.param("*wert*", "die bewertung", id="anything around"),
        pytest.param("we/I refund", "i refund it", id="one of two"),
        pytest.param("pay*/refund back", "we are paying back", id="one with endings"),
        pytest.param("pay*/refund back", "i refund back", id="one without them"),
        pytest.param("send … back", "send the blue vase back", id="words between"),
        pytest.param("send … back", "send back", id="nothing between"),
        pytest.param("by {day}", "it leaves by {day}", id="a shape"),
        pytest.param("nothing; money back", "your money back", id="the second phrase"),
        pytest.param("courier’s", "the courier's dog", id="either apostrophe"),
    ],
)
def test_a_phrase_finds_what_its_author_means(phrase, sentence):
    """An author writes down how people say it, and it is found."""
    assert wording(sentence).has(read_phrases(phrase, SHAPES))


@pytest.mark.parametrize(
    ("phrase", "sentence"),
    [
        pytest.param("refund", "we refunded you", id="another ending"),
        pytest.param("back send", "send back", id="another order"),
        pytest.param("send back", "send it back", id="a word between"),
        pytest.param("a … b", "a 1 2 3 4 5 6 7 b", id="too far apart"),
        pytest.param("by {day}", "it leaves by {amount}", id="another shape"),
        pytest.param("refund*", "we prerefund you", id="another beginning"),
        pytest.param("*erstatten", "wir erstattende", id="an ending after it"),
        pytest.param("*wert*", "die bewegung", id="it is nowhere"),
    ],
)
def test_a_phrase_finds_nothing_else(phrase, sentence):
    """A word too much would blame an agent for what they did not write."""
    assert not wording(sentence).has(read_phrases(phrase, SHAPES))


def test_six_words_fit_into_a_gap():
    """The last distance that counts; the seventh word is the first that does not."""
    phrases = read_phrases("a … b", SHAPES)

    assert wording("a 1 2 3 4 5 6 b").has(phrases)
    assert not wording("a 1 2 3 4 5 6 7 b").has(phrases)


def test_a_phrase_does_not_cross_the_end_of_a_sentence():
    """“Keep it. Feedback is welcome.” ties no feedback to anything."""
    assert not wording("keep it", "feedback is welcome").has(
        read_phrases("it … feedback", SHAPES)
    )


def test_a_harmless_word_counts_only_in_its_own_sentence():
    """A condition in one sentence excuses no promise in the next."""
    phrases = read_phrases("we will", SHAPES)
    unless = read_phrases("if", SHAPES)

    assert not wording("if it comes we will").hits(phrases, unless)
    assert len(wording("if it comes", "we will").hits(phrases, unless)) == 1


def test_overlapping_places_are_marked_once():
    """An agent sees one mark, not two on top of each other."""
    (hit,) = wording("call me now please").hits(read_phrases("call me; me now", SHAPES))

    assert (hit.start, hit.end) == (0, len("call me now"))


@pytest.mark.parametrize(
    "text", ["", "a;;b", "… a", "a …", "{colour}", "a//b", "*", "{day", "a{day}"]
)
def test_what_is_no_phrase_is_refused(text):
    """A phrase that can never be found would be a silent gap in the rules."""
    with pytest.raises(ValueError, match=r".*"):
        read_phrases(text, SHAPES)


def test_none_is_no_phrase_at_all():
    """Every cell is filled, also where there is nothing to say."""
    assert read_phrases("none", SHAPES) == ()


def test_the_worst_text_takes_no_time():
    """Whatever an agent pastes, the desk answers at once."""
    text = wording(" ".join(["a"] * 4000))
    phrases = read_phrases("a … a … a … a … b", SHAPES)

    start = time.process_time()
    assert not text.has(phrases)
    assert time.process_time() - start < 2
