"""A target off this machine, over real processes and sockets: limits, guards, TLS, proxies, headers.

The proxy of these tests answers for `staging.esignon.invalid` itself, so nothing leaves the machine.
"""

from __future__ import annotations

import itertools
import json
import re
import ssl
import subprocess
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import trustme

from esignon_conformance.runner.requests.contract_check import load
from esignon_conformance.target.accounts import box_accounts
from esignon_conformance.target.target import Account
from selftest.support.command import command, statement
from selftest.support.proxy_server import ProxiedTarget, proxied
from selftest.support.raw_server import Received, answer

HOST = "staging.esignon.invalid"
URL = f"http://{HOST}"
ACCOUNTS = box_accounts()
GATEWAY_KEY = "gateway-key-Wb7.trqX2"
TARGETS = f"""
[staging]
base_url = "{URL}"
company_id = "{ACCOUNTS["main"].company}"
language = "ko"
fail_on = ["SEC-5"]

[staging.accounts.main]
memb_email = "STAGING_MEMB_EMAIL"
memb_pwd = "STAGING_MEMB_PWD"

[staging.headers]
X-Gateway-Key = "STAGING_GATEWAY_KEY"

[staging.limits]
requests_per_second = 1000

[production]
base_url = "https://docs.esignon.net"
company_id = "{ACCOUNTS["main"].company}"
accounts.main = {{memb_email = "STAGING_MEMB_EMAIL", memb_pwd = "STAGING_MEMB_PWD"}}
"""


def email(account: Account) -> str:
    """Return the email of an account as text."""
    return account.email.get_secret_value()


def password(account: Account) -> str:
    """Return the password of an account as text."""
    return account.password.get_secret_value()


STAGING = {
    "STAGING_MEMB_EMAIL": email(ACCOUNTS["main"]),
    "STAGING_MEMB_PWD": password(ACCOUNTS["main"]),
    "STAGING_GATEWAY_KEY": GATEWAY_KEY,
}
MAIN_ONLY = {
    "ESIGNON_COMPANY_ID": ACCOUNTS["main"].company,
    "ESIGNON_MEMB_EMAIL": email(ACCOUNTS["main"]),
    "ESIGNON_MEMB_PWD": password(ACCOUNTS["main"]),
}
ALL = MAIN_ONLY | {
    "ESIGNON_SECOND_MEMB_EMAIL": email(ACCOUNTS["second"]),
    "ESIGNON_SECOND_MEMB_PWD": password(ACCOUNTS["second"]),
    "ESIGNON_OTHER_COMPANY_ID": ACCOUNTS["other"].company,
    "ESIGNON_OTHER_MEMB_EMAIL": email(ACCOUNTS["other"]),
    "ESIGNON_OTHER_MEMB_PWD": password(ACCOUNTS["other"]),
    "ESIGNON_BLOCKED_COMPANY_ID": ACCOUNTS["blocked"].company,
    "ESIGNON_BLOCKED_MEMB_EMAIL": email(ACCOUNTS["blocked"]),
    "ESIGNON_BLOCKED_MEMB_PWD": password(ACCOUNTS["blocked"]),
}


def run(
    folder: Path, target: ProxiedTarget | None, *arguments: str, url: str = URL, **settings: str
) -> subprocess.CompletedProcess[str]:
    """Run the suite on the host of these tests, through the proxy that stands for it."""
    proxies = {} if target is None else {"HTTP_PROXY": target.url, "HTTPS_PROXY": target.url}
    given = ("--base-url", url, "--allow-host", HOST, "--lang", "en", "--report-dir", str(folder))
    named = {**MAIN_ONLY, **proxies, **settings}
    return command("run", *given, *arguments, folder=folder, settings=named)


def verdict(document: dict[str, Any], clause: str) -> str:
    """Return the verdict of a clause in a statement."""
    return str(next(one["verdict"] for one in document["clauses"] if one["id"] == clause))


def not_sent(document: dict[str, Any]) -> Counter[str]:
    """Return how many cases each kind of reason left out."""
    counts: Counter[str] = Counter()
    for row in document["not_sent"]:
        counts[row["why"]] += len(row["cases"])
    return counts


def credentials(received: Received) -> tuple[Any, Any]:
    """Return the email and the password of a request that has them where they belong."""
    try:
        body = json.loads(received.body)["body"]
        return body["memb_email"], body["memb_pwd"]
    except (ValueError, KeyError, TypeError):
        return None, None


def wrong_passwords(target: ProxiedTarget, account: Account) -> tuple[int, int]:
    """Return how many wrong passwords an account was sent in all, and in a row."""
    wrong, row, longest = 0, 0, 0
    for received in target.requests:
        sent = credentials(received)
        if sent[0] == email(account):
            is_wrong = sent[1] != password(account)
            wrong += is_wrong
            row = row + 1 if is_wrong else 0
            longest = max(longest, row)
    return wrong, longest


