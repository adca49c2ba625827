"""REQ-8, REJ-12: what is recorded of outcomes and is never a finding."""

from __future__ import annotations

from esignon_conformance.runner.fuzzing.draws import drawn, with_draws
from selftest.support.exchanges import contract, refusal, success
from selftest.support.judged import verdict, verdicts


def test_req_8_records_what_the_page_leaves_open() -> None:
    judged = verdict("REQ-8", success("email-upper-case"), refusal("email-with-blanks", code="10"))
    assert judged.verdict == "observed"
    assert judged.observed == {"email-upper-case": "issued", "email-with-blanks": "10"}


def test_rej_12_records_bodies_statuses_and_the_code_of_an_unknown_company() -> None:
    exchanges = [
        refusal("unknown-company", code="95"),
        refusal("unknown-email", {"/body": None}, status=400),
        refusal("wrong-password", {"/body": {}}),
        refusal("empty-body", {"/body": {"comp_id": ""}}),
    ]
    judged = verdicts(exchanges, only=["REJ-12"])["REJ-12"]
    assert judged.verdict == "observed"
    assert judged.observed["unknown_company"] == "95"
    assert judged.observed["status"] == {"10": [200, 400], "12": [200], "95": [200]}
    assert judged.observed["body"] == "absent, empty object, members, null"
    assert judged.observed["codes"]["unknown-company"] == ["95"]
    assert judged.observed["codes"]["malformed"] == ["12"]


def test_rej_12_records_texts_and_media_types_as_long_as_they_are_few_and_short() -> None:
    few = [
        refusal("wrong-password", {"/header/result_msg": "No."}),
        refusal("wrong-password", {"/header/result_msg": "Never."}),
        refusal(
            "empty-body", {"/header/result_msg": "x" * 300}, headers={"Content-Type": "Text/JSON"}
        ),
        refusal("blocked-company", {"/header/result_msg": 7}, headers={"Content-Type": None}),
    ]
    seen = verdicts(few, only=["REJ-12"])["REJ-12"].observed
    assert seen["result_msg"] == {"10": "Never., No.", "12": "(long)", "95": "no string"}
    assert seen["media_type"] == "application/json, none, text/json"
    many = [refusal("wrong-password", {"/header/result_msg": f"No. {n}"}) for n in range(4)]
    seen = verdicts(many, only=["REJ-12"])["REJ-12"].observed
    assert seen["result_msg"] == {"10": "(many)"}


def test_rej_12_leaves_draws_out_of_the_codes_of_situations() -> None:
    draw = drawn(b"{", "cut", contract().operation.request_schema)
    made = with_draws(contract(), [draw])
    exchanges = [refusal("empty-body"), refusal("empty-body", code="99", case=draw.id)]
    judged = verdicts(exchanges, only=["REJ-12"], of=made)["REJ-12"]
    assert judged.observed["codes"] == {"malformed": ["12"]}
    assert judged.observed["status"] == {"12": [200], "99": [200]}
