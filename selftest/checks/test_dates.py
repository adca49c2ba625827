"""SUC-4: `expire_date` is read in every form that platforms print, and what holds no date is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esignon_conformance.checks.date_forms import FORMS as PATTERNS
from esignon_conformance.checks.dates import SLACK, Expiry, Unread, clock_of, read_expiry
from esignon_conformance.tools.reference.faults.success_members import VALUES
from esignon_conformance.tools.reference.liberties.successes import EXPIRIES
from selftest.support.printed_dates import CLOCK, DAY, PRINTED
from selftest.support.unread_dates import FAR_AHEAD, LONG_PAST, NO_DATE, UNKNOWN

READ = [
    pytest.param(form, *row[:3], id=f"{row[3]}: {row[0]}")
    for form, rows in PRINTED.items()
    for row in rows
]


@pytest.mark.parametrize(("form", "text", "moment", "exact"), READ)
def test_what_a_platform_prints_is_read(
    form: str, text: str, moment: datetime, exact: bool
) -> None:
    for written in (text, f" {text}\n", text.replace(" ", "\u00a0"), text.replace(" ", "  ")):
        expiry = read_expiry(written)
        assert isinstance(expiry, Expiry)
        assert (expiry.moment.replace(microsecond=0), expiry.exact, expiry.form) == (
            moment,
            exact,
            form,
        )


def test_the_table_is_of_many_platforms_and_every_form() -> None:
    assert len(READ) >= 130
    assert set(PRINTED) == {form for form, _ in PATTERNS}


@pytest.mark.parametrize("text", NO_DATE)
def test_what_holds_no_date_or_an_impossible_one_is_none(text: str) -> None:
    assert read_expiry(text) is Unread.NONE


@pytest.mark.parametrize("text", UNKNOWN, ids=lambda text: text[:40])
def test_what_may_be_a_date_in_a_form_that_is_not_known_is_no_failure(text: str) -> None:
    assert read_expiry(text) is Unread.UNKNOWN


@pytest.mark.parametrize("text", FAR_AHEAD)
def test_a_date_far_in_the_future_is_fine(text: str) -> None:
    expiry = read_expiry(text)
    assert isinstance(expiry, Expiry)
    for zone in (UTC, timezone(timedelta(hours=-12)), timezone(timedelta(hours=14))):
        assert not expiry.is_past(DAY.astimezone(zone))


@pytest.mark.parametrize("text", LONG_PAST)
def test_a_date_of_no_time_at_all_is_past(text: str) -> None:
    expiry = read_expiry(text)
    assert isinstance(expiry, Expiry)
    assert expiry.is_past(DAY)
    expiry.is_past(datetime.min.replace(tzinfo=UTC))
    expiry.is_past(datetime.max.replace(tzinfo=UTC))


@given(
    st.text(max_size=60)
    | st.from_regex("|".join(pattern for _, pattern in PATTERNS[:1]), fullmatch=True)
)
def test_no_text_raises(text: str) -> None:
    assert isinstance(read_expiry(text), (Expiry, Unread))


@given(
    st.lists(
        st.sampled_from(
            [
                *("2026", "99999", "년", "월", "일", "오후 ", " PM", "KST", "Dec", "Sun, ", "W"),
                *("/Date(", ")/", "GMT+9", "+99:99", "0000", "9" * 30, "m=+"),
                *"0123456789 -./:,T+Z()[]",
            ]
        ),
        max_size=14,
    )
)
def test_no_pieces_of_dates_raise(pieces: list[str]) -> None:
    found = read_expiry("".join(pieces))
    if isinstance(found, Expiry):
        found.is_past(DAY)


def test_a_day_of_slack_is_given_where_zone_or_time_is_unknown() -> None:
    vague, exact = read_expiry("2026-12-27 13:30:05"), read_expiry("2026-12-27T13:30:05Z")
    assert isinstance(vague, Expiry)
    assert isinstance(exact, Expiry)
    second = timedelta(seconds=1)
    assert not vague.is_past(CLOCK + SLACK)
    assert vague.is_past(CLOCK + SLACK + second)
    assert not exact.is_past(CLOCK)
    assert exact.is_past(CLOCK + second)


def test_now_is_the_date_of_the_answer_else_the_clock() -> None:
    assert clock_of("Sun, 27 Dec 2026 13:30:05 GMT", 0.0) == CLOCK
    assert clock_of("Sun, 27 Dec 2026 13:30:05 -0000", 0.0) == CLOCK


@pytest.mark.parametrize(
    "header",
    [
        *(None, "", "yesterday", "2030-06-01T15:04:05Z", "Sun, 27 Dec 99999 13:30:05 GMT"),
        *(f"Sun, 27 Dec {'9' * 30} 13:30:05 GMT"),
        *(
            f"Sun, 27 Dec {'9' * 5000} 13:30:05 GMT",
            "Sun, 27 Dec 2026 13:30:05 +99999999999999999999",
        ),
        *(f"Sun, {'9' * 100} Dec 2026 13:30:05 GMT", f"Sun, 27 Dec 2026 {'9' * 50}:30:05 GMT"),
    ],
    ids=lambda header: str(header)[:40],
)
def test_a_date_header_that_is_none_is_no_clock(header: str | None) -> None:
    assert clock_of(header, CLOCK.timestamp()) == CLOCK


UNREAD_LIBERTIES = frozenset(
    {
        *("either-order", "oracle-two-digits", "german-words", "hijri", "month", "time-only"),
        *("seconds-to-come", "microseconds", "long-text"),
    }
)


@pytest.mark.parametrize(("name", "write"), [(row[0], row[2]) for row in EXPIRIES])
def test_the_dates_of_known_good_servers_are_read_and_to_come(name: str, write: Any) -> None:
    text = write(None, {})
    expiry = read_expiry(text)
    if name in UNREAD_LIBERTIES:
        assert expiry is Unread.UNKNOWN, text
    else:
        assert isinstance(expiry, Expiry), text
        assert not expiry.is_past(datetime.now(UTC)), text


@pytest.mark.parametrize(
    ("name", "write"), [(row[0], row[3]) for row in VALUES if row[0].startswith("expiry-")]
)
def test_the_dates_of_known_bad_servers_are_none_or_past(name: str, write: Any) -> None:
    text = write("2026-12-27 13:30:05.0")
    if isinstance(text, str):
        expiry = read_expiry(text)
        assert expiry is Unread.NONE or (
            isinstance(expiry, Expiry) and expiry.is_past(datetime.now(UTC))
        ), (name, text)
    else:
        assert text is not None or name in ("expiry-null", "expiry-absent"), name
