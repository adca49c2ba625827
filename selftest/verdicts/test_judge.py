"""From a recording to verdicts: what blocks what, and how findings are grouped."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from esignon_conformance.contract.skip_reason import Reason
from esignon_conformance.transport.messages import Exchange
from esignon_conformance.verdicts.judge import judge
from selftest.support.exchanges import (
    ABSENT,
    TARGET,
    conforming,
    conforming_run,
    contract,
    fault,
    page,
    refusal,
    success,
)
from selftest.support.judged import basis, failing, recording, verdicts
from selftest.support.judged_runs import why


def without(*cases: str) -> list[Exchange]:
    """Return what most clauses build on, without some cases."""
    return [one for one in basis() if one.case not in cases]


# ---- the whole -------------------------------------------------------------------------------------


def test_verdicts_come_in_the_order_of_the_registry_and_with_its_levels() -> None:
    judged = judge(contract(), TARGET, recording(basis()))
    assert [one.clause for one in judged] == list(contract().clauses)
    assert [one.level for one in judged] == [one.level for one in contract().clauses.values()]


def test_judging_is_the_same_however_often_it_is_asked() -> None:
    made = recording(
        [*basis(), refusal("wrong-password-digits", code="99"), page("empty-body", 400)]
    )
    assert judge(contract(), TARGET, made) == judge(contract(), TARGET, made)


def test_the_order_of_the_registry_does_not_matter() -> None:
    turned = replace(contract(), clauses=dict(reversed(list(contract().clauses.items()))))
    rows = [*basis(), success("wrong-password-digits"), success("password-cut-last")]
    assert verdicts(rows, of=turned) == verdicts(rows)


def test_only_some_clauses_are_judged_with_what_they_depend_on() -> None:
    judged = verdicts(basis(), only=["SUC-13"])
    assert set(judged) == {"SUC-13", "SUC-3", "SUC-12", "REQ-1", "REQ-9"}
    assert set(verdicts(basis(), only=["SEC-3"])) == {
        *("SEC-3", "REJ-1", "REJ-2", "REJ-5", "REQ-9"),
        # Some of its cases build on cases of these; without right logins a code says little, nor does one
        # that right logins get at times, or that comes in turn with others.
        *("REJ-8", "SEC-2", "REQ-1", "SUC-8", "REJ-11"),
    }


def test_without_an_exchange_nothing_is_judged() -> None:
    judged = verdicts([])
    assert {one.verdict for one in judged.values()} == {"not-judged"}
    assert all(one.reason is not None and one.exchanges == 0 for one in judged.values())


# ---- clause on clause ------------------------------------------------------------------------------


REFUSED_LOGINS = [refusal("right-login", code="99") for _ in range(2)]


@pytest.mark.parametrize(
    ("clause_id", "other"),
    [
        ("SUC-12", "REQ-1"),
        ("SUC-8", "REQ-1"),
        ("SUC-1", "SUC-12"),
        ("SUC-13", "SUC-3"),
        ("SUC-10", "SUC-1"),
        ("REQ-2", "SUC-8"),
        ("REQ-3", "SUC-8"),
        ("REQ-4", "SUC-8"),
    ],
)
def test_what_builds_on_a_failed_clause_is_not_judged(clause_id: str, other: str) -> None:
    judged = verdicts([*REFUSED_LOGINS, refusal("media-type-charset", code="99")])
    key = "builds-on-failed" if other == "REQ-1" else "builds-on-unjudged"
    assert why(judged[clause_id]) == ("not-judged", key, other)


@pytest.mark.parametrize(
    ("failed", "exchange", "blocked"),
    [
        ("REJ-1", success("wrong-password"), ["REJ-3", "SEC-2", "SEC-6", "SEC-7"]),
        ("REJ-2", success("unknown-email"), ["REJ-3"]),
        ("REJ-5", success("unknown-company"), ["REJ-6"]),
        ("REJ-6", success("own-account-under-other-company"), ["REJ-14"]),
        ("REJ-7", refusal("empty-body", code="10"), ["REJ-13", "REJ-15"]),
        ("REJ-8", success("missing-body"), ["REJ-16"]),
    ],
)
def test_a_failed_refusal_blocks_what_builds_on_it(
    failed: str, exchange: Exchange, blocked: list[str]
) -> None:
    more = ["password-cut-last", "password-blank-after", "own-account-under-other-company"]
    rows = [
        *without(exchange.case),
        *map(conforming, more),
        exchange,
        *map(conforming, ["json-null"]),
    ]
    judged = verdicts([one for one in rows if one.case != exchange.case or one is exchange])
    assert failing(judged) == {failed}
    for clause_id in blocked:
        verdict, reason, _ = why(judged[clause_id])
        assert verdict == "not-judged"
        assert reason.startswith("builds-on-")


def test_what_builds_on_a_clause_that_could_not_be_judged_could_not_either() -> None:
    judged = verdicts(
        [*without("wrong-password"), conforming("password-cut-last")],
        unsent={"wrong-password": Reason("locked", "main")},
    )
    assert why(judged["REJ-1"]) == ("could-not-judge", "reason-locked", "main")
    assert why(judged["REJ-3"]) == ("could-not-judge", "builds-on-unjudgeable", "REJ-1")


def test_an_advisory_and_what_is_only_observed_block_nothing() -> None:
    rows = [success(changes={"/body/device_id": ""}), success(changes={"/body/device_id": ""})]
    graph = dict(contract().clauses)
    graph["SUC-14"] = replace(graph["SUC-14"], depends_on=("SUC-13", "SUC-15"))
    judged = verdicts(rows, of=replace(contract(), clauses=graph))
    assert judged["SUC-13"].verdict == "advisory"
    assert judged["SUC-14"].verdict == "holds"


# ---- clause on clause, on one exchange --------------------------------------------------------------


def test_one_answer_in_html_blanks_nothing() -> None:
    judged = verdicts([*basis(), page("empty-body", 400)])
    assert failing(judged) == {"ENV-1"}
    for clause_id in ("ENV-2", "ENV-3", "ENV-4", "ENV-5", "ENV-6", "ENV-7", "REJ-1", "SUC-1"):
        assert judged[clause_id].verdict == "holds"


def test_nothing_but_html_leaves_nothing_to_judge() -> None:
    judged = verdicts([page(one.case, 200) for one in basis()])
    assert failing(judged) == {"ENV-1"}
    for clause_id in ("ENV-2", "ENV-3", "ENV-5", "ENV-7"):
        assert why(judged[clause_id])[:2] == ("not-judged", "nothing-left")
    assert why(judged["REQ-1"])[:2] == ("not-judged", "nothing-left")


@pytest.mark.parametrize(
    ("changes", "told", "unseen"),
    [
        ({"/header": None}, "ENV-3", ["ENV-4", "ENV-5", "ENV-6", "ENV-7", "ENV-8"]),
        ({"/header": {"code": 1}, "/body": 5}, "ENV-3", ["ENV-4", "ENV-5", "ENV-6", "ENV-7"]),
        ({"/header/result_code": 10, "/body": {"access_token": "x"}}, "ENV-5", ["REJ-10", "REJ-1"]),
    ],
)
def test_a_check_sees_only_what_passed_what_it_builds_on(
    changes: Any, told: str, unseen: list[str]
) -> None:
    judged = verdicts([refusal(changes=changes)])
    assert failing(judged) == {told}
    for clause_id in unseen:
        assert judged[clause_id].verdict == "not-judged"


def test_a_breakdown_is_seen_by_env_10_alone() -> None:
    for exchange in (page(status=500), refusal(status=500), fault(kind="timed-out")):
        judged = verdicts([exchange])
        assert failing(judged) == {"ENV-10"}
        # SEC-1 and SEC-4 look at every answer: debug pages come with a 500.
        others = {name: one for name, one in judged.items() if name not in ("SEC-1", "SEC-4")}
        assert {one.verdict for name, one in others.items() if name != "ENV-10"} == {"not-judged"}


# ---- case on case ----------------------------------------------------------------------------------


def test_a_case_may_build_on_a_case_of_another_clause() -> None:
    wrong = [success("wrong-type-memb-pwd-object"), success("operator-ne-in-password")]
    assert failing(verdicts([*basis(), *wrong], only=["SEC-2", "SEC-3"])) == {"SEC-2"}
    missing = [success("missing-both-credentials"), success("post-query-credentials-no-members")]
    assert failing(verdicts([*basis(), *missing], only=["REQ-5", "REJ-8"])) == {"REJ-8"}


# ---- findings --------------------------------------------------------------------------------------


def test_deviations_that_are_alike_are_one_finding_in_the_order_of_sending() -> None:
    late = replace(refusal("wrong-password-digits", code="99"), id="late", began=900.0)
    early = replace(refusal("wrong-password-hangul", code="99"), id="early", began=800.0)
    again = replace(early, id="again", began=850.0)
    (finding,) = verdicts([*basis(), late, early, again])["REJ-1"].findings
    assert finding.case == "wrong-password-hangul"
    assert finding.cases == ("wrong-password-hangul", "wrong-password-digits")
    assert finding.exchanges == ("early", "again", "late")


def test_deviations_in_another_place_or_of_another_kind_are_another_finding() -> None:
    rows = [
        refusal(changes={"/header/session_id": ABSENT}),
        refusal("unknown-email", {"/header/session_id": ABSENT}),
        refusal(changes={"/header/session_id": 5}),
        refusal(changes={"/header/session_id": None}),
    ]
    findings = verdicts(rows)["ENV-7"].findings
    assert [len(one.exchanges) for one in findings] == [2, 2]


def test_a_verdict_counts_what_it_looked_at() -> None:
    judged = verdicts([*basis(), refusal("wrong-password-digits")])
    assert judged["REJ-1"].exchanges == 2
    assert judged["ENV-4"].exchanges == len(basis()) + 1
    assert judged["REJ-1"].cases == tuple(case.id for case in contract().cases_of("REJ-1"))
    assert set(judged["ENV-4"].cases) == {one.case for one in basis()} | {"wrong-password-digits"}


# ---- who speaks: REQ-1, SUC-8, SUC-1 to SUC-5 -------------------------------------------------------


@pytest.mark.parametrize(
    ("logins", "expected"),
    [
        ([success(), success()], set()),
        ([refusal("right-login", code="10")] * 2, {"REQ-1"}),
        ([success(), refusal("right-login", code="10")], {"SUC-8"}),
        ([success(status=400), success(status=400)], {"REQ-1"}),
        ([success(), success(status=400)], {"SUC-8"}),
        ([success(changes={"/body/device_id": ABSENT})] * 2, {"SUC-3"}),
        ([success(), success(changes={"/body/device_id": ABSENT})], {"SUC-8"}),
        ([success(changes={"/body/comp_id": "x"})] * 2, {"SUC-2"}),
        ([success(), success(changes={"/body/comp_id": "x"})], {"SUC-2"}),
        ([success(changes={"/body": ABSENT})] * 2, {"SUC-12"}),
        ([success(), success(changes={"/body": ABSENT})], {"SUC-12"}),
        ([success(), page("right-login", 500)], {"ENV-10"}),
    ],
)
def test_right_logins_that_differ_are_suc_8s_and_what_is_always_wrong_is_its_own(
    logins: list[Exchange], expected: set[str]
) -> None:
    rows = [replace(one, id=f"{one.id}-{at}") for at, one in enumerate(logins)]
    assert failing(verdicts(rows)) == expected


def test_what_is_only_wrong_after_refusals_is_suc_8s() -> None:
    after = refusal("right-login", code="12", role="follow-up", after="empty-body")
    judged = verdicts([*basis(), conforming("empty-body"), after])
    assert failing(judged) == {"SUC-8"}
    assert judged["SUC-8"].findings[0].exchanges == (after.id,)


def test_the_same_bad_request_with_two_codes_is_rej_11s_alone() -> None:
    rows = [refusal("unknown-email-hangul", code=code) for code in ("10", "99", "10")]
    judged = verdicts([*basis(), *rows])
    assert failing(judged) == {"REJ-11"}
    assert len(judged["REJ-11"].findings) == 1


def test_every_clause_of_a_whole_run_looked_at_something() -> None:
    judged = verdicts(conforming_run())
    assert all(one.exchanges for name, one in judged.items() if name != "SEC-5")


def test_the_exchange_nearest_to_the_page_leads_a_finding_whenever_it_was_sent() -> None:
    cases = ("same-value-wrong-password-reversed", "wrong-password")
    made = recording([*basis(), *(page(one, 401) for one in cases)])
    judged = {one.clause: one for one in judge(contract(), TARGET, made)}
    (finding,) = judged["ENV-1"].findings
    assert finding.case == finding.cases[0] == "wrong-password"
    assert finding.cases[-1] == "same-value-wrong-password-reversed"
