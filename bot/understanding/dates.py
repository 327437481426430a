"""Dates as buyers write them: `last Tuesday`, `3 May`, `2 weeks ago`, `05/11/2026`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.languages import get_territory_language_info
from rapidfuzz import fuzz, process

from bot.understanding.words_file import load_words

_WORDS = load_words("dates")
_WEEKDAYS: list[str] = _WORDS["weekdays"]
_SHORT_DAYS: dict[str, int] = _WORDS["short_weekdays"]
_SPELLED: list[str] = _WORDS["spelled"]
_NUMBERS: dict[str, int] = _WORDS["numbers"]
_NOT_TYPOS: list[str] = _WORDS["not_typos"]
_MONTH_PATTERN = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_YEAR = r"(?:\s*,?\s*(?:20\d\d|'\d\d))?"
_CALENDAR_DATE = re.compile(
    r"\b20\d\d[-./]\d{1,2}[-./]\d{1,2}\b"
    r"|\b\d{1,2}[-./]\d{1,2}[-./](?:20)?\d\d\b"
    r"|\b\d{1,2}/\d{1,2}\b(?!/)"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)?\s*(?:of\s+|-)?\s*{_MONTH_PATTERN}{_YEAR}"
    rf"|\b{_MONTH_PATTERN}\s*(?:the\s+)?\d{{1,2}}(?:st|nd|rd|th)?\b(?!\d){_YEAR}"
)
_SPAN = re.compile(
    r"\b(\d{1,3})\s*(?:full |whole |working |business |calendar )?(day|week|month|year)s?\b"
)
_OTHER_START = re.compile(r"\s*(?:after|before|later than|too late|late\b)")
_AGE_AT_FAULT = re.compile(
    r"\b(?:broke\w*|stopped|died|dead|failed|quit|gave|fell|packed|conked|cracked|leak\w*|blew|"
    r"burn\w*|went|worked|lasted|held)\b[^.,;]*\b(?:after|within|in|for|lasted|worked|held)\s+"
    r"(?:(?:only|just|about|around|barely|the|first|less|more|than|maybe)\s+)*$"
)
"""Before a span: how old an item was when it failed, which doesn't say when it came."""
_WEEKDAY = re.compile(
    rf"\b(?:(last|past|this|next|coming|previous)\s+)?({'|'.join((*_WEEKDAYS, *_SHORT_DAYS))})\b"
    r"(\s+(?:last|before last)|\s+next)?"
)
_NTH = re.compile(r"\bthe\s+(\d{1,2})(?:st|nd|rd|th)\b|^(?:on\s+)?(\d{1,2})(?:st|nd|rd|th)\b")
_LAST_UNIT = re.compile(r"\b(last|past|next)\s+(week|month|year)\b")
_DAYS = {"day": 1, "week": 7}


@dataclass(frozen=True)
class ParsedDate:
    """What a text says about a day in the past.

    Attributes:
        date: The day, or None when the text names none.
        in_future: Whether that day is after today: the buyer must be asked again.
    """

    date: date | None
    in_future: bool = False


@lru_cache
def reads_day_first(country: str | None) -> bool:
    """Whether a country writes 5 November as 05/11 (True) or as 11/05.

    Args:
        country: ISO 3166-1 two-letter code. None or unknown: most of the world's way, True.
    """
    languages = get_territory_language_info(country or "")
    if not languages:
        return True
    main = max(languages, key=lambda tag: float(languages[tag]["population_percent"] or 0))
    try:
        pattern: str = Locale.parse(f"{main}_{country}").date_formats["short"].pattern
    except (UnknownLocaleError, ValueError):
        return True
    return pattern.find("d") < pattern.find("M")


def parse_past_date(text: str, today: date, day_first: bool = False) -> ParsedDate:
    """Reads a day that has already been, such as the day a parcel came.

    A weekday or a day without a year is the latest one that isn't after today, unless the text
    says `next`.

    Args:
        text: What the buyer wrote, maybe a whole sentence, typos welcome.
        today: The buyer's calendar day.
        day_first: How the buyer's country reads 05/11/2026: True for 5 November.

    Returns:
        The day; `date` is None when there is none in the text.
    """
    words = _tidy(text)
    for read in (_relative, _calendar, _span, _weekday, _nth, _last_unit):
        day = read(words, today, day_first)
        if day is not None:
            return ParsedDate(day, day > today)
    return ParsedDate(None)


def _tidy(text: str) -> str:
    """Lower case, digits for number words, common typos of day and month names put right."""
    text = text.lower().replace("\u2019", "'")
    text = re.sub(r"\b(?:a|1)\s+fortnight\b|\bfortnight\b", "2 weeks", text)
    text = re.sub(r"\b(?:a\s+)?(?:couple(?:\s+of)?)\s+(?=\w)", "2 ", text)
    text = re.sub(r"\ban?\s+(?=(?:day|week|month|year)\b)", "1 ", text)
    text = re.sub(r"\bhalf 1 year\b|\bhalf a year\b", "6 months", text)
    text = re.sub(r"[a-z]+", _word, text)
    return re.sub(r"\b([2-9])0[ -]([1-9])\b(?!\d)", r"\1\2", text)


