"""Waivers: what they cover, what they leave alone, and when they ask for attention."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from esignon_conformance.app.pytest_plugin.outcomes import settle_case, settle_clause
from esignon_conformance.contract.skip_reason import Reason
from esignon_conformance.contract.waiver import Waiver
from esignon_conformance.i18n.language import LANGUAGES
from esignon_conformance.reports.finding_text import waiver_text
from esignon_conformance.reports.waiver_usage import stale_waivers, standing
from esignon_conformance.runner.run import Run
from esignon_conformance.transport.messages import Exchange
from esignon_conformance.verdicts.exit_status import exit_status
from esignon_conformance.verdicts.model import Verdict
from selftest.app.test_outcomes import ended
from selftest.support.exchanges import TARGET, conforming, contract, refusal, success
from selftest.support.judged import basis

TODAY = date(2026, 11, 24)
TICKET = "https://tickets.example.invalid/API-7"
ALIKE = ("wrong-password-digits", "wrong-password-hangul")


def waiver(clause: str = "", case: str = "", until: str = "2026-11-24", **more: Any) -> Waiver:
    """Return a waiver that holds today, for the last time if nothing else is said."""
    days = date.fromisoformat(until)
    return Waiver("known", "login team", TICKET, days, clause, case, place="w.yaml:2", **more)


def run_of(exchanges: Iterable[Exchange], *waivers: Waiver, **given: Any) -> Run:
    """Return a run of today that has sent these exchanges and nothing else."""
    began = datetime(TODAY.year, TODAY.month, TODAY.day, 23, 59, tzinfo=UTC).timestamp()
    values = {"is_whole": True, "waivers": waivers, "started": began, **given}
    run = Run(contract(), TARGET, 1, Path("nowhere"), _sent=True, **values)
    for exchange in exchanges:
        run.recording.add(exchange)
    return run


def deviating(*names: str) -> list[Exchange]:
    """Return exchanges in which wrong passwords are refused with the wrong code."""
    return [*basis(), *(refusal(name, code="99") for name in names)]


def status(run: Run, *fail_on: str) -> int:
    """Return the exit status of a run."""
    return exit_status(run.verdicts, frozenset(fail_on), stale_waivers=bool(stale_waivers(run)))


def test_without_a_waiver_the_clause_fails() -> None:
    run = run_of(deviating(*ALIKE))
    assert (run.by_clause["REJ-1"].verdict, status(run)) == ("fails", 1)
    assert run.by_clause["REJ-1"].waiver is None


def test_a_waived_clause_is_waived_with_its_findings_and_fails_nothing() -> None:
    known = waiver("REJ-1")
    run = run_of(deviating(*ALIKE), known)
    found = run.by_clause["REJ-1"]
    assert (found.verdict, found.waiver) == ("waived", known)
    assert found.findings[0].cases == ALIKE
    assert standing(run, known) == "waives"
    assert status(run) == 0


def test_what_builds_on_a_waived_clause_is_not_judged_for_its_sake_and_fails_nothing() -> None:
    run = run_of([*basis(), *map(success, ALIKE)], waiver("REJ-1"))
    assert run.by_clause["SEC-2"].verdict == "not-judged"
    for clause in ("SEC-2", "REJ-3"):
        reason = run.by_clause[clause].reason
        assert reason is not None
        assert (reason.key, dict(reason.words)) == ("builds-on-waived", {"clause": "REJ-1"})
    excused = [one for one in run.verdicts if one.clause in ("REJ-1", "SEC-2", "REJ-3")]
    holding = Verdict("SUC-1", "must", "holds", exchanges=1)
    assert exit_status([*excused, holding], frozenset({"not-judged"})) == 0
    assert exit_status([*excused, holding], frozenset({"SEC-2"})) == 1


def test_what_sees_no_answer_for_a_waived_clause_names_that_clause() -> None:
    rows = [refusal(name, {"/header": "none"}) for name in ("wrong-password", "unknown-email")]
    run = run_of(rows, waiver("ENV-3"))
    reason = run.by_clause["ENV-7"].reason
    assert reason is not None
    assert (reason.key, dict(reason.words)) == ("builds-on-waived", {"clause": "ENV-3"})


def test_a_waived_case_leaves_the_rest_of_its_clause_to_be_judged() -> None:
    known = waiver(case=ALIKE[0])
    run = run_of(deviating(*ALIKE), known)
    found = run.by_clause["REJ-1"]
    assert (found.verdict, found.waiver, status(run)) == ("fails", None, 1)
    assert {one.cases: one.waiver for one in found.findings} == {
        (ALIKE[0],): known,
        (ALIKE[1],): None,
    }
    assert ended(settle_case, run, ALIKE[0])[0] == "skipped"
    assert ended(settle_case, run, ALIKE[1])[0] == "failed"


def test_where_the_rest_holds_the_clause_is_waived_and_what_builds_on_it_is_judged() -> None:
    known = waiver(case=ALIKE[0])
    run = run_of([*deviating(ALIKE[0]), success("password-swapped-case")], known)
    assert (run.by_clause["REJ-1"].verdict, run.by_clause["REJ-1"].waiver) == ("waived", known)
    assert run.by_clause["SEC-2"].verdict == "fails"


def test_where_a_case_was_all_there_was_nothing_is_built_on_it() -> None:
    rows = [*(one for one in basis() if one.case != "unknown-email")]
    rows.append(refusal("unknown-email", code="99"))
    run = run_of(rows, waiver(case="unknown-email"))
    assert run.by_clause["REJ-2"].verdict == "waived"
    reason = run.by_clause["REJ-3"].reason
    assert reason is not None
    assert (reason.key, dict(reason.words)) == ("builds-on-waived", {"clause": "REJ-2"})


def test_a_waiver_of_a_case_under_a_clause_covers_nothing_else() -> None:
    elsewhere = waiver("ENV-5", ALIKE[0])
    run = run_of(deviating(ALIKE[0]), elsewhere)
    assert run.by_clause["REJ-1"].verdict == "fails"


def test_an_advisory_is_waived_too() -> None:
    run = run_of([*basis(), success("password-blank-after")], waiver("SEC-6"))
    assert run.by_clause["SEC-6"].verdict == "waived"
    assert status(run, "advisory") == 0
    assert status(run_of([*basis(), success("password-blank-after")]), "SEC-6") == 1


def test_an_expired_waiver_no_longer_waives() -> None:
    gone = waiver("REJ-1", until="2026-11-23")
    run = run_of(deviating(*ALIKE), gone)
    assert (run.by_clause["REJ-1"].verdict, standing(run, gone)) == ("fails", "expired")
    assert status(run) == 1
    assert stale_waivers(run) == []


@pytest.mark.parametrize("until", ["2026-11-23", "2027-01-01"])
@pytest.mark.parametrize("about", [{"clause": "REJ-1"}, {"case": "wrong-password-digits"}])
def test_a_waiver_that_is_needed_no_longer_ends_with_7(until: str, about: dict[str, str]) -> None:
    known = waiver(**about, until=until)
    run = run_of([*basis(), conforming("wrong-password-digits")], known)
    assert (standing(run, known), stale_waivers(run)) == ("holds", [known])
    assert exit_status([Verdict("REJ-1", "must", "holds", exchanges=1)], stale_waivers=True) == 7


def test_one_that_comes_and_goes_may_hold() -> None:
    run = run_of(basis(), waiver("REJ-1", may_hold=True))
    assert standing(run, run.waivers[0]) == "holds"
    assert stale_waivers(run) == []


@pytest.mark.parametrize(
    ("known", "given"),
    [
        (waiver("REJ-4"), {}),  # Not judged: there is no exchange of it.
        (waiver(case="blocked-company"), {}),
        (waiver("ENV-7"), {"is_whole": False, "clauses": frozenset({"ENV-7"})}),
        (waiver("REJ-1"), {"is_whole": False, "cases": frozenset({"wrong-password"})}),
        (waiver("REJ-1"), {"interrupted": True}),
    ],
)
def test_what_a_run_did_not_judge_says_nothing_of_a_waiver(
    known: Waiver, given: dict[str, Any]
) -> None:
    run = run_of(basis(), known, **given)
    assert (standing(run, known), stale_waivers(run)) == ("unknown", [])


def test_a_part_that_judges_all_of_a_clause_judges_its_waiver() -> None:
    own = frozenset(case.id for case in contract().cases_of("REJ-1"))
    given = {"is_whole": False, "cases": own, "draws": frozenset({"REJ-1"})}
    run = run_of(basis(), waiver("REJ-1"), **given)
    assert standing(run, run.waivers[0]) == "holds"


@pytest.mark.parametrize("word", ["depth", "request-limit", "time-limit"])
def test_what_holds_by_the_cases_that_a_limit_left_may_need_its_waiver_all_the_same(
    word: Any,
) -> None:
    known = (waiver("REJ-1"), waiver("ENV-7"), waiver(case="wrong-password-digits"))
    run = run_of([*basis(), conforming("wrong-password-digits")], *known)
    assert stale_waivers(run) == list(known)
    run.recording.unsent["wrong-password-hangul"] = Reason(word)
    assert [standing(run, one) for one in known] == ["unknown", "unknown", "holds"]
    # A clause all of whose cases were sent is judged by them.
    run.recording.unsent = {"unknown-email-hangul": Reason(word)}
    assert [standing(run, one) for one in known] == ["holds", "unknown", "holds"]


def test_the_status_of_a_waiver_comes_after_failing_and_not_judging() -> None:
    fails = Verdict("REJ-1", "must", "fails", exchanges=1)
    holds = Verdict("REJ-2", "must", "holds", exchanges=1)
    could_not = Verdict("SUC-9", "must", "could-not-judge")
    assert exit_status([holds, fails], stale_waivers=True) == 1
    assert exit_status([holds, could_not], stale_waivers=True) == 6
    assert exit_status([holds], stale_waivers=True, interrupted=True) == 2
    assert exit_status([holds], stale_waivers=True, internal_error=True) == 3
    assert exit_status([holds], stale_waivers=True) == 7


def test_a_case_that_harms_is_left_out_and_waived() -> None:
    known = waiver(case="unknown-email", send=False)
    run = run_of([*(success() for _ in range(2))], known)
    assert run.held_back() == {"unknown-email": Reason("waived", TICKET)}
    run.recording.unsent |= run.held_back()
    for case in contract().cases_of("REJ-2"):
        run.recording.unsent.setdefault(case.id, Reason("no-account", "second"))
    assert run.by_clause["REJ-2"].verdict == "not-judged"
    assert standing(run, known) == "left-out"
    how, text = ended(settle_case, run, "unknown-email")
    assert (how, TICKET in text) == ("skipped", True)


def test_a_clause_of_nothing_but_cases_left_out_is_waived() -> None:
    run = run_of(basis(), waiver(case="blocked-company", send=False))
    for case in contract().cases_of("REJ-4"):
        run.recording.unsent[case.id] = Reason("waived", TICKET)
    assert (run.by_clause["REJ-4"].verdict, run.by_clause["REJ-4"].waiver) == (
        "waived",
        run.waivers[0],
    )
    assert ended(settle_clause, run, "REJ-4")[0] == "skipped"
    held = [one for one in run.verdicts if one.clause in ("REJ-4", "REJ-1")]
    assert exit_status(held, frozenset({"REJ-4", "not-judged"})) == 0


def test_a_case_that_harms_is_not_sent_either_when_its_waiver_has_expired() -> None:
    known = waiver(case="unknown-email", send=False, until="2026-11-23")
    run = run_of(basis(), known)
    assert run.held_back() == {"unknown-email": Reason("waiver-expired", TICKET)}
    assert (standing(run, known), stale_waivers(run)) == ("expired", [known])


def test_what_a_waiver_says_is_told_in_both_languages() -> None:
    for language in LANGUAGES:
        text = waiver_text(waiver("REJ-1"), language)
        assert all(part in text for part in ("2026-11-24", "login team", "known", TICKET))
