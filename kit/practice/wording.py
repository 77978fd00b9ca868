"""Days, amounts, conditions and messages in the words of a person's language."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.dates import (
    format_date,
    format_skeleton,
    get_timezone_location,
)
from babel.numbers import format_currency, get_currency_precision

from ..catalogue import language, say, sentence
from ..content.cases import PracticeCase
from ..content.pages.messages_sent import SLOT
from ..content.playbook.explain import answer_words
from ..content.reference.messages import Message, language_base
from ..content.reference.reference import Reference
from ..errors import MissingFact
from ..rules.limits import ALWAYS, Amount
from ..rules.values import (
    Duration,
    Kind,
    Money,
    Sort,
    Value,
    key_of,
    read_day,
    show_value,
)
from .articles import in_its_place

_SIGNS = {"<=": "at-most", ">=": "at-least", "<": "below", ">": "above"}
_SIGN = re.compile(r"([<>]=?) *(.+)")
_STRETCH = re.compile(
    r"(?P<open>[\[\](]?)(?P<low>[^\[\]()]+?)\.\.(?P<high>[^\[\]()]+)(?P<close>[\])\[]?)"
)
_UNITS = {"days": "days", "business days": "business-days", "hours": "hours"}
_COUNTRY = 2
_STEP = re.compile(r"(?P<start>.+?) (?P<sign>[+-]) (?P<step>.+)")
_ONE_OF_MANY = re.compile(r"\b(1 .+)s$")


def day_words(day: date, language: str) -> str:
    """Say a day with its weekday, such as ``Thursday 29 August 2024``.

    English has the day before the month, as playbooks write it, but for ``en-US``.
    """
    locale = _locale(language)
    is_day_first = locale.language == "en" and locale.territory != "US"
    pattern = "EEEE d MMMM y" if is_day_first else "full"
    return format_date(day, format=pattern, locale=locale)


def since_words(since: str, language: str) -> str:
    """Say since when a limit holds: a day, or that it always does."""
    if since == ALWAYS:
        return say("practice.always")
    return day_words(read_day(since), language)


def short_day_words(day: date, language: str) -> tuple[str, str]:
    """Say a day of a calendar: its weekday and its date, as ``Thu`` and ``29 Aug``."""
    locale = _locale(language)
    return format_date(day, format="EEE", locale=locale), _short_day(day, locale)


def moment_words(moment: datetime, language: str) -> str:
    """Say a moment of a clock, such as ``Fri 23 Aug, 16:00``."""
    day = _short_day(moment.date(), _locale(language), weekday="E")
    return f"{day}, {moment:%H:%M}"


def _short_day(day: date, locale: Locale, weekday: str = "") -> str:
    """Say a day without its year, in the order of the language."""
    if locale.language == "en":  # the day before the month, as playbooks write it
        pattern = f"{weekday and 'EEE '}d MMM"
        return format_date(day, format=pattern, locale=locale)
    return format_skeleton(f"MMM{weekday}d", day, locale=locale)


def city_words(moment: datetime, language: str) -> str:
    """Say where a clock hangs, such as ``Los Angeles``."""
    return get_timezone_location(
        moment.tzinfo, locale=_locale(language), return_city=True
    )


@lru_cache(maxsize=8192)
def spoken_day(day: date, language: str, calendar: str) -> str:
    """Say a day as people write it in passing, such as ``29 August``.

    Args:
        day: The day.
        language: BCP 47 tag.
        calendar: The calendar of public holidays, which tells the country.
    """
    country = calendar.partition("-")[0]
    is_country = "-" not in language and country.isupper() and len(country) == _COUNTRY
    locale = _locale(f"{language}-{country}" if is_country else language)
    return format_skeleton("MMMMd", day, locale=locale)


@lru_cache(maxsize=8192)
def money_words(amount: Money, language: str) -> str:
    """Say an amount with its currency, such as ``$750.00``."""
    digits = get_currency_precision(amount.currency)
    return format_currency(
        Decimal(amount.minor).scaleb(-digits), amount.currency, locale=_locale(language)
    )


def language_words(language: str, reader: str) -> str:
    """Say a language in that of a reader, such as ``German``."""
    return _locale(language).get_display_name(reader) or language


def sentence_case(words: str) -> str:
    """Begin with a capital, but for a name that has its own way, such as eBay."""
    first = words.partition(" ")[0]
    return words if first != first.lower() else words[:1].upper() + words[1:]


def id_words(id: str) -> str:  # noqa: A002
    """Say an id that is made of words: ``attempt-2`` is ``Attempt 2``."""
    return id.replace("-", " ").capitalize()


def cases_words(ids: Iterable[str]) -> str:
    """Name cases, one behind the other."""
    return ", ".join(map(id_words, ids))


def weight_words(weights: Mapping[str, int]) -> str:
    """Say how much each dimension of a mark counts."""
    return "; ".join(
        say(
            "marking.certificate.weight",
            name=say(f"desk.exam.dimension-{name}"),
            weight=weight,
        )
        for name, weight in weights.items()
    )


def unit_words(text: str) -> str:
    """Say one of something as one: ``1 business day``."""
    return _ONE_OF_MANY.sub(r"\1", text)


def condition_words(text: str, kind: Kind, reference: Reference) -> str:
    """Say what a cell asks, as it is read aloud: without brackets and signs."""
    cell, bracket, values_of_limits = text.partition(" (")
    if bracket:
        return f"{condition_words(cell, kind, reference)} ({values_of_limits}"
    if kind.sort is Sort.WORD:
        listed = text.removeprefix("not ").split(",")
        words = one_of([reference.word_on_screen(each.strip()) for each in listed])
        negated = text.startswith("not ")
        return say("practice.cell.not", words=words) if negated else words
    if sign := _SIGN.fullmatch(text):
        return _end(_SIGNS[sign[1]], reference.name_on_screen(sign[2]), kind)
    if stretch := _STRETCH.fullmatch(text):
        low = "above" if stretch["open"] in {"(", "]"} else "at-least"
        high = "below" if stretch["close"] in {")", "["} else "at-most"
        ends = map(reference.name_on_screen, (stretch["low"], stretch["high"]))
        return ", ".join(map(_end, (low, high), ends, (kind, kind)))
    return text


def one_of(words: Sequence[str]) -> str:
    """Say what can be chosen from: ``moving, held or lost``."""
    first, last = ", ".join(words[:-1]), words[-1]
    return say("practice.cell.or", first=first, last=last) if first else last


def due_words(text: str, reference: Reference) -> str:
    """Say a day of a table, or the fact from which it is counted.

    Args:
        text: The day as an author writes it, such as ``edd + 1 day``.
        reference: How everything is called.
    """
    step = _STEP.fullmatch(text)
    if step is None:
        return reference.name_on_screen(text)
    start = reference.name_on_screen(step["start"])
    count = unit_words(reference.name_on_screen(step["step"]))
    return f"{start} {step['sign']} {count}"


def _end(name: str, value: str, kind: Kind) -> str:
    scale = "days" if kind.sort is Sort.DATE else "numbers"
    return say(f"practice.cell.{scale}.{name}", value=value)


def value_words(case: PracticeCase, key: str) -> str:
    """Say a fact of a case as its agent reads it, in the agent's own language."""
    reference = case.playbook.reference
    return in_words(case.facts.get(key), reference.facts[key].kind, reference)


