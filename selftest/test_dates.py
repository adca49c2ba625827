"""SUC-4: `expire_date` is read in every usual form, and what holds no date is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from esignon_conformance.checks.dates import SLACK, clock_of, read_expiry

KST = timezone(timedelta(hours=9))
DAY = datetime(2030, 6, 1, tzinfo=UTC)
AFTERNOON = datetime(2030, 6, 1, 15, 4, 5, tzinfo=UTC)
MINUTE = AFTERNOON.replace(second=0)
IN_SEOUL = datetime(2030, 6, 1, 15, 4, 5, tzinfo=KST)

# Each form with the moment that it names, and whether zone and time are both known.
FORMS: dict[str, tuple[datetime, bool]] = {
    # A date alone.
    "2030-06-01": (DAY, False),
    "2030.06.01": (DAY, False),
    "2030.06.01.": (DAY, False),
    "2030/06/01": (DAY, False),
    "2030-6-1": (DAY, False),
    "2030. 6. 1.": (DAY, False),
    "20300601": (DAY, False),
    "2030년 6월 1일": (DAY, False),
    "2030년06월01일": (DAY, False),
    " 2030-06-01\n": (DAY, False),
    "2030-06-01Z": (DAY, False),
    "2030-06-01+09:00": (DAY.replace(tzinfo=KST), False),
    # With a time.
    "2030-06-01 15:04:05": (AFTERNOON, False),
    "2030.06.01 15:04:05": (AFTERNOON, False),
    "2030/06/01 15:04:05": (AFTERNOON, False),
    "2030/06/01  15:04": (MINUTE, False),
    "2030-06-01T15:04:05": (AFTERNOON, False),
    "2030-06-01t15:04": (MINUTE, False),
    "2030년 6월 1일 15시 4분 5초": (AFTERNOON, False),
    "2030년 06월 01일 15:04:05": (AFTERNOON, False),
    "2030년 6월 1일 15시 4분": (MINUTE, False),
    "2030-06-01 24:00:00": (DAY + timedelta(days=1), False),
    "2030-06-01 23:59:60": (DAY.replace(hour=23, minute=59, second=59), False),
    # Morning and afternoon.
    "2030-06-01 오후 3:04:05": (AFTERNOON, False),
    "2030. 6. 1. 오후 3:04:05": (AFTERNOON, False),
    "2030년 6월 1일 오후 3시 4분 5초": (AFTERNOON, False),
    "2030-06-01 오전 12:00": (DAY, False),
    "2030-06-01 03:04:05 PM": (AFTERNOON, False),
    "2030-06-01 3:04:05 p.m.": (AFTERNOON, False),
    "2030/06/01 PM 03:04:05": (AFTERNOON, False),
    "2030-06-01 12:00 AM": (DAY, False),
    "2030-06-01 12:00 pm": (DAY.replace(hour=12), False),
    # A fraction of any length.
    "2030-06-01 15:04:05.1": (AFTERNOON, False),
    "2030-06-01T15:04:05.123": (AFTERNOON, False),
    "2030-06-01T15:04:05,123456": (AFTERNOON, False),
    "2030-06-01T15:04:05.123456789Z": (AFTERNOON, True),
    "2030-06-01T15:04:05.1234567890123Z": (AFTERNOON, True),
    # Joined.
    "203006011504": (MINUTE, False),
    "20300601150405": (AFTERNOON, False),
    "20300601150405123": (AFTERNOON, False),
    "20300601150405.123": (AFTERNOON, False),
    "20300601T150405": (AFTERNOON, False),
    "20300601T150405Z": (AFTERNOON, True),
    "20300601 15:04:05": (AFTERNOON, False),
    "20300601150405+0900": (IN_SEOUL, True),
    # An offset or Z.
    "2030-06-01T15:04:05Z": (AFTERNOON, True),
    "2030-06-01T15:04:05z": (AFTERNOON, True),
    "2030-06-01 15:04:05 UTC": (AFTERNOON, True),
    "2030-06-01T15:04:05+09:00": (IN_SEOUL, True),
    "2030-06-01T15:04:05+0900": (IN_SEOUL, True),
    "2030-06-01T15:04:05+09": (IN_SEOUL, True),
    "2030-06-01 15:04:05 +09:00": (IN_SEOUL, True),
    "2030-06-01 15:04:05 KST": (IN_SEOUL, True),
    "2030-06-01T15:04:05-00:00": (AFTERNOON, True),
    "2030-06-01T08:04:05.000-07:00": (AFTERNOON, True),
    "2030-06-01T15:04:05+09:00[Asia/Seoul]": (IN_SEOUL, True),
    # RFC 1123.
    "Sat, 01 Jun 2030 15:04:05 GMT": (AFTERNOON, True),
    "Sat, 01 Jun 2030 15:04:05 +0900": (IN_SEOUL, True),
    "01 Jun 2030 15:04:05 GMT": (AFTERNOON, True),
    # Epoch.
    "1906556645": (AFTERNOON, True),
    "1906556645000": (AFTERNOON, True),
}


@pytest.mark.parametrize(
    ("text", "moment", "exact"), [(k, *v) for k, v in FORMS.items()], ids=FORMS
)
def test_a_usual_form_is_read(text: str, moment: datetime, exact: bool) -> None:
    expiry = read_expiry(text)
    assert expiry is not None
    assert (expiry.moment.replace(microsecond=0), expiry.exact) == (moment, exact)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "never",
        "무기한",
        "null",
        "0",
        "3600",
        "86400000",
        "P1D",
        "in 30 days",
        "01/06/2030",
        "06-01-2030",
        "30-06-01",
        "2030-06",
        "2030",
        "2030-13-01",
        "2030-06-31",
        "2030-02-29",
        "0000-00-00 00:00:00",
        "2030-06-01 25:00",
        "2030-06-01 15:60",
        "2030-06-01 15:04:05 later",
        "expires 2030-06-01",
        "20301301",
        "190655664",
        "19065566450",
        "-1906556645",
        "1906556645.5",
        "{만료일}",
        "2030-06-01T",
    ],
)
def test_what_holds_no_date_is_not_read(text: str) -> None:
    assert read_expiry(text) is None


@pytest.mark.parametrize(
    "text", ["9999-12-31", "9999-12-31T23:59:59Z", "99991231235959", "2999.12.31"]
)
def test_a_date_far_in_the_future_is_fine(text: str) -> None:
    expiry = read_expiry(text)
    assert expiry is not None
    assert not expiry.is_past(DAY)
    assert not expiry.is_past(DAY.astimezone(timezone(timedelta(hours=-12))))


def test_a_day_of_slack_is_given_where_zone_or_time_is_unknown() -> None:
    vague, exact = read_expiry("2030-06-01 15:04:05"), read_expiry("2030-06-01T15:04:05Z")
    assert vague is not None
    assert exact is not None
    second = timedelta(seconds=1)
    assert not vague.is_past(AFTERNOON + SLACK)
    assert vague.is_past(AFTERNOON + SLACK + second)
    assert not exact.is_past(AFTERNOON)
    assert exact.is_past(AFTERNOON + second)


def test_now_is_the_date_of_the_answer_else_the_clock() -> None:
    assert clock_of("Sat, 01 Jun 2030 15:04:05 GMT", 0.0) == AFTERNOON
    assert clock_of("Sat, 01 Jun 2030 15:04:05 -0000", 0.0) == AFTERNOON
    for unreadable in (None, "", "yesterday", "2030-06-01T15:04:05Z"):
        assert clock_of(unreadable, AFTERNOON.timestamp()) == AFTERNOON


@pytest.mark.parametrize(
    "text", ["2030-06-01 15시", "２０３０-０６-０１", "2030-06-01T15:04:05 Asia/Seoul"]
)
def test_a_rare_form_does_not_break_the_reader(text: str) -> None:
    read_expiry(text)
