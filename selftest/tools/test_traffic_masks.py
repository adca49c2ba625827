"""What is shown of a file: its passwords by account, two of one account apart, and its server."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from esignon_conformance.redaction.scrubber import Scrubber
from esignon_conformance.redaction.secret import Secret
from esignon_conformance.reports.summary import traffic_line
from esignon_conformance.tools.traffic.file_secrets import FileSecrets
from esignon_conformance.tools.traffic.masks import mask
from esignon_conformance.transport.messages import Exchange
from selftest.support.archives import archive, judged, rows_of, server
from selftest.support.exchanges import MAIN, plain, refusal
from selftest.support.sent_logins import RIGHT

FIRST, SECOND = "Wv7!kQz#Tr5_mLx", "Wv7!kQz#Tr5_mL9"


def sent_by(account: str, password: str) -> Exchange:
    exchange = refusal("wrong-password")
    request = replace(exchange.request, account=account, password=Secret(password))
    return replace(exchange, request=request)


def test_two_passwords_of_an_account_are_told_apart_whenever_they_come() -> None:
    scrubber, secrets = Scrubber(), FileSecrets()
    mask(scrubber, secrets, [sent_by("account 1", FIRST), sent_by("account 2", "x7!Other-one")], ())
    # What comes later is masked beside what is known by then.
    mask(scrubber, secrets, [sent_by("account 1", SECOND), sent_by("account 1", FIRST)], ())
    assert scrubber.scrub(f"{FIRST} {SECOND} x7!Other-one {SECOND[:-2]}.") == (
        "<password of account 1> <password 2 of account 1> <password of account 2> "
        "<part of password of account 1>."
    )


def test_a_password_beside_the_right_one_of_a_known_account_is_another() -> None:
    scrubber = Scrubber()
    scrubber.register_password(plain(MAIN.password), "main password")
    mask(
        scrubber, FileSecrets(), [sent_by("main", FIRST), sent_by("main", plain(MAIN.password))], ()
    )
    assert (
        scrubber.scrub(f"{plain(MAIN.password)} {FIRST}") == "<main password> <password 2 of main>"
    )


def test_a_recording_of_the_suite_names_the_server_without_a_scheme(tmp_path: Path) -> None:
    run = judged(archive(tmp_path / "traffic.har", rows_of(server(), [RIGHT])))
    row = json.loads((run.report_dir / "exchanges.jsonl").read_text("utf-8"))
    row["request"]["headers"].append(["Host", "staging.example.test:8443"])
    file = tmp_path / "own.jsonl"
    file.write_text(json.dumps(row), "utf-8")
    again = judged(file, report=tmp_path / "again")
    assert again.traffic is not None
    # Which it was nobody knows any more.
    assert "(staging.example.test:8443)" in traffic_line(again.traffic, "ko")
