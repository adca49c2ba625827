"""Recorded traffic is judged by its clauses: what it proves, what it cannot prove, and nothing more."""

from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path

import pytest

from esignon_conformance.contract.waiver import Waiver
from esignon_conformance.i18n.catalogue import catalogue
from esignon_conformance.i18n.errors import ConfigurationError
from esignon_conformance.i18n.language import LANGUAGES, Language
from esignon_conformance.reports.finding_html import letter_page
from esignon_conformance.reports.summary import traffic_line
from esignon_conformance.verdicts.exit_status import exit_status
from selftest.support.archives import (
    Row,
    archive,
    failing,
    judged,
    rows_of,
    server,
    verdict,
    with_response,
)
from selftest.support.recorders import Sent, login, sample
from selftest.support.sent_logins import (
    COMPANY,
    CUT,
    EMAIL,
    PASSWORD,
    RIGHT,
    SECOND,
    WRONG,
)


def recorded(folder: Path, *sent: Sent, fault: str | None = None) -> Path:
    """Return an archive of what a server answers to requests."""
    return archive(folder / "traffic.har", rows_of(server(fault), sent))


def test_a_conforming_server_fails_nothing_and_each_verdict_says_by_how_many(
    tmp_path: Path,
) -> None:
    run = judged(recorded(tmp_path, *sample()), are_all=True)
    assert not failing(run)
    assert not [one.clause for one in run.verdicts if one.verdict == "advisory"]
    counts = {name: verdict(run, name).exchanges for name in ("REQ-1", "REJ-1", "REJ-2", "REJ-6")}
    assert counts == {"REQ-1": 4, "REJ-1": 1, "REJ-2": 1, "REJ-6": 1}
    assert all(verdict(run, name).verdict == "holds" for name in counts)
    assert exit_status(run.verdicts) == 0


def test_what_the_file_has_no_request_for_is_not_judged(tmp_path: Path) -> None:
    run = judged(recorded(tmp_path, RIGHT))
    for name in ("REJ-1", "REJ-2", "REJ-4", "REJ-5", "REJ-7", "SEC-2", "SEC-3", "REQ-5", "SUC-9"):
        assert verdict(run, name).verdict == "not-judged", name
    # That no such request is in the file is said of what a file with one would be judged by.
    reasons = {name: verdict(run, name).reason for name in ("SEC-3", "REQ-5", "SUC-9", "REJ-7")}
    keys = {name: reason.key for name, reason in reasons.items() if reason is not None}
    never = dict.fromkeys(("SEC-3", "REQ-5", "SUC-9"), "traffic-never")
    assert keys == {**never, "REJ-7": "traffic-no-request"}


def test_a_file_without_a_request_could_not_be_judged_and_says_so(tmp_path: Path) -> None:
    run = judged(archive(tmp_path / "empty.har", []))
    assert {one.verdict for one in run.verdicts} == {"could-not-judge"}
    assert {one.reason.key for one in run.verdicts if one.reason} == {"traffic-none"}
    assert exit_status(run.verdicts) == 6


def _asks_by(method: str, row: Row) -> Row:
    request = {**row["request"], "method": method, "bodySize": 0}
    response = {**row["response"], "status": 204, "content": {"size": 0, "text": ""}}
    return {**row, "request": request, "response": response}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_with_other_methods_alone_is_told_from_one_of_other_paths(
    tmp_path: Path, language: Language
) -> None:
    (row,) = rows_of(server(), [RIGHT])
    rows = [_asks_by("OPTIONS", row), _asks_by("HEAD", row), _asks_by("OPTIONS", row)]
    run = judged(archive(tmp_path / "a.har", rows))
    assert exit_status(run.verdicts) == 6
    (reason,) = {one.reason for one in run.verdicts}
    assert reason is not None
    assert (reason.key, dict(reason.words)["methods"]) == ("traffic-other-methods", "HEAD, OPTIONS")
    assert run.traffic is not None
    assert "·" not in traffic_line(run.traffic, language)
    assert "0" not in traffic_line(run.traffic, language)


def test_a_recording_without_a_host_names_no_server(tmp_path: Path) -> None:
    run = judged(recorded(tmp_path, RIGHT))
    again = judged(run.report_dir / "exchanges.jsonl", report=tmp_path / "again")
    assert again.traffic is not None
    assert again.traffic.requests == 1
    assert "://" not in traffic_line(again.traffic, "en")


