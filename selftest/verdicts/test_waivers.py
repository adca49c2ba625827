"""Waivers: what they cover, what they leave alone, when they ask for attention, what a file may say."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from esignon_conformance.app.pytest_plugin.outcomes import settle_case, settle_clause
from esignon_conformance.contract.skip_reason import Reason
from esignon_conformance.contract.waiver import Waiver
from esignon_conformance.contract.waiver_file import read_waivers
from esignon_conformance.contract.yaml_document import ContractError
from esignon_conformance.i18n.language import LANGUAGES
from esignon_conformance.reports.finding_text import waiver_text
from esignon_conformance.reports.waiver_usage import stale_waivers, standing
from esignon_conformance.runner.run import Run
from esignon_conformance.tools.proof.judged_server import serving
from esignon_conformance.tools.reference.faults import FAULTS
from esignon_conformance.transport.messages import Exchange
from esignon_conformance.verdicts.exit_status import exit_status
from esignon_conformance.verdicts.model import Verdict
from selftest.app.test_outcomes import ended
from selftest.support.command import command, statement
from selftest.support.exchanges import TARGET, basis, conforming, contract, refusal, success

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


# ---- the file --------------------------------------------------------------------------------------

_REST = f"""reason: known
    owner: login team
    ticket: {TICKET}