# ---- limits ----------------------------------------------------------------------------------------


def test_a_whole_run_keeps_the_limits_of_a_host_elsewhere(tmp_path: Path) -> None:
    with proxied() as target:
        planned = run(tmp_path, target, "--rate", "5000", "--seed", "5", "--plan", **ALL)
        assert target.requests == []
        assert not (tmp_path / "statement.json").exists()
        ran = run(tmp_path, target, "--rate", "5000", "--seed", "5", **ALL)
    assert (ran.returncode, planned.returncode) == (0, 0), ran.stdout
    found = statement(tmp_path)
    assert found["limits"]["wrong_passwords"] == 60
    assert found["requests"] == len(target.requests) <= 600
    # What was planned is what was sent, but for a step of the connection that only a socket shows.
    assert abs(int(planned.stdout.split(" requests (")[0].split()[-1]) - found["requests"]) <= 2
    assert "60 wrong passwords for the account main (limit: 60, and 3 in a row)" in planned.stdout
    assert wrong_passwords(target, ACCOUNTS["main"])[0] in range(50, 61)
    for name in ("main", "second", "other", "blocked"):
        assert wrong_passwords(target, ACCOUNTS[name])[1] <= 3
    assert target.most_at_once <= 4
    assert not [one.target for one in target.requests if "memb_pwd=" in one.target]
    left_out = not_sent(found)
    # Every case fits, sent once, and so what a limit leaves of draws takes nothing away.
    assert left_out.keys() == {"wrong-passwords", "url-credentials", "request-limit"}
    assert found["complete"] is True
    assert f"cases not sent: {left_out['wrong-passwords']} (" in ran.stdout
    assert verdict(found, "REQ-5") == verdict(found, "SEC-2") == verdict(found, "SUC-9") == "holds"
    recorded = (tmp_path / "exchanges.jsonl").read_text("utf-8")
    rows = [json.loads(row) for row in recorded.split("\n") if row]
    cases = load().cases
    hostile = [row["case"] in cases and cases[row["case"]].tagged("hostile") for row in rows]
    first = hostile.index(True)
    after = {row["case"] for row, is_hostile in zip(rows[first:], hostile[first:], strict=True)}
    assert {case for case in after if case in cases and not cases[case].tagged("hostile")} <= {
        *("right-login", "right-login-second", "right-login-other"),
        *(name for name, case in cases.items() if case.is_oddly_framed),
    }


def test_without_a_word_five_requests_a_second_go_out_until_the_time_is_up(tmp_path: Path) -> None:
    with proxied() as target:
        began = time.monotonic()
        ran = run(tmp_path, target, "--depth", "quick", "--max-time", "4")
        # Four seconds of sending, and before it the plan of what fits.
        assert time.monotonic() - began < 60
    assert ran.returncode == 6
    assert "the time of the run was up" in ran.stdout
    found = statement(tmp_path)
    assert (found["complete"], found["limits"]["requests_per_second"]) == (False, 5.0)
    assert not_sent(found)["time-up"] > 200
    for begin in target.moments:
        assert sum(1 for moment in target.moments if 0 <= moment - begin < 0.99) <= 6
    # Five a second for four seconds, at most; a busy machine sends fewer.
    assert 2 <= len(target.requests) <= 21


def test_a_burst_is_paid_from_the_pace_before_and_after(tmp_path: Path) -> None:
    # A busy machine may note a request late, which then stands nearer to the next; not three times over.
    # test_rate_limit.py has the same by a clock of its own.
    interval = 1 / 12
    for _ in range(3):
        with proxied() as target:
            ran = run(tmp_path, target, "-k", "SUC-9", "--rate", "12", **ALL)
        assert ran.returncode == 0, ran.stdout
        assert target.most_at_once <= 4
        gaps = [later - earlier for earlier, later in itertools.pairwise(target.moments)]
        if _are_paid(gaps, interval):
            break
    else:
        pytest.fail(f"bursts are not paid for: {gaps}")
    assert len(target.moments) / (target.moments[-1] - target.moments[0]) <= 12.5


def _are_paid(gaps: list[float], interval: float) -> bool:
    """Tell whether each burst of four, of some fifteen, has two paid for before it and two after."""
    bursts = [
        index
        for index in range(len(gaps) - 3)
        if all(gap < interval / 2 for gap in gaps[index : index + 3])
    ]
    paid = [
        gaps[index - 1] > 2.3 * interval
        and sum([*gaps, 1.0][index - 1 : index + 4]) > 4.4 * interval
        for index in bursts
    ]
    return 11 <= len(bursts) <= 15 and all(paid)