def test_words_that_a_run_sent_as_passwords_are_no_secrets_of_its_recording(tmp_path: Path) -> None:
    run = judged(recorded(tmp_path, RIGHT))
    [line] = (run.report_dir / "exchanges.jsonl").read_text("utf-8").splitlines()
    row = json.loads(line)
    rows = []
    for case, password in (
        ("right-login", "<second password>"),
        ("password-word-null", "null"),
        ("wrong-password-company", COMPANY),
    ):
        body = {"header": {}, "body": {"memb_email": "<main email>", "memb_pwd": password}}
        row["case"], row["request"]["body"] = case, json.dumps(body)
        rows.append(json.dumps(row))
    file = tmp_path / "own.jsonl"
    file.write_text("\n".join(rows), "utf-8")
    again = judged(file, report=tmp_path / "again")
    for text in (
        "Email and password both null [both-credentials-null]",
        f"/api/{COMPANY}/login",
        "as <second password>",
    ):
        assert again.scrubber.scrub(text) == text
    # Nobody else has masked anything.
    other = judged(recorded(tmp_path, login(COMPANY, EMAIL, "null")), report=tmp_path / "other")
    assert other.scrubber.scrub("null") != "null"
    name = "wrong-type-header-null"
    assert other.scrubber.scrub(f"{name}: {PASSWORD}").startswith(f"{name}: ")


def test_what_accounts_alone_tell_is_not_denied_where_they_are_not_known(tmp_path: Path) -> None:
    file = recorded(tmp_path, RIGHT, WRONG)
    nobody = judged(file, accounts={})
    for name in ("REQ-1", "REJ-1", "REJ-5", "SEC-2"):
        reason = verdict(nobody, name).reason
        assert reason is not None
        assert reason.key == "traffic-no-known-request", name
    known = judged(file)
    assert [verdict(known, name).verdict for name in ("REQ-1", "REJ-1")] == ["holds", "holds"]
    for run in (nobody, known):
        reason = verdict(run, "REJ-7").reason
        assert reason is not None
        assert reason.key == "traffic-no-request"
    assert verdict(known, "REJ-4").reason == verdict(known, "REJ-7").reason


def test_a_compressed_file_is_judged_as_it_is_unpacked(tmp_path: Path) -> None:
    plain = recorded(tmp_path, RIGHT, WRONG)
    run = judged(plain)
    lines = run.report_dir / "exchanges.jsonl"
    for file in (plain, lines):
        packed = tmp_path / f"{file.name}.gz"
        packed.write_bytes(gzip.compress(file.read_bytes()))
        again = judged(packed, report=tmp_path / "again")
        assert [one.verdict for one in again.verdicts] == [
            one.verdict for one in judged(file, report=tmp_path / "plain").verdicts
        ]
        for cut in (20, len(packed.read_bytes()) - 9):
            broken = tmp_path / "cut.gz"
            broken.write_bytes(packed.read_bytes()[:cut])
            with pytest.raises(ConfigurationError) as told:
                judged(broken, report=tmp_path / "again")
            assert broken.name in told.value.text("en")


def test_a_byte_order_mark_and_line_ends_of_windows_change_nothing(tmp_path: Path) -> None:
    plain = recorded(tmp_path, RIGHT, WRONG)
    lines = judged(plain).report_dir / "exchanges.jsonl"
    for file in (plain, lines):
        data = b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n")
        marked, packed = tmp_path / f"marked-{file.name}", tmp_path / f"packed-{file.name}.gz"
        marked.write_bytes(data)
        packed.write_bytes(gzip.compress(data))
        expected = [one.verdict for one in judged(file, report=tmp_path / "plain").verdicts]
        for one in (marked, packed):
            again = judged(one, report=tmp_path / "again")
            assert [each.verdict for each in again.verdicts] == expected


def test_an_empty_file_is_called_empty(tmp_path: Path) -> None:
    file = tmp_path / "empty.har"
    file.write_bytes(b"")
    with pytest.raises(ConfigurationError) as told:
        judged(file)
    assert told.value.text("en").endswith(" is empty.")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_names_accounts_that_are_in_no_settings_by_their_numbers(
    tmp_path: Path, language: Language
) -> None:
    strangers = (login(COMPANY, f"{name}@x.invalid", "Pass-7431-x") for name in ("one", "two"))
    run = judged(recorded(tmp_path, RIGHT, *strangers, fault="session-id-absent"))
    found = verdict(run, "ENV-7")
    page = letter_page(run, found, found.findings, [], language)
    assert "account 1 × 1 · account 2 × 1" in page
    # What files hold is sent by nobody again.
    assert catalogue(language)["label-again"] not in page


@pytest.mark.parametrize(
    ("fault", "clause", "sent"),
    [
        ("takes-any-password", "REJ-1", (RIGHT, WRONG, RIGHT)),
        ("session-id-absent", "ENV-7", (RIGHT, WRONG)),
        ("password-in-head", "SEC-1", (RIGHT, WRONG)),
        ("token-in-cookie", "REJ-10", (RIGHT, WRONG)),
        ("login-after-refusal-over-202", "SUC-8", (RIGHT, CUT, RIGHT, RIGHT)),
    ],
)
def test_a_fault_is_found_by_its_clause(
    tmp_path: Path, fault: str, clause: str, sent: tuple[Sent, ...]
) -> None:
    run = judged(recorded(tmp_path, *sent, fault=fault))
    assert clause in failing(run), {one.clause: one.verdict for one in run.verdicts}
    finding = verdict(run, clause).findings[0]
    assert all(name in run.exchanges for name in finding.exchanges)


