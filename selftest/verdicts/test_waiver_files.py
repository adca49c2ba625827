"""Files of waivers: what they may say, and what real runs make of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from esignon_conformance.contract.waiver_file import read_waivers
from esignon_conformance.contract.yaml_document import ContractError
from esignon_conformance.tools.proof.judged_server import serving
from esignon_conformance.tools.reference.faults import FAULTS
from selftest.support.command import command, statement
from selftest.support.exchanges import contract

TICKET = "https://tickets.example.invalid/API-7"


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
        ("clause: rej-1", "there is no clause rej-1. Near: REJ-1"),
        ("clause: REJ-99", "made-up.yaml:2: there is no clause REJ-99. Near: "),
        ("case: wrong-pasword", "made-up.yaml:2: there is no case wrong-pasword. Near: wrong-pass"),
        ("case: draw-0a1b2c3d", "made-up.yaml:2: draw-0a1b2c3d was drawn by chance"),
        ("clause: SUC-15", "SUC-15 is observed and never judged"),
        ("case: right-login\n    send: false", "right-login is a right login"),
        ("case: burst-malformed", "waive its clause, SUC-9"),
        ("clause: REJ-1\n    send: false", 'made-up.yaml:2: "send" is for a waiver of a case'),
        ("may_hold: true", "made-up.yaml:2: it names neither a clause nor a case"),
        ('clause: " "', "made-up.yaml:2: the text is blank"),
        ("clause: REJ-1\n    for: ever", "'for' was unexpected"),
        ("clause: REJ-1\n    may_hold: often", "made-up.yaml:3: it has to be true or false"),
    ],
)
def test_what_a_file_may_not_say_is_told_with_its_line(
    tmp_path: Path, entry: str, says: str
) -> None:
    path = written(tmp_path, f"{entry}\n    {_REST}    until: 2030-06-30\n")
    with pytest.raises(ContractError) as caught:
        read_waivers(path, contract())
    assert says in str(caught.value)


@pytest.mark.parametrize("text", ["", "waivers:\n", "- clause: REJ-1\n", "waivers: REJ-1\n", "5"])
def test_a_file_that_is_no_list_of_waivers_is_told_in_words(tmp_path: Path, text: str) -> None:
    path = tmp_path / "made-up.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(ContractError, match='the file has to hold "waivers:" and a list'):
        read_waivers(path, contract())


@pytest.mark.parametrize("until", ["2026-02-30", "soon", "2026-11-24T10:00:00Z", "20261124"])
def test_what_is_no_date_is_told_with_its_line(tmp_path: Path, until: str) -> None:
    path = written(tmp_path, f"clause: REJ-1\n    {_REST}    until: {until}\n")
    with pytest.raises(
        ContractError, match=r"made-up\.yaml:6: .*(no date such as|has to be a string)"
    ):
        read_waivers(path, contract())


def test_a_ticket_is_an_address_and_that_is_said_in_words(tmp_path: Path) -> None:
    path = written(tmp_path, "clause: REJ-1\n    until: 2030-06-30\n    reason: a\n    owner: b\n")
    path.write_text(path.read_text("utf-8") + "    ticket: API-7\n", "utf-8")
    with pytest.raises(ContractError) as caught:
        read_waivers(path, contract())
    assert "API-7 is no address such as https://tickets.example.test/API-101" in str(caught.value)


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    entry = f"clause: REJ-1\n    {_REST}    until: 2026-02-30\n"
    with pytest.raises(ContractError) as caught:
        read_waivers(written(tmp_path, entry, entry), contract())
    assert str(caught.value).splitlines() == [
        "made-up.yaml:6: 2026-02-30 is no date such as 2026-12-31",
        "made-up.yaml:11: 2026-02-30 is no date such as 2026-12-31",
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
    part, depth = given.get("part", "REJ"), given.get("depth", "smoke")
    done = command(
        *("run", "--base-url", base_url, "--accounts", "box", "--lang", "en", "-m", part),
        *("--depth", depth, "--waivers", str(path), "--report-dir", str(directory / "r")),
    )
    return done.returncode, done.stdout + done.stderr, statement(directory / "r")


def test_a_waived_run_conforms_and_shows_the_ticket_everywhere(
    tmp_path: Path, any_password: str
) -> None:
    code, text, document = ran(tmp_path, any_password, "clause: REJ-1")
    assert code == 0, text
    assert "NO MUST CLAUSE FAILS in this part" in text
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


@pytest.mark.slow
def test_a_waiver_needed_no_longer_ends_a_real_run_with_7_and_says_what_to_do(
    tmp_path: Path, any_password: str
) -> None:
    waived = ("clause: REJ-1", "clause: REJ-9")
    # Smoke sends a few cases of each, and others may deviate.
    assert ran(tmp_path, any_password, *waived)[0] == 0
    code, text, document = ran(tmp_path, any_password, *waived, depth="quick")
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
    assert "none.yaml: cannot be read" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