def test_one_request_at_a_time_leaves_concurrency_unjudged(tmp_path: Path) -> None:
    with proxied() as target:
        ran = run(tmp_path, target, "-k", "SUC-9", "--rate", "1000", "--concurrency", "1", **ALL)
    assert ran.returncode == 0
    assert verdict(statement(tmp_path), "SUC-9") == "not-judged"
    assert "SUC-9: the settings allow one request at a time" in ran.stdout
    assert target.most_at_once == 1


@pytest.mark.slow
def test_a_limit_of_requests_leaves_out_the_least_telling_cases(tmp_path: Path) -> None:
    with proxied() as target:
        ran = run(tmp_path, target, "--rate", "5000", "--max-requests", "300", **ALL)
    assert ran.returncode == 0, ran.stdout
    found = statement(tmp_path)
    assert 250 < len(target.requests) == found["requests"] <= 300
    assert found["complete"] is False
    assert "NO DEVIATION FOUND in this part of the suite" in ran.stdout
    assert not_sent(found)["request-limit"] > 500
    (row,) = (one for one in found["not_sent"] if one["why"] == "request-limit")
    assert sum(name.startswith("draw-") for name in row["cases"]) >= 390
    assert not {"right-login", "wrong-password", "password-cut-last"} & {*row["cases"]}
    for clause in ("REQ-1", "REJ-1", "REJ-2", "REJ-7", "SEC-2", "SEC-3", "SUC-8"):
        assert verdict(found, clause) == "holds"


@pytest.mark.parametrize(
    "option",
    [
        "--wrong-passwords",
        pytest.param("--wrong-passwords-in-a-row", marks=pytest.mark.slow),
    ],
)
def test_0_sends_no_wrong_password_at_all(option: str, tmp_path: Path) -> None:
    with proxied() as target:
        ran = run(tmp_path, target, "--depth", "quick", "--rate", "5000", option, "0", **ALL)
    assert ran.returncode == 0, ran.stdout
    for name in ("main", "second", "other", "blocked"):
        assert wrong_passwords(target, ACCOUNTS[name]) == (0, 0)
    found = statement(tmp_path)
    assert verdict(found, "REJ-1") == "not-judged"
    assert verdict(found, "SEC-2") == "not-judged"
    assert verdict(found, "REQ-2") == verdict(found, "REJ-2") == "holds"


def test_waiting_on_429_ends_when_the_time_is_up(tmp_path: Path) -> None:
    busy = answer(b"", "429 Too Many", "Retry-After: 30")
    with proxied(lambda _received: busy) as target:
        ran = run(tmp_path, target, "--depth", "quick", "--max-time", "3")
    assert ran.returncode == 6
    # The wait that is asked for is 30 seconds. What a busy machine takes to start is no part of it.
    taken = re.search(r"requests in ([\d.]+) s", ran.stdout)
    assert taken is not None
    assert float(taken[1]) < 15
    assert not_sent(statement(tmp_path))["time-up"] > 200
    assert len(target.requests) <= 2


def test_a_login_that_is_turned_away_after_a_hostile_case_stops_the_run(tmp_path: Path) -> None:
    page = answer(b"<html>Blocked</html>", "403 Forbidden", "Content-Type: text/html")
    barred: list[int] = []

    def firewall(received: Received) -> bytes | None:
        if b"' OR " in received.body:
            barred.append(len(target.requests))
        return page if barred else None

    with proxied(firewall) as target:
        ran = run(tmp_path, target, "--depth", "quick", "--rate", "5000", **ALL)
    assert ran.returncode == 6, ran.stdout
    # "At most ten requests from the first sign": right logins of every account, and two that need none.
    assert barred[0] + 2 <= len(target.requests) <= barred[0] + 9
    found = statement(tmp_path)
    assert {one["id"] for one in found["clauses"] if one["verdict"] == "fails"} == set()
    assert verdict(found, "SEC-3") == "could-not-judge"
    assert verdict(found, "SUC-8") == verdict(found, "REJ-5") == "holds"
    assert not_sent(found)["barred"] > 20
    assert (
        "after the hostile case sql-or-in-email the target turned right logins away" in ran.stdout
    )


# ---- which hosts -----------------------------------------------------------------------------------


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


# ---- TLS and proxies -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """Return a private certificate authority."""
    return trustme.CA()


