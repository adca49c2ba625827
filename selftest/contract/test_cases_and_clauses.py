"""Sanity of the corpus: what no loader can check of clauses and cases."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from graphlib import TopologicalSorter
from typing import Any

import pytest

from esignon_conformance import resources
from esignon_conformance.checks import CHECKS, needs_cases
from esignon_conformance.contract.model import GROUPS, MALFORMED_KIND, SITUATIONS
from esignon_conformance.redaction.secret import Secret
from esignon_conformance.runner.requests.other_characters import NotApplicable
from selftest.support.exchanges import (
    MAIN,
    OF_OTHER_PASSWORDS,
    SECOND,
    TARGET,
    contract,
    plain,
    request_of,
)

CASES = contract().cases
CLAUSES = contract().clauses
# Passwords of an odd length, so that no two derivations of them happen to be alike.
PLAIN_TARGET = replace(
    TARGET,
    accounts={
        **TARGET.accounts,
        "main": replace(MAIN, password=Secret("Tz6!mQw#Lp2_xVbNdR9s.Ue")),
        "second": replace(SECOND, password=Secret("gH8_rKs.Wd4!nJcYpT7m#Va")),
    },
)


# ---- clauses ---------------------------------------------------------------------------------------


def test_the_registry_has_every_clause_of_the_design() -> None:
    counts = {"REQ": 8, "ENV": 10, "SUC": 16, "REJ": 17, "SEC": 7}
    assert set(counts) == set(GROUPS)
    expected = {
        f"{group}-{number + 1}" for group, count in counts.items() for number in range(count)
    }
    assert expected <= set(CLAUSES)


LEVELS = {
    "must": "REQ-1 REQ-2 REQ-5 REQ-9 ENV-1 ENV-2 ENV-3 ENV-4 ENV-5 ENV-6 ENV-7 ENV-10 SUC-1 SUC-2 SUC-3 "
    "SUC-4 SUC-5 SUC-8 SUC-9 SUC-10 SUC-12 REJ-1 REJ-2 REJ-4 REJ-5 REJ-6 REJ-7 REJ-8 REJ-10 REJ-11 SEC-1 "
    "SEC-2 SEC-3 SEC-4",
    "should": "REQ-3 REQ-4 REQ-6 REQ-7 ENV-8 ENV-9 SUC-6 SUC-7 SUC-11 SUC-13 SUC-14 SUC-16 REJ-3 REJ-9 "
    "REJ-13 REJ-14 REJ-15 REJ-16 REJ-17 SEC-5 SEC-6 SEC-7",
    "observe": "SUC-15 REJ-12",
}


@pytest.mark.parametrize("level", LEVELS)
def test_each_clause_has_the_level_of_the_design(level: str) -> None:
    assert {CLAUSES[name].level for name in LEVELS[level].split()} == {level}


BUILDS_ON = {
    **dict.fromkeys(("SUC-1", "SUC-2", "SUC-3", "SUC-4", "SUC-5"), ("SUC-12",)),
    "SUC-12": ("REQ-1",),
    "SUC-13": ("SUC-3",),
    "SUC-16": ("SUC-2",),
    "SUC-10": ("SUC-1",),
    "SUC-14": ("SUC-1",),
    "SUC-8": ("REQ-1",),
    **dict.fromkeys(("REQ-2", "REQ-3", "REQ-4"), ("SUC-8",)),
    "SUC-9": ("SUC-5", "SUC-8"),
    **dict.fromkeys(("SEC-2", "SEC-3", "SEC-6", "SEC-7", "REJ-6"), ()),
    "REJ-3": ("REJ-1", "REJ-2"),
    "REJ-14": ("REJ-6",),
    **dict.fromkeys(("REJ-13", "REJ-15"), ("REJ-7",)),
    "REJ-16": ("REJ-8",),
}


@pytest.mark.parametrize(("clause_id", "others"), BUILDS_ON.items())
def test_each_clause_builds_on_what_the_design_says(
    clause_id: str, others: tuple[str, ...]
) -> None:
    assert CLAUSES[clause_id].depends_on == others


def test_what_is_let_in_plainly_blocks_the_near_misses() -> None:
    for clause_id, other in (
        ("SEC-2", "REJ-1"),
        ("SEC-6", "REJ-1"),
        ("SEC-7", "REJ-1"),
        ("REJ-6", "REJ-5"),
    ):
        assert CLAUSES[clause_id].parameters["let_in_by"]["*"] == other
        assert any(case.is_plain for case in contract().cases_of(other))


def test_an_account_under_another_company_is_blocked_by_the_unknown_email_that_it_is_there() -> (
    None
):
    assert CLAUSES["REJ-6"].parameters["let_in_by"] == {"*": "REJ-5", "other-company": "REJ-2"}
    assert {case.situation for case in contract().cases_of("REJ-6")} == {"other-company"}


def test_sec_3_is_blocked_by_the_field() -> None:
    by_tag = CLAUSES["SEC-3"].parameters["let_in_by"]
    assert set(CLAUSES["SEC-3"].parameters["kinds"]) == set(by_tag)
    assert by_tag == {"password": "REJ-1", "email": "REJ-2", "company": "REJ-5"}
    for case in contract().cases_of("SEC-3"):
        assert len(case.tags & set(by_tag)) == 1
        assert case.tagged("hostile")


@pytest.mark.parametrize("clause", CLAUSES.values(), ids=CLAUSES)
def test_a_clause_says_what_it_promises_and_why(clause: Any) -> None:
    assert clause.title["en"] != clause.title["ko"]
    assert re.search("[가-힣]", clause.title["ko"])
    assert clause.place
    assert clause.rationale["en"].endswith(".")
    assert re.search("[가-힣].*다[.]$", clause.rationale["ko"])
    assert not re.search(r"\bshould\b|\btest\b", clause.title["en"])
    if clause.basis in ("rfc", "security"):
        assert re.search(r"RFC \d+|OWASP|NIST SP", clause.reference)


@pytest.mark.parametrize("clause", CLAUSES.values(), ids=CLAUSES)
def test_every_clause_is_judged_by_a_check_or_a_case(clause: Any) -> None:
    assert clause.check in CHECKS
    assert not needs_cases(clause) or contract().cases_of(clause.id)
    assert (clause.level == "observe") == (CHECKS[clause.check].observation is not None)


def test_every_check_is_used() -> None:
    of_load = contract().load_clauses.values()
    assert {clause.check for clause in (*CLAUSES.values(), *of_load)} == set(CHECKS)


def test_what_builds_on_what_has_no_circle() -> None:
    graph = {one.id: {*one.depends_on, *one.sees} for one in CLAUSES.values()}
    assert list(TopologicalSorter(graph).static_order())


# ---- cases -----------------------------------------------------------------------------------------


def test_a_case_has_an_id_that_names_what_it_sends_and_two_titles() -> None:
    for case in CASES.values():
        assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", case.id), case.id
        assert not re.search(r"\b(?:case|test)-?\d", case.id), case.id
        assert case.clause in CLAUSES, case.id
        assert case.title["en"].strip(), case.id
        assert re.search(r"\S", case.title["ko"]), case.id
        assert not re.search(r"\bshould\b|\btest that\b", case.title["en"]), case.id


def test_no_two_cases_have_one_title() -> None:
    for language in ("en", "ko"):
        titles = defaultdict(list)
        for case in CASES.values():
            titles[case.title[language]].append(case.id)
        assert [ids for ids in titles.values() if len(ids) > 1] == []


def test_no_two_cases_send_the_same_bytes() -> None:
    sent = defaultdict(list)
    for case in CASES.values():
        if not case.burst:
            try:
                request = request_of(case.id, PLAIN_TARGET)
            except NotApplicable:
                continue
            bytes_sent = (request.method, request.target, request.headers, request.body)
            # What comes directly after another request is not the same as by itself.
            sent[(*bytes_sent, request.in_pieces, case.needs, case.follows)].append(case.id)
    assert [ids for ids in sent.values() if len(ids) > 1] == []


def test_every_situation_has_a_case_and_each_is_sent_three_times_with_made_up_accounts() -> None:
    assert {case.situation for case in CASES.values()} == set(SITUATIONS)
    for situation in ("unknown-email", "unknown-company", "malformed", "missing", "wrong-type"):
        assert any(
            case.repeat >= 3
            for case in CASES.values()
            if case.situation == situation and case.account == "made-up"
        ), situation


# Each counts for the account guard: after three in a row a right login comes.
_WRONG_FOR_OTHER = [
    *("other-like-percent-in-password", "other-missing-memb-pwd", "other-wrong-password"),
    *("other-password-empty", "other-password-swapped-case"),
    *("other-password-cut-last", "other-password-md5"),
]


def test_wrong_credentials_are_never_sent_for_the_blocked_account_and_seldom_for_the_other() -> (
    None
):
    wrong: dict[str, list[str]] = {"blocked": [], "other": []}
    # What hangs on another case is sent to few, of which the page for the staging team tells apart.
    hanging = [case.account for case in CASES.values() if case.where and case.account in wrong]
    promised = (resources.data_root() / "ci" / "staging-accounts.md").read_text("utf-8")
    assert set(hanging) == {"other"}
    assert f"{len(hanging)} more where a password of another JSON type" in promised
    assert f"답하는 서버에는 {len(hanging)}번 더" in promised
    for case in (one for one in CASES.values() if not one.where):
        if case.burst or case.id in OF_OTHER_PASSWORDS:
            continue
        request = request_of(case.id)
        for name, found in wrong.items():
            account = TARGET.accounts[name]
            named = plain(account.email).encode() in request.body.lower()
            if named and plain(request.password) != plain(account.password):
                found.extend([case.id] * case.repeat)
    # No right login lets the blocked account in again, so that nothing would end the count.
    assert wrong == {"blocked": [], "other": _WRONG_FOR_OTHER}


def test_malformed_bodies_carry_made_up_credentials_only() -> None:
    real = [TARGET.accounts[name] for name in ("main", "second", "other", "blocked")]
    for case in CASES.values():
        if case.situation == "malformed":
            body = request_of(case.id).body
            assert case.account == "made-up"
            assert not any(plain(one.email).encode() in body for one in real)
            assert not any(plain(one.password).encode() in body for one in real)


def test_right_logins_are_spread_over_the_run() -> None:
    plain = sum(case.repeat for case in CASES.values() if case.is_plain_right_login)
    assert plain >= 5
    assert sum(case.repeat for case in CASES.values() if not case.burst) >= 250
    assert any(case.situation in MALFORMED_KIND for case in CASES.values())


def test_bursts_are_of_8_and_mix_two_kinds_of_request() -> None:
    bursts = [case for case in CASES.values() if case.burst]
    assert all(case.burst["size"] >= 8 for case in bursts)
    assert all(len(set(case.burst["mix"])) >= 2 for case in bursts)
    assert sum(case.burst["rounds"] for case in bursts) >= 3