"""


def written(directory: Path, *entries: str) -> Path:
    """Return a file of waivers with these entries."""
    path = directory / "made-up.yaml"
    path.write_text("waivers:\n" + "".join(f"  - {one}" for one in entries), encoding="utf-8")
    return path


def test_the_example_is_a_file_of_waivers() -> None:
    path = Path(__file__).parents[2] / "waivers" / "example.yaml"
    found = read_waivers(path, contract())
    assert found[0].about == "REJ-15"
    assert {one.send for one in found} == {one.may_hold for one in found} == {True, False}
    assert all(one.until == date(2030, 6, 30) for one in found)


@pytest.mark.parametrize("until", ["2030-06-30", '"2030-06-30"'])
def test_a_date_may_be_quoted_or_not(tmp_path: Path, until: str) -> None:
    path = written(tmp_path, f"clause: REJ-1\n    {_REST}    until: {until}\n")
    (found,) = read_waivers(path, contract())
    assert found.until == date(2030, 6, 30)
    assert found.place == "made-up.yaml:2"


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ("clause: REJ-99", "made-up.yaml:2: there is no clause REJ-99. Near: "),
        ("case: wrong-pasword", "made-up.yaml:2: there is no case wrong-pasword. Near: wrong-pass"),
        ("case: draw-0a1b2c3d", "made-up.yaml:2: draw-0a1b2c3d was drawn by chance"),
        ("clause: SUC-15", "SUC-15 is observed and never judged"),
        ("case: right-login\n    send: false", "right-login is a right login"),
        ("case: burst-malformed", "waive its clause, SUC-9"),
        ("clause: REJ-1\n    send: false", "'case' is a dependency of 'send'"),
        ("may_hold: true", "made-up.yaml:2: it names neither a clause nor a case"),
        ("clause: REJ-1\n    for: ever", "'for' was unexpected"),
        ("clause: REJ-1\n    may_hold: often", "'often' is not of type 'boolean'"),
    ],
)
def test_what_a_file_may_not_say_is_told_with_its_line(
    tmp_path: Path, entry: str, says: str
) -> None:
    path = written(tmp_path, f"{entry}\n    {_REST}    until: 2030-06-30\n")
    with pytest.raises(ContractError) as caught:
        read_waivers(path, contract())
    assert says in str(caught.value)


@pytest.mark.parametrize("until", ["2026-02-30", "soon", "2026-11-24T10:00:00Z", "20261124"])
def test_what_is_no_date_is_told_with_its_line(tmp_path: Path, until: str) -> None:
    path = written(tmp_path, f"clause: REJ-1\n    {_REST}    until: {until}\n")
    with pytest.raises(
        ContractError, match=r"made-up\.yaml:6: .*(no date|does not match|not of type)"
    ):
        read_waivers(path, contract())


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    entry = f"clause: REJ-1\n    {_REST}    until: 2026-02-30\n"
    with pytest.raises(ContractError) as caught:
        read_waivers(written(tmp_path, entry, entry), contract())
    assert str(caught.value).splitlines() == [
        "made-up.yaml:6: 2026-02-30 is no date",
        "made-up.yaml:11: 2026-02-30 is no date",
        "made-up.yaml:7: it is waived twice",
    ]


# ---- real processes --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def any_password() -> Iterator[str]:
    """Serve a server that takes any password."""
    with serving(FAULTS["takes-any-password"]) as base_url:
        yield base_url


def ran(directory: Path, base_url: str, *entries: str, **given: str) -> tuple[int, str, Any]:
    """Run the command with waivers; return its exit status, what it printed and its statement."""
    path = written(directory, *(f"{one}\n    {_REST}    until: 2999-01-01\n" for one in entries))
    part = given.get("part", "REJ")
    done = command(
        *("run", "--base-url", base_url, "--accounts", "box", "--lang", "en", "-m", part),
        *("--depth", "quick", "--waivers", str(path), "--report-dir", str(directory / "r")),
    )
    return done.returncode, done.stdout + done.stderr, statement(directory / "r")


def test_a_waived_run_conforms_and_shows_the_ticket_everywhere(
    tmp_path: Path, any_password: str
) -> None:
    code, text, document = ran(tmp_path, any_password, "clause: REJ-1")
    assert code == 0, text
    assert "NO DEVIATION FOUND in this part" in text
    assert f"Waived until 2999-01-01, login team: known ({TICKET})" in text
    verdicts = {one["id"]: one for one in document["clauses"]}
    assert verdicts["REJ-1"]["verdict"] == "waived"
    assert verdicts["REJ-1"]["waiver"]["ticket"] == TICKET
    assert [(one["standing"], one["stale"]) for one in document["waivers"]] == [("waives", False)]
    results = [
        json.loads(path.read_text("utf-8"))
        for path in (tmp_path / "r" / "allure-results").glob("*-result.json")
    ]
    linked = [one for one in results if any(link["url"] == TICKET for link in one.get("links", ()))]
    assert len(linked) == 1
    assert linked[0]["status"] == "skipped"
    assert TICKET in linked[0]["statusDetails"]["message"]
    labels = {label["name"]: label["value"] for label in linked[0]["labels"]}
    assert labels["severity"] == "critical"
    assert not [one for one in results if one["status"] in ("failed", "broken")]


def test_a_waiver_needed_no_longer_ends_a_real_run_with_7_and_says_what_to_do(
    tmp_path: Path, any_password: str
) -> None:
    code, text, document = ran(tmp_path, any_password, "clause: REJ-1", "clause: REJ-9")
    assert code == document["exit_status"] == 7, text
    assert "made-up.yaml:7: REJ-9 holds now. Remove this waiver" in text
    assert [one["stale"] for one in document["waivers"]] == [False, True]


def test_a_case_that_harms_never_reaches_the_target(tmp_path: Path, any_password: str) -> None:
    code, text, _ = ran(
        tmp_path, any_password, "clause: REJ-1", "case: wrong-password\n    send: false"
    )
    assert code == 0, text
    recorded = (tmp_path / "r" / "exchanges.jsonl").read_text("utf-8").splitlines()
    cases = {json.loads(row).get("case") for row in recorded}
    assert "wrong-password" not in cases
    assert "wrong-password-digits" in cases


def test_a_file_of_waivers_that_cannot_be_used_ends_with_4(tmp_path: Path) -> None:
    done = command("run", "--waivers", str(tmp_path / "none.yaml"), "--report-dir", str(tmp_path))
    assert done.returncode == 4
    assert "none.yaml:1: cannot be read" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