def server_side(authority: trustme.CA, *names: str) -> ssl.SSLContext:
    """Return what a server speaks TLS with that has a certificate for some names."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)
    return context


def test_tls_is_verified_against_a_private_authority(authority: trustme.CA, tmp_path: Path) -> None:
    bundle = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(bundle)
    url = f"https://{HOST}:8443"
    fast = ("-k", "SUC-1 or SEC-5", "--rate", "1000")
    with proxied(tls=server_side(authority, HOST)) as target:
        refused = run(tmp_path, target, *fast, url=url)
        assert (refused.returncode, target.requests) == (6, [])
        assert "certificate is not trusted" in refused.stdout
        assert "--ca-bundle FILE" in refused.stdout
        assert verdict(statement(tmp_path), "SEC-5") == "could-not-judge"
        by_option = run(tmp_path, target, *fast, "--ca-bundle", str(bundle), url=url)
        assert by_option.returncode == 0, by_option.stdout
        assert verdict(statement(tmp_path), "SEC-5") == "holds"
        setting = run(tmp_path, target, *fast, url=url, ESIGNON_CA_BUNDLE=str(bundle))
        assert setting.returncode == 0
    assert set(target.asked_for) == {f"{HOST}:8443"}
    assert {one.header("Host") for one in target.requests} == {f"{HOST}:8443"}


def test_a_certificate_of_another_host_is_not_trusted(
    authority: trustme.CA, tmp_path: Path
) -> None:
    bundle = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(bundle)
    with proxied(tls=server_side(authority, "other.invalid")) as target:
        chosen = ("-k", "SUC-1", "--ca-bundle", str(bundle))
        ran = run(tmp_path, target, *chosen, url=f"https://{HOST}")
    assert (ran.returncode, target.requests) == (6, [])
    assert "certificate is not trusted" in ran.stdout


@pytest.mark.parametrize("content", [None, b"", b"no certificate"])
def test_certificates_that_cannot_be_read_are_refused(
    content: bytes | None, tmp_path: Path
) -> None:
    bundle = tmp_path / "ca.pem"
    if content is not None:
        bundle.write_bytes(content)
    ran = run(tmp_path, None, "--ca-bundle", str(bundle))
    assert ran.returncode == 4
    assert f"The certificates in {bundle} cannot be read" in ran.stderr


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_credentials_of_a_proxy_are_sent_to_it_and_written_nowhere(
    scheme: str, authority: trustme.CA, tmp_path: Path
) -> None:
    secret = "Proxy-Pass.77xQ"
    bundle = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(bundle)
    tls = server_side(authority, HOST) if scheme == "https" else None
    with proxied(tls=tls) as target:
        url = target.url.replace("//", f"//us%65r:{secret}@")
        given = {"HTTP_PROXY": url, "HTTPS_PROXY": url}
        chosen = ("-k", "SUC-1", "--rate", "1000", "--ca-bundle", str(bundle))
        ran = run(tmp_path, target, *chosen, url=f"{scheme}://{HOST}", **given)
    assert ran.returncode == 0, ran.stdout
    assert set(target.authorization) == {"Basic dXNlcjpQcm94eS1QYXNzLjc3eFE="}
    assert "Through the proxy 127.0.0.1:" in ran.stdout
    for path in tmp_path.rglob("*"):
        if path.is_file():
            for form in (secret, "dXNlcjpQcm94eS1QYXNzLjc3eFE="):
                assert form.encode() not in path.read_bytes(), path
    assert secret not in ran.stdout + ran.stderr


def test_no_proxy_is_heeded(tmp_path: Path) -> None:
    # No connection leaves this machine for the address of all on a network.
    nowhere = "255.255.255.255"
    chosen = ("-k", "SUC-1", "--rate", "1000", "--allow-host", nowhere)
    with proxied() as target:
        url = f"http://{nowhere}"
        ran = run(tmp_path, target, *chosen, url=url, NO_PROXY=f"other.invalid,{nowhere}")
        assert (ran.returncode, target.asked_for) == (6, [])
        ran = run(tmp_path, target, *chosen, url=url, NO_PROXY="other.invalid")
        assert ran.returncode == 0, ran.stdout
        assert set(target.asked_for) == {nowhere}


def test_a_proxy_that_opens_no_tunnel_is_no_answer(tmp_path: Path) -> None:
    with proxied() as target:
        ran = run(tmp_path, target, "-k", "SUC-1", url=f"https://{HOST}")
    assert (ran.returncode, target.requests) == (6, [])
    refused = f"the proxy 127.0.0.1:{target.server.port} refused: "
    assert f"did not answer the first login (unreachable: {refused}" in ran.stdout
    assert target.asked_for == [f"{HOST}:443"] * 3


@pytest.mark.parametrize(
    "value", ["socks5://127.0.0.1:9", "https://u:Secret-77@127.0.0.1:9", "x:y", "http://a..b"]
)
def test_a_proxy_that_cannot_be_used_is_refused(value: str, tmp_path: Path) -> None:
    ran = run(tmp_path, None, HTTP_PROXY=value)
    assert ran.returncode == 4
    assert "HTTP_PROXY (ALL_PROXY) names a proxy that the suite cannot use" in ran.stderr
    assert "Secret-77" not in ran.stdout + ran.stderr
