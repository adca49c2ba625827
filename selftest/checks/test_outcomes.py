"""REQ and REJ, case by case: what each case may come to, with allowed outcomes and others."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from esignon_conformance.i18n.message import say
from esignon_conformance.transport.messages import Exchange
from selftest.support.exchanges import contract, fault, page, refusal, success, with_answer
from selftest.support.judged import basis, verdict, verdicts
from selftest.support.outcomes import ALL, REFUSED, TURNED_AWAY, come_to, word

# ---- one case, one outcome -------------------------------------------------------------------------

ALLOWED: dict[str, tuple[str, tuple[str, ...]]] = {
    "media-type-charset": ("REQ-3", ("00",)),
    "media-type-letter-case": ("REQ-3", ("00",)),
    "extra-body-member": ("REQ-4", ("00",)),
    "query-language-en": ("REQ-4", ("00",)),
    "media-type-xml": ("REQ-7", (*REFUSED, TURNED_AWAY)),
    "media-type-none": ("REQ-7", (*REFUSED, TURNED_AWAY)),
    "wrong-password-same-length": ("REJ-1", ("10",)),
    "wrong-password-of-second-account": ("REJ-1", ("10",)),
    "odd-password-emoji": ("REJ-1", REFUSED),
    "unknown-email-letter-after": ("REJ-2", ("10",)),
    "unknown-email-no-at-sign": ("REJ-2", REFUSED),
    "odd-email-nul": ("REJ-2", REFUSED),
    "blocked-company": ("REJ-4", ("95",)),
    "unknown-company-right-credentials": ("REJ-5", REFUSED),
    "unknown-company-hangul": ("REJ-5", REFUSED),
    "own-account-under-other-company": ("REJ-6", REFUSED),
    "cut-before-last-brace": ("REJ-7", ("12", "99")),
    "empty-body": ("REJ-7", ("12", "99")),
    "form-data-body": ("REJ-7", ("12", "99")),
    "missing-memb-email": ("REJ-8", REFUSED),
    "wrong-type-body-string": ("REJ-8", REFUSED),
    "json-null": ("REJ-8", REFUSED),
    "missing-request-code": ("REJ-9", ("12", "99")),
    "request-code-other": ("REJ-9", ("12", "99")),
    "password-swapped-case": ("SEC-2", REFUSED),
    "password-cut-last": ("SEC-2", REFUSED),
    "wrong-type-memb-pwd-array": ("SEC-2", REFUSED),
    "password-empty": ("SEC-2", REFUSED),
    "sql-or-in-password": ("SEC-3", REFUSED),
    "like-percent-in-email": ("SEC-3", REFUSED),
    "glob-in-company": ("SEC-3", REFUSED),
    "password-blank-after": ("SEC-6", REFUSED),
    "password-nul-after": ("SEC-7", REFUSED),
    "password-soft-hyphen-inside": ("SEC-7", REFUSED),
}


@pytest.mark.parametrize(
    ("case_id", "result"), [(case_id, result) for case_id in ALLOWED for result in ALL]
)
def test_a_case_comes_to_what_its_clause_allows(case_id: str, result: str) -> None:
    clause_id, allowed = ALLOWED[case_id]
    clause = contract().clauses[clause_id]
    assert contract().cases[case_id].clause == clause_id
    judged = verdict(clause_id, come_to(case_id, result))
    if result in allowed:
        assert judged.verdict == "holds"
        return
    if result == TURNED_AWAY and not clause.parameters.get("http_answers"):
        # What the HTTP layer turned away was not looked at by the application.
        assert judged.verdict == "not-judged" or case_id in judged.left_out
        return
    assert judged.verdict == ("fails" if clause.level == "must" else "advisory")
    (finding,) = judged.findings
    assert finding.cases == (case_id,)
    assert finding.got.key == ("turned-away" if result == TURNED_AWAY else "code")


def test_every_clause_that_judges_case_by_case_stands_in_the_table() -> None:
    judged = {one.id for one in contract().clauses.values() if one.check == "outcome"}
    assert judged == {clause_id for clause_id, _ in ALLOWED.values()}


@pytest.mark.parametrize("case_id", ["wrong-password-digits", "empty-body", "blocked-company"])
def test_an_answer_without_outcome_is_not_judged_again(case_id: str) -> None:
    clause_id = contract().cases[case_id].clause
    for broken in (
        page(case_id, 404),
        fault(case_id),
        refusal(case_id, {"/header/result_code": "77"}),
        refusal(case_id, {"/header/result_code": 10}),
        with_answer(come_to(case_id, "00"), missing=4, ended="closed"),
    ):
        assert word(clause_id, broken) in ("holds", "not-judged")


# The grave is not hidden by the slight: PHP files with a byte order mark, messages in EUC-KR, NaN.
@pytest.mark.parametrize(
    "spoil",
    [
        lambda body: b"\xef\xbb\xbf" + body,
        lambda body: body.decode().encode("utf-16"),
        lambda body: body.decode().replace('"session_id": ""', '"session_id": NaN').encode(),
        lambda body: body.replace(b'"result_msg": "', b'"result_msg": "\t\xb7\xce'),
        lambda body: body[:-1],
        lambda body: b"callback(" + body + b")",
    ],
)
def test_whoever_is_let_in_by_a_broken_answer_is_let_in(spoil: Callable[[bytes], bytes]) -> None:
    def sent(case_id: str, code: str) -> Exchange:
        right = come_to(case_id, code)
        assert right.answer is not None
        return with_answer(right, body=spoil(right.answer.body))

    logins = ["right-login", "right-login-second", "right-login-other"]
    broken = [sent(one, "00") for one in logins]
    broken += [sent("unknown-email", "10"), sent("unknown-company", "10")]
    judged = verdicts([*broken, sent("wrong-password", "00"), sent("password-upper-case", "10")])
    assert [one for one in judged if judged[one].verdict == "fails"] == ["ENV-1", "REJ-1"]
    judged = verdicts([*broken, sent("wrong-password", "10"), sent("password-upper-case", "00")])
    assert [one for one in judged if judged[one].verdict == "fails"] == ["ENV-1", "SEC-2"]
    assert set(judged["SEC-2"].left_out) == set()
    read = [come_to("cut-before-last-brace", "12"), sent("trailing-comma", "00")]
    lenient = verdicts([*basis(), *read])
    assert lenient["REJ-13"].findings[0].got == say("read-trailing-comma", code="00")
    # A refusal that is broken, too, is no tick.
    judged = verdicts([*broken, sent("wrong-password", "10"), sent("password-upper-case", "10")])
    assert [one for one in judged if judged[one].verdict == "fails"] == ["ENV-1"]
    assert {judged[one].verdict for one in ("REJ-1", "SEC-2", "SEC-3")} == {"not-judged"}


def test_a_right_login_in_another_form_that_gets_codes_in_turn_is_told() -> None:
    # REJ-11 speaks of bad requests alone.
    judged = verdict("REQ-4", *(come_to("extra-body-member", code) for code in ("10", "12")))
    assert (judged.verdict, len(judged.findings)) == ("advisory", 2)


def test_cases_that_deviate_alike_are_one_finding() -> None:
    cases = ["wrong-password-digits", "wrong-password-hangul", "wrong-password-company"]
    judged = verdict("REJ-1", *(refusal(name, code="99") for name in cases))
    (finding,) = judged.findings
    assert (finding.case, finding.cases) == (cases[0], tuple(cases))
    two = verdict("REJ-1", refusal(cases[0], code="99"), refusal(cases[1], code="12"))
    assert [one.cases for one in two.findings] == [(cases[0],), (cases[1],)]


@pytest.mark.parametrize(
    ("case_id", "clause_id"),
    [("wrong-password-query-en", "REJ-1"), ("unknown-email-query-en", "REJ-2")],
)
def test_a_form_that_right_logins_get_in_by_is_no_reason_for_another_code(
    case_id: str, clause_id: str
) -> None:
    in_form = "query-language-en"
    assert contract().cases[case_id].in_form_of == in_form
    refused = refusal(case_id, code="12")
    assert verdict(clause_id, refused, success(in_form)).verdict == "fails"
    # The form may be the reason (REQ-4), and is where nothing is known of it.
    assert verdict(clause_id, refused, refusal(in_form, code="12")).verdict == "holds"
    assert verdict(clause_id, refused).verdict == "holds"
    assert verdict(clause_id, success(case_id), refusal(in_form, code="12")).verdict == "fails"