def _word(match: re.Match[str]) -> str:
    word = match.group()
    return str(_NUMBERS[word]) if word in _NUMBERS else _spell(word)


def _spell(word: str) -> str:
    if len(word) < 4 or word in _SPELLED or word in _NOT_TYPOS or word in _SHORT_DAYS:
        return word
    best = process.extractOne(word, _SPELLED, scorer=fuzz.ratio, score_cutoff=80)
    return best[0] if best and best[0][0] == word[0] else word


_RELATIVE = (
    (re.compile(r"\bday before yesterday\b"), -2),
    (re.compile(r"\bday after tomorrow\b"), 2),
    (re.compile(r"\byesterday\b|\blast (?:night|evening)\b"), -1),
    (re.compile(r"\btomorrow\b|\btmrw\b"), 1),
    (re.compile(r"\btoday\b|\bthis (?:morning|afternoon|evening)\b|\btonight\b"), 0),
    (re.compile(r"\bjust now\b|\bhours? ago\b"), 0),
)


def _relative(words: str, today: date, day_first: bool) -> date | None:
    for pattern, days in _RELATIVE:
        if pattern.search(words):
            return today + timedelta(days=days)
    return None


def _calendar(words: str, today: date, day_first: bool) -> date | None:
    match = _CALENDAR_DATE.search(words)
    if match is None:
        return None
    import dateparser  # takes a while to import, and most messages hold no date

    written = re.sub(r"'(\d\d)$", r"20\1", match.group())
    written = re.sub(r"\bof\b|\bthe\b", " ", written)
    has_year = re.search(r"20\d\d|[-./]\d{1,2}[-./]\d\d$", written)
    parsed = dateparser.parse(
        written,
        languages=["en"],
        settings={
            "RELATIVE_BASE": datetime.combine(today, time(23, 59)),
            "PREFER_DATES_FROM": "current_period" if has_year else "past",
            "DATE_ORDER": _order(written, day_first),
            "REQUIRE_PARTS": ["day", "month"],
        },
    )
    return parsed.date() if parsed else None


def _order(written: str, day_first: bool) -> str:
    """The order of year, month and day in a date of numbers."""
    if re.match(r"20\d\d[-./]", written):
        return "YMD"
    numbers = [int(number) for number in re.findall(r"\d+", written)[:2]]
    if "." in written or numbers[0] > 12:  # nobody who writes dots puts the month first
        return "DMY"
    if len(numbers) > 1 and numbers[1] > 12:
        return "MDY"
    return "DMY" if day_first else "MDY"


def _span(words: str, today: date, day_first: bool) -> date | None:
    match = _SPAN.search(words)
    if match is None:
        return None
    if _OTHER_START.match(words[match.end() :]) or _AGE_AT_FAULT.search(words[: match.start()]):
        return None
    count, unit = int(match[1]), match[2]
    ahead = re.search(r"\bin\s+$", words[: match.start()]) or re.search(
        r"^\s*(?:from now|later|to go)", words[match.end() :]
    )
    return _shift(today, count if ahead else -count, unit)


def _shift(today: date, count: int, unit: str) -> date:
    if unit in _DAYS:
        return today + timedelta(days=count * _DAYS[unit])
    from dateutil.relativedelta import relativedelta

    months = count * (12 if unit == "year" else 1)
    return today + relativedelta(months=months)


def _weekday(words: str, today: date, day_first: bool) -> date | None:
    match = _WEEKDAY.search(words)
    if match is None:
        return None
    name = match[2]
    weekday = _SHORT_DAYS[name] if name in _SHORT_DAYS else _WEEKDAYS.index(name)
    back = (today.weekday() - weekday) % 7
    if match[1] in ("next", "coming") or (match[3] or "").strip() == "next":
        return today + timedelta(days=7 - back)
    if back == 0 and (match[1] in ("last", "past", "previous") or match[3]):
        back = 7
    if (match[3] or "").strip() == "before last":
        back += 7
    return today - timedelta(days=back)


def _nth(words: str, today: date, day_first: bool) -> date | None:
    match = _NTH.search(words)
    if match is None:
        return None
    day = int(match[1] or match[2])
    for months_back in range(3):
        total = today.year * 12 + today.month - 1 - months_back
        try:
            candidate = date(total // 12, total % 12 + 1, day)
        except ValueError:
            continue
        if candidate <= today:
            return candidate
    return None


def _last_unit(words: str, today: date, day_first: bool) -> date | None:
    match = _LAST_UNIT.search(words)
    if match is None:
        return None
    return _shift(today, 1 if match[1] == "next" else -1, match[2])