@pytest.mark.parametrize(
    ("fault", "clause"),
    [
        ("any-password-under-byte-order-mark", "ENV-1"),
        ("any-password-under-numbers", "ENV-5"),
    ],
)
def test_who_is_let_in_by_an_answer_without_a_code_is_told_once(
    tmp_path: Path, fault: str, clause: str
) -> None:
    near = login(COMPANY, EMAIL, PASSWORD.swapcase())
    run = judged(recorded(tmp_path, RIGHT, WRONG, near, fault=fault))
    assert failing(run) == {clause, "REJ-1"}


def test_without_accounts_successes_are_judged_and_refusals_only_by_their_form(
    tmp_path: Path,
) -> None:
    run = judged(recorded(tmp_path, RIGHT, WRONG, SECOND), accounts={})
    assert verdict(run, "SUC-5").exchanges == 2
    assert verdict(run, "SUC-10").verdict == "holds"
    assert verdict(run, "ENV-3").exchanges == 3
    for name in ("REQ-1", "REJ-1", "REJ-2"):
        assert verdict(run, name).verdict == "not-judged", name


def test_an_email_is_unknown_only_where_the_accounts_are_said_to_be_all(tmp_path: Path) -> None:
    file = recorded(
        tmp_path, RIGHT, login(COMPANY, "nobody.here@dalbit.invalid", "Wrong-7431-pass")
    )
    assert verdict(judged(file), "REJ-2").verdict == "not-judged"
    assert verdict(judged(file, are_all=True), "REJ-2").exchanges == 1


def test_bytes_that_no_archive_keeps_are_never_said_to_hold(tmp_path: Path) -> None:
    run = judged(recorded(tmp_path, *sample()))
    found = verdict(run, "ENV-1")
    assert found.verdict == "not-judged"
    assert found.reason is not None
    assert found.reason.key == "traffic-no-bytes"


def test_a_token_of_two_accounts_is_found_across_batches(tmp_path: Path) -> None:
    right, second = rows_of(server(), [RIGHT, SECOND])
    token = json.loads(right["response"]["content"]["text"])["body"]["access_token"]
    other = json.loads(second["response"]["content"]["text"])
    other["body"]["access_token"] = token
    text = json.dumps(other, ensure_ascii=False)
    shared = with_response(
        [second],
        0,
        content={"size": len(text.encode()), "text": text},
        headers=[{"name": "Content-Type", "value": "application/json"}],
    )
    rows = [right, *([right] * 600), *shared]
    assert "SUC-10" in failing(judged(archive(tmp_path / "a.har", rows), accounts={}))


def test_a_password_that_may_stand_in_an_answer_by_chance_is_no_proof(tmp_path: Path) -> None:
    # The date of the expiry begins with it.
    rows = rows_of(server(), [login(COMPANY, EMAIL, "2026-12-2")])
    run = judged(archive(tmp_path / "a.har", rows), accounts={})
    assert verdict(run, "SEC-1").verdict == "not-judged"


def test_another_base_path_needs_to_be_named(tmp_path: Path) -> None:
    rows = rows_of(server(), [RIGHT], host="https://login.test/gateway")
    file = archive(tmp_path / "a.har", rows)
    assert exit_status(judged(file).verdicts) == 6
    run = judged(file, base_path="/gateway")
    assert verdict(run, "REQ-1").verdict == "holds"
    assert run.target.base_url == "https://login.test/gateway"


def test_plain_http_off_this_machine_is_an_advisory(tmp_path: Path) -> None:
    for scheme, word in (("http", "advisory"), ("https", "holds")):
        rows = rows_of(server(), [RIGHT], host=f"{scheme}://login.test")
        assert verdict(judged(archive(tmp_path / "a.har", rows)), "SEC-5").verdict == word


def test_a_waiver_waives_what_traffic_shows(tmp_path: Path) -> None:
    file = recorded(tmp_path, RIGHT, WRONG, RIGHT, fault="takes-any-password")
    waiver = Waiver("known", "team", "T-1", date(2999, 1, 1), clause="REJ-1")
    run = judged(file, waivers=(waiver,))
    assert verdict(run, "REJ-1").verdict == "waived"
    assert exit_status(run.verdicts) == 0


def test_of_many_exchanges_only_some_are_kept_and_all_are_counted(tmp_path: Path) -> None:
    rows = rows_of(server("session-id-absent"), [RIGHT]) * 900
    run = judged(archive(tmp_path / "a.har", rows))
    finding = verdict(run, "ENV-7").findings[0]
    assert (finding.count, len(finding.exchanges)) == (900, 10)
    assert run.traffic is not None
    assert run.traffic.kept < 100
