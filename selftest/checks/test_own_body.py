"""REQ-9: no answer is that of another request, as from a cache or a mock with one example."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from esignon_conformance.i18n.message import say
from esignon_conformance.transport.messages import Exchange
from selftest.support.exchanges import MAIN, plain, refusal, success
from selftest.support.judged import failing, got, verdicts

_DIFFERENT = ("wrong-password", "unknown-email", "empty-body", "cut-inside-password", "json-null")


def _cached(*cases: str) -> list[Exchange]:
    """Return a right login, and other requests of its path that get its very body."""
    first = success()
    return [first, *(replace(success(name), answer=first.answer) for name in cases)]


LOGINS = [success("right-login"), success("right-login-second")]
# Nothing is judged where no unreadable body was sent.
_BEFORE = [*LOGINS, refusal("empty-body"), refusal("cut-inside-password")]


def _given(login: Exchange, *cases: str) -> list[Exchange]:
    """Return requests that got the answer to a login."""
    return [replace(success(name), answer=login.answer) for name in cases]


def test_req_9_sees_one_body_for_different_requests_and_leaves_the_rest_unjudged() -> None:
    judged = verdicts(_cached(*_DIFFERENT))
    assert failing(judged) == {"REQ-9"}
    assert len(judged["REQ-9"].findings[0].exchanges) == len(_DIFFERENT)
    assert judged["ENV-4"].verdict == judged["SEC-4"].verdict == "holds"
    for clause_id in ("REJ-1", "SUC-8", "SEC-2", "REJ-11", "REQ-5", "SUC-15"):
        assert judged[clause_id].reason == say("builds-on-failed", clause="REQ-9")


@pytest.mark.parametrize(
    "rows",
    [
        _cached(*_DIFFERENT[:4]),
        _cached(*(one for one in _DIFFERENT if one != "empty-body"), "wrong-password-digits"),
        [*_cached(*_DIFFERENT), refusal("unknown-email-hangul")],
        [success(), *(success(name) for name in _DIFFERENT)],
        [*map(refusal, _DIFFERENT), *_cached()],
    ],
    ids=[
        "four of others",
        "one unreadable",
        "one of its own",
        "bodies of their own",
        "only before",
    ],
)
def test_req_9_needs_all_that_the_clause_names(rows: list[Exchange]) -> None:
    assert verdicts(rows)["REQ-9"].verdict != "fails"


_OWN_AT_TIMES = [refusal(name) for name in _DIFFERENT]


def test_req_9_sees_the_body_of_a_login_for_requests_that_get_their_own_at_times() -> None:
    judged = verdicts([*_cached(*_DIFFERENT), *_OWN_AT_TIMES])
    assert failing(judged) == {"REQ-9"}
    assert len(judged["REQ-9"].findings[0].exchanges) == len(_DIFFERENT)
    assert judged["REJ-1"].reason == say("builds-on-failed", clause="REQ-9")


def test_req_9_has_no_tick_where_a_few_requests_got_the_body_of_a_login() -> None:
    judged = verdicts([*_cached("wrong-password", "cut-inside-password"), *_OWN_AT_TIMES])
    assert judged["REQ-9"].verdict == "not-judged"


def test_req_9_sees_a_cache_that_gives_each_answer_to_a_few() -> None:
    few = [
        *_cached("wrong-password", "cut-inside-password"),
        *_cached("unknown-email", "empty-body"),
        *_cached("json-null"),
    ]
    judged = verdicts([*few, *_OWN_AT_TIMES])
    assert failing(judged) == {"REQ-9"}
    # A body of a login that no unreadable request got proves nothing by itself, and is shown as well.
    assert len(judged["REQ-9"].findings[0].exchanges) == len(_DIFFERENT)


def test_req_9_is_not_about_a_body_that_is_taken_for_a_login_each_time() -> None:
    # By the database's first row, say: its token is the same for a second, and another one afterwards.
    unread = [one for one in _DIFFERENT if one != "wrong-password"]
    rows = [*_cached(*unread), *_cached(*unread), refusal("wrong-password")]
    judged = verdicts(rows)
    assert judged["REQ-9"].verdict == "holds"
    assert "REJ-7" in failing(judged)


def test_req_9_sees_the_body_of_a_login_that_comes_again_after_a_newer_one() -> None:
    first, newer = _cached(), success()
    again = [replace(success(name), answer=first[0].answer) for name in _DIFFERENT]
    assert failing(verdicts([*first, newer, *again])) == {"REQ-9"}
    assert verdicts([*first, *again, newer])["REQ-9"].verdict != "fails"


_SECONDS = ("wrong-password", "wrong-password-digits", "extra-body-member", "header-language-en")


def test_req_9_sees_that_an_account_gets_the_body_of_another_ones_login() -> None:
    # No request of theirs was sent again, but the account itself has an answer of its own.
    rows = [*_BEFORE, *_given(LOGINS[1], "right-login", *_SECONDS)]
    assert failing(verdicts(rows)) == {"REQ-9"}
    few = [*_BEFORE, *_given(LOGINS[1], "right-login", *_SECONDS[:3])]
    assert verdicts(few)["REQ-9"].verdict == "not-judged"


def test_req_9_is_not_about_a_password_that_lets_its_owner_in_whatever_the_email() -> None:
    rows = [*_BEFORE, *_given(LOGINS[0], *["second-wrong-password-of-main"] * 6)]
    judged = verdicts(rows)
    assert judged["REQ-9"].verdict == "holds"
    assert "REJ-1" in failing(judged)


def test_req_9_is_not_about_right_logins_that_get_the_answers_of_others() -> None:
    rows = [*_BEFORE, *_given(LOGINS[1], "right-login", *_SECONDS[2:], *_SECONDS[2:])]
    assert verdicts(rows)["REQ-9"].verdict == "holds"


# Five that are no login of that account.
_ASKED = (*_DIFFERENT, "unknown-email-hangul")


def _anew(*cases: str, **changes: Any) -> list[Exchange]:
    """Return a right login, and other requests that get its answer with a token of their own."""
    first = success()
    own = {"/body/memb_email": plain(MAIN.email), "/body/comp_id": MAIN.company}
    own |= {"/body/device_id": "device-of-main"}
    return [first, *(success(name, own | changes) for name in cases)]


def test_req_9_sees_one_answer_with_new_tokens_for_different_requests() -> None:
    judged = verdicts(_anew(*_ASKED))
    assert failing(judged) == {"REQ-9"}
    assert got(judged["REQ-9"]) == ["the-same-answer-anew"]
    assert judged["REJ-1"].reason == say("builds-on-failed", clause="REQ-9")


@pytest.mark.parametrize(
    "rows",
    [
        _anew(*_ASKED[:5]),
        [*_anew(*_ASKED), refusal("unknown-email-hangul")],
        [*_anew(*_ASKED[:5]), *_anew("empty-body", **{"/body/memb_email": "a@b.invalid"})],
        [*_anew(*_ASKED[:5]), *_anew("empty-body", **{"/header/result_code": "99"})],
        # Of the account of that login itself: it may be read leniently.
        _anew("cut-before-last-brace", *["wrong-password"] * 6),
    ],
    ids=["four of others", "one refused", "another email", "another code", "of its own account"],
)
def test_req_9_needs_the_same_answer_whatever_is_asked(rows: list[Exchange]) -> None:
    assert verdicts(rows)["REQ-9"].verdict != "fails"
