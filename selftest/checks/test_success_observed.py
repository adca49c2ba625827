"""SUC-15: what is recorded of successes and is never a finding."""

from __future__ import annotations

from typing import Any

import pytest

from esignon_conformance.i18n.message import say
from selftest.support.exchanges import success
from selftest.support.judged import failing, verdict, verdicts
from selftest.support.logins import LOGINS, every_login


def test_suc_15_records_what_stays_and_what_changes() -> None:
    seen = verdict("SUC-15").observed
    assert seen["device_id"] == seen["expire_date"] == "same"
    assert seen["expire_date_form"] == "separated"
    fixed = {"/body/access_token": "x" * 30, "/body/expire_date": "1906502400"}
    judged = verdicts([success(changes=fixed), success(changes=fixed)], only=["SUC-15"])
    assert judged["SUC-15"].observed["access_token"] == "same"
    assert judged["SUC-15"].observed["expire_date_form"] == "epoch"
    new = verdicts([success(), success()], only=["SUC-15"])["SUC-15"].observed
    assert new["access_token"] == "differs"


@pytest.mark.parametrize(
    ("expiry", "shape"),
    [
        ("2999-12-31 23:59:59", "0000-00-00 00:00:00"),
        ("2999-12-31T23:59:59+09:00", "0000-00-00T00:00:00+00:00"),
        ("29991231", "00000000"),
        ("2999년 12월 31일", "0000년 00월 00일"),
        ("2999년 12월 31일 (화) 오후 10시", "0000년 00월 00일 (요) 오전/오후 00시"),
        ("Tue Dec 31 13:30:05 KST 2999", "Day Month 00 00:00:00 KST 0000"),
        ("Dec 31, 2999, 1:30 PM", "Month 00, 0000, 0:00 AM/PM"),
        ("01/02/2999", "00/00/0000"),
        ("27 décembre 2999", "00 a 0000"),
        ("Kq7-a-secret-of-the-server-12345", "a0-a-a-a-a-a-00000"),
        ("9" * 5000, "(long)"),
        ("Kq7-a-secret-of-the-server-9", "unreadable"),
        (None, "unreadable"),
    ],
)
def test_suc_15_records_how_an_expiry_is_written(expiry: Any, shape: str) -> None:
    changes = {"/body/expire_date": expiry}
    seen = verdicts([success(changes=changes)], only=["SUC-15"])["SUC-15"].observed
    assert seen["expire_date_shape"] == shape


@pytest.mark.parametrize(
    ("expiry", "days"),
    [
        ("2030-07-01 00:00:00", "30"),
        ("2030-07-01T09:00:00+09:00", "30"),
        ("2030-06-01 01:00:00", "0"),
        ("2030-05-30", "-2"),
        ("9999-12-31", ">3650"),
        ("01/02/2031", None),
        ("never", None),
    ],
)
def test_suc_15_records_how_far_ahead_an_expiry_lies(expiry: str, days: str | None) -> None:
    told = success(
        changes={"/body/expire_date": expiry}, headers={"Date": "Sat, 01 Jun 2030 00:00:00 GMT"}
    )
    seen = verdicts([told], only=["SUC-15"])["SUC-15"].observed
    assert seen.get("expire_date_days_ahead") == days


@pytest.mark.parametrize(
    "expiry", ["01/02/2999", "27-DEC-26", "2592000", "1. Mai 2999", "9" * 5000]
)
def test_suc_4_is_not_judged_where_no_date_was_read(expiry: str) -> None:
    judged = verdicts(every_login({"/body/expire_date": expiry}), only=[*LOGINS, "SUC-15"])
    assert failing(judged) == set()
    assert judged["SUC-4"].verdict == "not-judged"
    assert judged["SUC-4"].reason == say("dates-of-unknown-form")
    assert judged["SUC-15"].observed["expire_date_form"] == "unknown"


def test_suc_4_names_the_cases_whose_date_was_not_read() -> None:
    other = success("right-login-other", {"/body/expire_date": "01/02/2999"})
    judged = verdicts([success(), success(), other], only=LOGINS)
    assert judged["SUC-4"].verdict == "holds"
    assert judged["SUC-4"].left_out == {"right-login-other": say("dates-of-unknown-form")}
    assert judged["SUC-4"].exchanges == 2


@pytest.mark.parametrize(
    ("token", "form"),
    [
        ("eyJhbGciOi.eyJzdWIiOiIx.SflKxwRJ-_", "JWT"),
        ("0f8fad5b-d9cb-469f-a165-70867728950e", "UUID"),
        ("0f8fad5bd9cb469fa16570867728950e", "hexadecimal"),
        ("dGhlIHRva2VuIG9mIG5vYm9keQ==", "base64"),
        ("a token of words", "other"),
        (7, "no string"),
    ],
)
def test_suc_15_records_the_form_of_a_token(token: Any, form: str) -> None:
    changes = {"/body/access_token": token}
    seen = verdicts([success(changes=changes)], only=["SUC-15"])["SUC-15"].observed
    assert seen["access_token_form"] == form


def test_suc_15_is_never_a_finding() -> None:
    judged = verdicts(every_login({"/body/expire_date": "never"}), only=["SUC-15"])["SUC-15"]
    assert (judged.verdict, judged.observed["expire_date_form"]) == ("observed", "unreadable")
    assert verdicts([], only=["SUC-15"])["SUC-15"].verdict == "not-judged"
