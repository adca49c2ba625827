"""What a clause was not judged by, told on the screen, in the statement and in the report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from esignon_conformance.contract.skip_reason import Reason
from esignon_conformance.i18n.catalogue import render
from esignon_conformance.reports.final_screen import lines
from esignon_conformance.reports.header_html import verdict_section
from esignon_conformance.reports.left_out_cases import lines_of_part
from esignon_conformance.reports.statement import statement
from selftest.support.command import statement as checked_statement
from selftest.support.exchanges import (
    answered,
    conforming,
    conforming_run,
    contract,
    page,
    refusal,
    success,
)
from selftest.support.judged import failing, verdict, verdicts
from selftest.support.written_runs import run_of

ESSENTIAL = [case.id for case in contract().cases_of("SEC-3") if case.essential]
AWAY = ["template-in-email", "xpath-in-email"]


@pytest.mark.parametrize("status", [403, 406])
def test_a_clause_that_holds_names_what_was_turned_away(tmp_path: Path, status: int) -> None:
    rows = [*map(conforming, ESSENTIAL), *(page(name, status) for name in AWAY)]
    run = run_of(tmp_path, rows)
    run.recording.unsent["glob-in-email"] = Reason("request-limit")
    told = list(lines_of_part(run, "en"))
    count = f"{len(ESSENTIAL)} of {len(ESSENTIAL) + 3} cases"
    away = f"SEC-3: {count} · turned away before the application (HTTP {status}): "
    # The cases come in the order of the files.
    names = [case.id for case in contract().cases_of("SEC-3") if case.id in AWAY]
    limit = f"SEC-3: {count} · the limit of requests leaves it out (--max-requests, --depth): glob-in-email"
    assert sorted(told) == sorted([away + ", ".join(names), limit])
    screen = "\n".join(line.text for line in lines(run, 0, "en", ()))
    assert "Holds by some of its cases" in screen
    assert all(text in screen for text in told)


def test_what_a_limit_leaves_out_of_many_clauses_is_one_line(tmp_path: Path) -> None:
    names = ("REQ-2", "REQ-3", "REQ-4", "REJ-2")
    own = {name: [case.id for case in contract().cases_of(name)] for name in names}
    sent = [case for cases in own.values() for case in cases[:-1]]
    run = run_of(tmp_path, [conforming("right-login"), *map(conforming, sent)])
    for cases in own.values():
        run.recording.unsent[cases[-1]] = Reason("depth", "smoke")
    counts = {name: f"{name} ({len(cases) - 1} of {len(cases)})" for name, cases in own.items()}
    told = (
        f"left out by --depth smoke: 4 clauses hold by the cases that were sent: "
        f"{', '.join(counts.values())}. statement.json names those that were not"
    )
    assert list(lines_of_part(run, "en")) == [told]
    rows = {one["id"]: one for one in statement(run, 0, "en")["clauses"]}
    assert all(rows[name]["left_out"][0]["cases"] == own[name][-1:] for name in names)
    # What something else left out keeps its own line, with the names of its cases.
    away = own["REJ-2"][-2]
    rest = [conforming(one) for one in sent if one != away]
    run = run_of(tmp_path / "away", [conforming("right-login"), *rest, page(away, 403)])
    for cases in own.values():
        run.recording.unsent[cases[-1]] = Reason("depth", "smoke")
    size = len(own["REJ-2"])
    several = counts | {"REJ-2": f"REJ-2 ({size - 2} of {size})"}
    first, second = lines_of_part(run, "en")
    assert first.startswith(f"REJ-2: {size - 2} of {size} cases · its answers hold no documented")
    assert first.endswith(f": {away}")
    assert ", ".join(several.values()) in second


def test_the_statement_and_the_report_name_it(tmp_path: Path) -> None:
    run = run_of(tmp_path, [*map(conforming, ESSENTIAL), *(page(name, 403) for name in AWAY)])
    document = statement(run, 0, "ko")
    (tmp_path / "statement.json").write_text(json.dumps(document), encoding="utf-8")
    row = next(one for one in checked_statement(tmp_path)["clauses"] if one["id"] == "SEC-3")
    assert row["verdict"] == "holds"
    (left_out,) = row["left_out"]
    assert set(left_out["cases"]) == set(AWAY)
    assert "403" in left_out["reason"]
    html = verdict_section(document, contract(), (), "ko")
    assert all(name in html for name in AWAY)


def test_a_clause_that_was_mostly_turned_away_is_not_judged() -> None:
    own = [case.id for case in contract().cases_of("REJ-7") if not case.is_drawn]
    for count, expected in ((len(own) // 2 - 1, "holds"), (len(own) - 1, "not-judged")):
        rows = [page(name, 415) for name in own[:count]] + [*map(conforming, own[count:])]
        assert verdict("REJ-7", *rows).verdict == expected


def test_two_cases_are_no_verdict_where_errors_left_no_right_login_to_send_the_rest_between() -> (
    None
):
    own = contract().cases_of("REJ-5")
    routed = [case.id for case in own if case.tagged("odd-path") and case.account != "main"][:2]
    unsent = {case.id: Reason("no-right-login", "main") for case in own if case.account == "main"}
    broken = [case.id for case in own if case.id not in {*routed, *unsent}]
    assert len(broken) < len(own) / 2
    rows = [*map(conforming, routed), *(page(name, 500) for name in broken)]
    assert verdicts(rows, unsent=unsent)["REJ-5"].verdict == "not-judged"


def test_what_most_answers_lacked_is_not_said_of_all() -> None:
    own = [case.id for case in contract().cases_of("REJ-7") if not case.is_drawn]
    rows = [page(name, 415) for name in own[:-1]] + [conforming(own[-1])]
    reason = verdict("REJ-7", *rows).reason
    assert reason is not None
    told = render(reason, "en")
    assert told.startswith("turned away before the application (HTTP 415): ")
    assert f"{len(own) - 1} of {len(own)} cases, such as {own[0]}" in told
    every = verdict("REJ-7", *(page(name, 415) for name in own)).reason
    assert every is not None
    assert render(every, "en") == "turned away before the application (HTTP 415)"


@pytest.mark.parametrize(
    ("clause", "case"),
    [
        ("REQ-2", "same-value-escaped-values"),
        ("REQ-3", "media-type-letter-case"),
        ("REQ-4", "extra-body-member"),
    ],
)
def test_no_tick_stands_beside_a_right_login_that_got_no_token(clause: str, case: str) -> None:
    others = [one for one in conforming_run() if one.case != case]
    for answer in (page(case, 302), page(case, 500)):
        judged = verdicts([*others, answer])
        unjudged = {one for one, told in judged.items() if told.verdict == "not-judged"}
        assert unjudged == {"SEC-5", clause}
        reason = judged[clause].reason
        assert reason is not None
        assert f"cases, such as {case}" in render(reason, "en")
    # What has its token by a broken answer is in, and the answer is told by ENV-1.
    let_in = answered(case, b"\xef\xbb\xbf" + success(case).answer.body)  # type: ignore[union-attr]
    assert verdicts([*others, let_in])[clause].verdict == "holds"


def test_what_builds_on_right_logins_is_judged_beside_one_that_got_no_token() -> None:
    rows = [one for one in conforming_run() if one.case != "right-login-second"]
    judged = verdicts([*rows, page("right-login-second", 500)])
    assert failing(judged) == {"ENV-10"}
    assert judged["REQ-1"].verdict == "not-judged"
    assert judged["SUC-1"].verdict == "holds"


def test_sec_2_wants_true_for_the_password_sent_and_takes_an_error_for_no_login() -> None:
    case = "wrong-type-memb-pwd-boolean"
    others = [one for one in conforming_run() if one.case != case]
    unsent = {case: Reason("depth", "smoke")}
    assert verdicts(others, unsent=unsent)["SEC-2"].verdict == "not-judged"
    judged = verdicts([*others, page(case, 500)])
    assert failing(judged) == {"ENV-10"}
    assert judged["SEC-2"].verdict == "holds"
    assert case in judged["SEC-2"].left_out
    assert failing(verdicts([*others, success(case)])) == {"SEC-2"}


def test_a_clause_of_which_a_limit_turned_most_cases_away_is_not_judged() -> None:
    own = [case.id for case in contract().cases_of("ENV-10") if not case.is_drawn]
    for count, expected in ((len(own) // 2 - 1, "holds"), (len(own) - 1, "could-not-judge")):
        away = [page(name, 429, gave_up=True) for name in own[:count]]
        judged = verdict("ENV-10", *away, *map(conforming, own[count:]), *conforming_run())
        assert judged.verdict == expected


def test_a_refusal_in_the_form_of_the_envelope_is_not_said_to_come_from_before_the_application() -> (
    None
):
    away = refusal("odd-company-slash", {"/header/result_code": "11"}, status=404)
    rows = [one for one in conforming_run() if one.case != "odd-company-slash"]
    judged = verdict("REJ-5", *rows, away)
    told = render(judged.left_out["odd-company-slash"], "en")
    assert told == "refused with HTTP 404 and no documented code, as may be done to such a request"
    away = page("odd-company-slash", 404)
    judged = verdict("REJ-5", *rows, away)
    told = render(judged.left_out["odd-company-slash"], "en")
    assert told == "turned away before the application (HTTP 404)"


@pytest.mark.parametrize("case", ["missing-memb-email", "missing-memb-pwd"])
def test_rej_8_says_nothing_where_a_missing_member_gets_an_error(case: str) -> None:
    # TypeORM takes no undefined: an error, in the place of a code, for just what the clause names.
    rows = [one for one in conforming_run() if one.case != case]
    judged = verdicts([*rows, page(case, 500)])
    assert failing(judged) == {"ENV-10"}
    assert judged["REJ-8"].verdict == judged["REJ-16"].verdict == "not-judged"
    assert judged["REJ-8"].reason is not None
    assert case in render(judged["REJ-8"].reason, "en")
    # Another that gets one, or one that a limit leaves out, is named beside the tick.
    odd = "wrong-type-memb-email-fraction"
    others = [one for one in conforming_run() if one.case != odd]
    assert verdicts([*others, page(odd, 500)])["REJ-8"].verdict == "holds"
    unsent = {case: Reason("depth", "smoke")}
    assert verdicts(rows, unsent=unsent)["REJ-8"].verdict == "holds"


def test_the_cases_that_have_to_be_answered_are_the_clauses_own() -> None:
    for clause in contract().clauses.values():
        own = {case.id for case in contract().cases_of(clause.id)}
        assert own.issuperset(clause.parameters.get("answered", ()))
