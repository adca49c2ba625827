"""The account guard: what counts against an account, and what makes it start again."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from urllib.parse import quote

import pytest

from esignon_conformance.redaction.secret import Secret
from esignon_conformance.runner.requests.byte_edits import serialise
from esignon_conformance.target.limits import ON_LOOPBACK
from esignon_conformance.transport.lockout_guard import AccountGuard
from selftest.support.exchanges import MADE_UP, MAIN, SECOND, TARGET, contract, plain, request_of

DOCUMENT = {"header": {}, "body": {"memb_email": plain(MAIN.email), "memb_pwd": "x"}}


def guard() -> AccountGuard:
    """Return a guard that has seen nothing yet."""
    return AccountGuard(TARGET.accounts)


def names(
    body: bytes = b"{}", target: str = "/api/gaon3021/login", account: str = "made-up"
) -> list[str]:
    """Return the accounts that a request with these bytes names."""
    request = replace(request_of("unknown-email"), body=body, target=target, account=account)
    return guard().named(request)


@pytest.mark.parametrize(
    "body",
    [
        json.dumps(DOCUMENT).encode(),
        json.dumps(DOCUMENT).upper().encode(),
        json.dumps(DOCUMENT).replace(plain(MAIN.email), f"  {plain(MAIN.email)}\\t").encode(),
        json.dumps(DOCUMENT)[:-9].encode(),
        f"email={plain(MAIN.email)}".encode(),
        f"memb_email={quote(plain(MAIN.email), safe='')}".encode(),
        "".join(f"%{ord(one):02X}" for one in plain(MAIN.email)).encode(),
        serialise(DOCUMENT, {"escape": "values"}),
        serialise(DOCUMENT, {"escape": "values", "upper": True}),
        json.dumps(DOCUMENT).replace("@", "\\u0040").encode(),
        json.dumps({"header": {"note": f"<{plain(MAIN.email)}>"}}).encode(),
        b"\xff\x00" + plain(MAIN.email).encode() + b"\\u00zz%zz%",
    ],
)
def test_an_email_counts_in_any_case_and_form_anywhere_in_the_bytes(body: bytes) -> None:
    assert names(body) == ["main"]


def test_an_email_in_the_query_string_counts() -> None:
    assert names(target=f"/api/gaon3021/login?memb_email={quote(plain(SECOND.email))}") == [
        "second"
    ]
    assert names(target=f"/api/gaon3021/login?memb_email={plain(SECOND.email).upper()}") == [
        "second"
    ]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        json.dumps({"memb_email": plain(MADE_UP.email)}).encode(),
        json.dumps({"memb_email": plain(MAIN.email).replace("@", "+tag@")}).encode(),
        json.dumps({"memb_email": plain(MAIN.email)[1:]}).encode(),
        json.dumps({"memb_pwd": plain(MAIN.password)}).encode(),
        b"\\u00" * 40,
    ],
)
def test_a_request_that_names_nobody_counts_for_nobody(body: bytes) -> None:
    assert names(body) == []


def test_a_request_may_name_several_accounts() -> None:
    assert names(f"{plain(MAIN.email)} {plain(SECOND.email)}".encode()) == ["main", "second"]


def test_an_email_is_found_whatever_letters_it_has() -> None:
    for email in ('o"brien\\x@gaon.invalid', "나리@gaon.invalid", "ÉLISE@gaon.invalid"):
        accounts = {**TARGET.accounts, "main": replace(MAIN, email=Secret(email))}
        request = request_of("wrong-password-digits", replace(TARGET, accounts=accounts))
        assert AccountGuard(accounts).named(request) == ["main"]


@pytest.mark.parametrize("case", contract().cases_of("REJ-1"), ids=lambda case: case.id)
def test_every_wrong_password_counts(case: object) -> None:
    request = request_of(getattr(case, "id", ""))
    expected = getattr(case, "account", "")
    assert guard().named(request) == ([expected] if expected != "made-up" else [])


# ---- counting --------------------------------------------------------------------------------------


def test_only_a_login_that_was_let_in_starts_the_count_again() -> None:
    made = guard()
    for expected in (1, 2, 3):
        made.note(["main"], issued=False)
        assert made.in_a_row("main") == expected
        assert made.is_exhausted("main") == (expected >= ON_LOOPBACK.wrong_passwords_in_a_row)
    made.note(["main"], issued=False)
    assert made.in_a_row("main") == 4
    made.note(["main"], issued=True)
    assert (made.in_a_row("main"), made.is_exhausted("main")) == (0, False)


def test_accounts_are_counted_apart() -> None:
    made = guard()
    for _ in range(3):
        made.note(["main"], issued=False)
    assert made.is_exhausted("main")
    assert not made.is_exhausted("second")
    made.note(["second"], issued=True)
    assert made.is_exhausted("main")
    made.note(["main", "second"], issued=False)
    assert (made.in_a_row("main"), made.in_a_row("second")) == (4, 1)
    made.note([], issued=True)
    assert made.in_a_row("main") == 4


def test_never_a_fourth_in_a_row_where_the_guard_is_asked_first() -> None:
    for outcomes in itertools.product([True, False], repeat=6):
        made, in_a_row, most = guard(), 0, 0
        for issued in outcomes:
            if made.is_exhausted("main"):
                made.note(["main"], issued=True)
                in_a_row = 0
            made.note(["main"], issued)
            in_a_row = 0 if issued else in_a_row + 1
            most = max(most, in_a_row)
        assert most <= ON_LOOPBACK.wrong_passwords_in_a_row


def test_an_account_is_unknown_until_it_is_said_what_it_is() -> None:
    made = guard()
    assert {made.state(name) for name in ("main", "second", "other", "blocked")} == {"unknown"}
    made.set_state("main", "good")
    made.set_state("second", "locked")
    assert (made.state("main"), made.state("second"), made.state("other")) == (
        "good",
        "locked",
        "unknown",
    )


def test_only_real_accounts_are_guarded() -> None:
    made = AccountGuard({"main": MAIN, "made-up": MADE_UP})
    request = replace(
        request_of("unknown-email"), body=f"{plain(MADE_UP.email)} {plain(SECOND.email)}".encode()
    )
    assert made.named(request) == []
