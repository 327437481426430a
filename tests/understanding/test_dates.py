"""Dates as buyers write them, on Wednesday, 18 November 2026."""

from __future__ import annotations

from datetime import date

import pytest

from bot.understanding.dates import parse_past_date, reads_day_first

TODAY = date(2026, 11, 18)

PAST = [
    ("today", "2026-11-18"),
    ("i got it this morning", "2026-11-18"),
    ("yesterday", "2026-11-17"),
    ("yesteday", "2026-11-17"),
    ("last night", "2026-11-17"),
    ("the day before yesterday", "2026-11-16"),
    ("last Tuesday", "2026-11-17"),
    ("on wednesday", "2026-11-18"),
    ("last wednsday", "2026-11-11"),
    ("it came on Fri", "2026-11-13"),
    ("Monday before last", "2026-11-09"),
    ("3 May", "2026-05-03"),
    ("25 december", "2025-12-25"),
    ("25 decmber", "2025-12-25"),
    ("nov 5", "2026-11-05"),
    ("5th of november 2025", "2025-11-05"),
    ("May the 4th", "2026-05-04"),
    ("November 2nd, 2026", "2026-11-02"),
    ("30 sept '26", "2026-09-30"),
    ("on the 3rd", "2026-11-03"),
    ("the 25th", "2026-10-25"),
    ("the 31st", "2026-10-31"),
    ("2026-11-02", "2026-11-02"),
    ("8.11.2026", "2026-11-08"),
    ("2 weeks ago", "2026-11-04"),
    ("a fortnight ago", "2026-11-04"),
    ("it's been three weeks", "2026-10-28"),
    ("about a month ago", "2026-10-18"),
    ("half a year ago", "2026-05-18"),
    ("a couple of days ago", "2026-11-16"),
    ("twenty five days ago", "2026-10-24"),
    ("5 days", "2026-11-13"),
    ("last week", "2026-11-11"),
    ("It was delivered on 9 November, in the evening", "2026-11-09"),
]

FUTURE = [
    ("tomorrow", "2026-11-19"),
    ("tomorow", "2026-11-19"),
    ("next Tuesday", "2026-11-24"),
    ("in 3 days", "2026-11-21"),
    ("May 3rd, 2027", "2027-05-03"),
    ("2026-12-24", "2026-12-24"),
    ("next week", "2026-11-25"),
]

NO_DATE = [
    "it broke after 8 months",
    "the motor gave out within two weeks",
    "it only worked for three days",
    "",
    "banana",
    "40010001",
    "I don't know",
    "maybe later",
    "may be",
    "two",
    "31/02/2026",
    "99/99/2026",
    "a few days ago",
    "3 days after I ordered",
    "5 days too late",
    "😡",
    "9" * 5_000,
    "99999 weeks ago",
]


@pytest.mark.parametrize(("text", "day"), PAST)
def test_reads_a_day_that_has_been(text: str, day: str) -> None:
    parsed = parse_past_date(text, TODAY)
    assert (parsed.date, parsed.in_future) == (date.fromisoformat(day), False)


@pytest.mark.parametrize(("text", "day"), FUTURE)
def test_tells_that_a_day_is_still_to_come(text: str, day: str) -> None:
    parsed = parse_past_date(text, TODAY)
    assert (parsed.date, parsed.in_future) == (date.fromisoformat(day), True)


@pytest.mark.parametrize("text", NO_DATE)
def test_finds_no_day_where_there_is_none(text: str) -> None:
    assert parse_past_date(text, TODAY).date is None


@pytest.mark.parametrize(
    ("text", "day_first", "day"),
    [
        ("05/11/2026", True, "2026-11-05"),
        ("05/11/2026", False, "2026-05-11"),
        ("5-11-26", True, "2026-11-05"),
        ("13/11/2026", False, "2026-11-13"),
        ("11/13/2026", True, "2026-11-13"),
        ("03/04", True, "2026-04-03"),
        ("03/04", False, "2026-03-04"),
        ("8.11.2026", False, "2026-11-08"),
        ("2026-04-03", False, "2026-04-03"),
    ],
)
def test_day_and_month_follow_the_buyers_country(text: str, day_first: bool, day: str) -> None:
    assert parse_past_date(text, TODAY, day_first).date == date.fromisoformat(day)


def test_a_leap_day_has_its_year_worked_out() -> None:
    assert parse_past_date("29 February", TODAY).date == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("country", "day_first"),
    [("US", False), ("GB", True), ("BR", True), ("DE", True), ("ZZ", True), (None, True)],
)
def test_knows_which_countries_write_the_day_first(country: str | None, day_first: bool) -> None:
    assert reads_day_first(country) is day_first
