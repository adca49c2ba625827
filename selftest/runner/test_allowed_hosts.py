"""Which hosts a run may send to: targets of the file, base URLs and the production service."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from selftest.support.command import command, statement
from selftest.support.proxy_server import ProxiedTarget, proxied
from selftest.support.raw_server import Received, answer
from selftest.support.staging import (
    GATEWAY_KEY,
    STAGING,
    TARGETS,
    URL,
)


def staged(folder: Path, target: ProxiedTarget | None, *arguments: str, **settings: str) -> Any:
    """Run the suite on a target of `targets.toml`."""
    (folder / "targets.toml").write_text(TARGETS)
    proxies = {} if target is None else {"HTTP_PROXY": target.url, "HTTPS_PROXY": target.url}
    given = {**STAGING, **proxies, **settings}
    return command("run", "--report-dir", str(folder), *arguments, folder=folder, settings=given)


def test_a_target_of_the_file_is_named_and_needs_no_leave(tmp_path: Path) -> None:
    with proxied() as target:
        labels = ("--label", "build=1.4.2", "--label", "branch=main")
        chosen = ("--target", "staging", "-k", "SUC-1", "--fail-on", "REQ-1")
        ran = staged(tmp_path, target, *chosen, *labels)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert f"대상: staging({URL})" in ran.stdout
    assert "build=1.4.2, branch=main" in ran.stdout
    assert [one.header("X-Gateway-Key") for one in target.requests] == [GATEWAY_KEY] * len(
        target.requests
    )
    assert len(target.requests) >= 3
    found = statement(tmp_path)
    assert found["target"]["name"] == "staging"
    assert found["labels"] == {"build": "1.4.2", "branch": "main"}
    assert found["language"] == "ko"
    rows = (tmp_path / "allure-results" / "environment.properties").read_text()
    assert f"대상=staging ({URL})\n" in rows
    assert "build=1.4.2\n" in rows
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert GATEWAY_KEY.encode() not in path.read_bytes(), path
    assert GATEWAY_KEY not in ran.stdout + ran.stderr


@pytest.mark.slow
def test_fail_on_of_the_entry_counts_and_an_option_beats_it(tmp_path: Path) -> None:
    with proxied() as target:
        chosen = ("--target", "staging", "-k", "SEC-5")
        assert staged(tmp_path, target, *chosen).returncode == 1
        assert staged(tmp_path, target, *chosen, "--fail-on", "REQ-1").returncode == 0


def test_a_failure_says_how_to_see_it_again_and_its_request_ids(tmp_path: Path) -> None:
    def lenient(received: Received) -> bytes | None:
        is_wrong = b"Zq wrong pass 7" in received.body
        body = b'{"header": {"response_code": "1001A", "result_code": "12"}}'
        return answer(body, "200 OK", "Content-Type: application/json") if is_wrong else None

    with proxied(lenient) as target:
        chosen = ("--target", "staging", "-k", "wrong-password-with-blanks", "--seed", "255")
        ran = staged(tmp_path, target, *chosen)
    assert ran.returncode == 1
    assert "run --target staging --case wrong-password-with-blanks" in ran.stdout
    (clause,) = (one for one in statement(tmp_path)["clauses"] if one["id"] == "REJ-1")
    ids = clause["findings"][0]["request_ids"]
    sent = [one for one in target.requests if b"Zq wrong pass 7" in one.body]
    assert ids == [one.header("X-Request-Id") for one in sent]
    assert ids[0].startswith("ec-ff-")
    assert f"X-Request-Id: {ids[0]}" in ran.stdout


def test_a_base_url_beside_a_target_has_to_be_allowed_by_itself(tmp_path: Path) -> None:
    ran = staged(tmp_path, None, "--target", "staging", "--base-url", "http://other.invalid")
    assert ran.returncode == 4
    assert "--allow-host other.invalid" in ran.stderr
    # The entry's language counts for the message, too.
    assert "루프백 주소가 아님" in ran.stderr


def test_production_has_to_be_typed_out_though_the_file_names_it(tmp_path: Path) -> None:
    other = ("--allow-host", "esignon.net", "--lang", "en")
    ran = staged(tmp_path, None, "--target", "production", "--plan", *other)
    assert ran.returncode == 4
    assert "docs.esignon.net is the vendor's PRODUCTION service" in ran.stderr
    assert "type --allow-host docs.esignon.net" in ran.stderr
    # The plan sends nothing, so this is safe to try.
    typed = ("--allow-host", "docs.esignon.net", "--lang", "en")
    ran = staged(tmp_path, None, "--target", "production", "--plan", *typed)
    assert ran.returncode == 0
    assert "(such cases are never sent to the vendor's production service)" in ran.stdout
    assert "Nothing was sent." in ran.stdout