def fill_message(
    case: PracticeCase, message: Message, answers: Mapping[str, object]
) -> str:
    """Fill the slots of a message from a case and what was decided about it.

    Args:
        case: The case.
        message: A message of its playbook.
        answers: The values of decided answers, by key.

    Raises:
        MissingFact: Nothing says what stands in a slot.
    """
    return fill_slots(case, message.text, message.language, answers)


def fill_slots(
    case: PracticeCase, text: str, language: str, answers: Mapping[str, object]
) -> str:
    """Fill the slots of a text; days and amounts stand in the words of its language.

    The other arguments, and what is raised, are those of ``fill_message``.
    """
    known = case.known()

    def filled(slot: str) -> str:
        key = key_of(slot)
        value = answers.get(key)
        if value is None:
            value = known.value(key) if key in known.vocabulary else None
        if value is None and known.situation.limits.all_of(key):
            return limit_words(known.situation.limit(key).value, language)
        if value is None:
            raise MissingFact(fact=slot)
        return slot_words(case, slot, value, language)

    return SLOT.sub(lambda match: in_its_place(match, filled(match[1]), language), text)


def limit_words(value: Amount, language: str) -> str:
    """Say the value of a limit in a message, such as ``3 business days``.

    In German a number of days is said in the dative, as it stands behind “innerhalb
    von”. A unit without words of its own is said as authors write it.
    """
    if isinstance(value, date):
        return day_words(value, language)
    if isinstance(value, Money):
        return money_words(value, language)
    if not isinstance(value, Duration):
        return str(value)
    unit = _UNITS.get(value.unit)
    if unit is None:
        return unit_words(str(value))
    key = f"units.{unit}.{'one' if value.count == 1 else 'many'}"
    return sentence(key, language_base(language)).format(count=value.count)


def slot_words(
    case: PracticeCase, slot: str, value: object, message_language: str
) -> str:
    """Say the value of a slot in the language of its message.

    Args:
        case: The case.
        slot: The name of a fact or an answer.
        value: Its value.
        message_language: Of the message, such as ``"de"``.
    """
    language = _of_buyer(case, message_language)
    if isinstance(value, date):
        return day_words(value, language)
    if isinstance(value, Money):
        return money_words(value, language)
    reference = case.playbook.reference
    word = reference.answers.get(key_of(slot)) or reference.facts.get(key_of(slot))
    kind = word.kind if word else Kind(Sort.TEXT)
    if kind.is_words:
        return answer_words(case.playbook, kind.sort, value)
    return show_value(value, kind)  # type: ignore[arg-type]


def _of_buyer(case: PracticeCase, message_language: str) -> str:
    """The buyer's own variant of a language: ``en-US`` for an English letter there."""
    own = case.marketplace.language
    is_same = language_base(own) == language_base(message_language)
    return own if is_same else message_language


def in_words(value: Value | None, kind: Kind, reference: Reference) -> str:
    """Say any value as an agent reads it, in the agent's own language."""
    if isinstance(value, date):
        return day_words(value, language())
    if isinstance(value, Money):
        return money_words(value, language())
    words = unit_words(show_value(value, kind))
    return reference.word_on_screen(words) if kind.is_words else words


def _locale(language: str) -> Locale:
    return Locale.parse(language, sep="-")
