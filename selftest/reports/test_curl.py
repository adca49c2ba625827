"""The line that sends a request again, run by a real shell against a server that keeps what it gets."""

from __future__ import annotations

import http.server
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from esignon_conformance.redaction.scrubber import Scrubber
from esignon_conformance.redaction.secret import Secret
from esignon_conformance.reports.curl import MADE_UP_PASSWORD, VARIABLES, curl_line
from esignon_conformance.runner.requests.other_characters import NotApplicable
from esignon_conformance.target.client_certificate import ClientCertificate
from esignon_conformance.target.header_command import HeaderCommand
from esignon_conformance.target.target import REAL_ACCOUNTS, Account, Target
from esignon_conformance.transport.messages import Exchange, Request, Role
from selftest.support.background import running
from selftest.support.exchanges import COMPANY, MADE_UP, TARGET, contract, request_of
from selftest.support.raw_server import read_chunks

# What means something to a shell, to printf, to sed, to curl or to JSON.
ODD_PASSWORD = """a"b\\c'd$e`f%g&h/i\\n j비밀!#{}[]<>|;*?~(x)"""
ODD = Account(COMPANY, Secret("o'dd+{x}@gaon.invalid"), Secret(ODD_PASSWORD))
SHELLS = [shell for name in ("sh", "bash", "zsh") if (shell := shutil.which(name))]
needs_curl = pytest.mark.skipif(
    shutil.which("curl") is None,
    reason="NO CURL: nobody has seen whether the curl lines work. Install curl.",
)


class Kept:
    """What a server got: method, request target, body, header fields."""

    def __init__(self) -> None:
        self.got: list[tuple[str, str, bytes, dict[str, str]]] = []
        # The header fields of the last request, one that stands twice included.
        self.fields: list[tuple[str, str]] = []
        kept = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def handle_one_request(self) -> None:
                self.raw_requestline = self.rfile.readline(65537)
                if not self.raw_requestline or not self.parse_request():
                    self.close_connection = True
                    return
                if "Transfer-Encoding" in self.headers:
                    body = read_chunks(self.rfile.readline, self.rfile.read)
                else:
                    body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                kept.fields = self.headers.items()
                kept.got.append((self.command, self.path, body, dict(kept.fields)))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()
                self.close_connection = True

            def log_message(self, *_arguments: object) -> None:
                """Say nothing."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)


@pytest.fixture
def kept() -> Iterator[Kept]:
    found = Kept()
    with running(found.server):
        yield found


def target_at(port: int) -> Target:
    accounts = {**TARGET.accounts, "main": ODD}
    return replace(TARGET, base_url=f"http://127.0.0.1:{port}/prefix", accounts=accounts)


def behind_gateway(port: int, command: HeaderCommand) -> Target:
    return replace(
        target_at(port),
        headers=(("X-Api-Key", Secret("unused")), ("X-Old", Secret("unused"))),
        header_variables={"X-Api-Key": "GATEWAY_KEY", "X-Old": "GATEWAY_OLD"},
        header_command=command,
        fetched_headers=(("X-Old", Secret("unused")),),
    )


@needs_curl
@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("case_id", ["right-login", "empty-body"])
def test_header_fields_for_a_gateway_come_from_variables_and_the_command(
    kept: Kept, tmp_path: Path, shell: str, case_id: str
) -> None:
    key = "k'e\"y $HOME `id` %s \\\\n"
    (tmp_path / "token").write_text("X-Old: Bearer fresh\n")
    command = HeaderCommand("cat token | cat", tmp_path, "staging")
    target = behind_gateway(kept.server.server_port, command)
    made = curl_line(
        *(exchange_of(request_of(case_id, target)), contract().cases[case_id], target),
        scrubber_of(target),
    )
    assert made is not None
    line, variables = made
    assert {"GATEWAY_KEY", "GATEWAY_OLD"} <= set(variables)
    assert key not in line
    run(shell, line, target, GATEWAY_KEY=key, GATEWAY_OLD="old")
    ((_, _, body, headers),) = kept.got
    assert headers["X-Api-Key"] == key
    assert headers["X-Old"] == "Bearer fresh"
    assert bool(body) == (case_id == "right-login")


def test_certificates_of_a_target_are_those_of_the_line() -> None:
    certificate = ClientCertificate(Path("my cert.pem"), Path("key.pem"))
    target = replace(TARGET, ca_bundle=Path("ca.pem"), client_certificate=certificate)
    line = line_of("right-login", target)
    assert line is not None
    assert "--cacert ca.pem --cert 'my cert.pem' --key key.pem" in line


def exchange_of(request: Request, role: Role = "case") -> Exchange:
    made = Exchange("e1", "x", "right", "case", request, None, None, 0, 0, 0, 1)
    return replace(made, role=role)


def scrubber_of(target: Target) -> Scrubber:
    scrubber = Scrubber()
    for name in REAL_ACCOUNTS:
        email, password = _secrets(target.accounts[name])
        scrubber.register(password, f"{name} password")
        scrubber.register(email, f"{name} email")
    scrubber.register(_secrets(MADE_UP)[1], "made-up password")
    return scrubber


def line_of(case_id: str, target: Target, scrubber: Scrubber | None = None) -> str | None:
    scrubber = scrubber or scrubber_of(target)
    try:
        request = request_of(case_id, target)
    except NotApplicable:
        return None
    found = curl_line(exchange_of(request), contract().cases[case_id], target, scrubber)
    return found[0] if found else None


def lines_of(target: Target) -> dict[str, str]:
    """Return the line of each case that has one."""
    scrubber = scrubber_of(target)
    found = {name: line_of(name, target, scrubber) for name in contract().cases}
    return {name: line for name, line in found.items() if line is not None}


def run(shell: str, line: str, target: Target, **more: str) -> None:
    variables = {
        variable: value
        for name, pair in VARIABLES.items()
        for variable, value in zip(pair, _secrets(target.accounts[name]), strict=True)
    }
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", **variables, **more}
    done = subprocess.run(
        [shell, "-c", line], env=environment, capture_output=True, timeout=30, check=False
    )
    assert done.returncode == 0, (line, done.stderr.decode())


@needs_curl
@pytest.mark.parametrize(
    "shell",
    [pytest.param(one, marks=pytest.mark.slow if at else ()) for at, one in enumerate(SHELLS)],
)
def test_what_the_line_sends_is_what_was_sent(shell: str, kept: Kept) -> None:
    target = target_at(kept.server.server_address[1])
    # A part for each shell: together they take every case that has a line.
    part, parts = SHELLS.index(shell), len(SHELLS)
    lines = lines_of(target)
    assert len(lines) > 150
    for case_id in [*list(lines)[part::parts], "right-login", "same-value-in-chunks"]:
        request = request_of(case_id, target)
        run(shell, lines[case_id], target)
        method, path, body, headers = kept.got.pop()
        fields = {name.lower(): value for name, value in headers.items()}
        assert (method, path) == (request.method, request.target)
        assert body == request.body.replace(
            _secrets(MADE_UP)[1].encode(), MADE_UP_PASSWORD.encode()
        )
        for name in ("Content-Type", "Transfer-Encoding"):
            assert fields.get(name.lower(), "") == (request.header(name) or "")


@needs_curl
@pytest.mark.parametrize(
    "case_id", [case.id for case in contract().cases.values() if case.follows is not None]
)
def test_what_a_case_follows_is_sent_before_it_by_one_line(case_id: str, kept: Kept) -> None:
    target = target_at(kept.server.server_address[1])
    case = contract().cases[case_id]
    before = contract().cases[case.follows or ""]
    requests = [request_of(one.id, target) for one in (before, case)]
    sent = (exchange_of(requests[0]), before)
    found = curl_line(exchange_of(requests[1]), case, target, scrubber_of(target), sent)
    assert found is not None
    assert found[1] == VARIABLES["main"][:1]
    for shell in SHELLS:
        run(shell, found[0], target)
        got = [(method, body) for method, _, body, _ in kept.got]
        made_up = _secrets(MADE_UP)[1].encode()
        assert got == [
            (one.method, one.body.replace(made_up, MADE_UP_PASSWORD.encode())) for one in requests
        ]
        kept.got.clear()
    # Without it the line would show something else, and fields for a gateway are read once.
    assert line_of(case_id, target) is None
    gateway = replace(
        target, header_variables={"X-Key": "KEY"}, headers=(("X-Key", Secret("unused")),)
    )
    assert curl_line(sent[0], case, gateway, scrubber_of(gateway), sent) is None


@needs_curl
def test_a_body_of_bytes_is_sent_as_it_was(kept: Kept) -> None:
    target = target_at(kept.server.server_address[1])
    body = bytes(range(1, 256)) + b"\\0%s'$(echo no)\n"
    request = replace(request_of("wrong-password", target), body=body)
    case = replace(contract().cases["empty-body"], account="made-up")
    found = curl_line(exchange_of(request), case, target, scrubber_of(target))
    assert found is not None
    for shell in SHELLS:
        run(shell, found[0], target)
        assert kept.got.pop()[2] == body


@needs_curl
def test_a_header_field_that_stands_twice_does_so_in_what_the_line_sends(kept: Kept) -> None:
    target = target_at(kept.server.server_address[1])
    twice = (("X-A", "it's 1"), ("x-a", "2"), ("X-A", ""))
    request = request_of("right-login", target)
    request = replace(request, headers=(*request.headers, *twice))
    case = contract().cases["right-login"]
    found = curl_line(exchange_of(request), case, target, scrubber_of(target))
    assert found is not None
    for shell in SHELLS:
        run(shell, found[0], target)
        assert tuple(one for one in kept.fields if one[0].lower() == "x-a") == twice


def test_no_line_holds_a_secret() -> None:
    secrets = [text for name in REAL_ACCOUNTS for text in _secrets(TARGET.accounts[name])]
    # Nor anything of a password that would tell a part of it.
    pieces = {pwd[i : i + 4] for pwd in secrets[1::2] for i in range(len(pwd) - 3)}
    hidden = {*secrets, _secrets(MADE_UP)[1], *pieces}
    lines = lines_of(TARGET)
    assert len(lines) > 150
    holding = [name for name, line in lines.items() if any(one in line for one in hidden)]
    assert holding == []


def _secrets(account: Account) -> tuple[str, str]:
    return account.email.get_secret_value(), account.password.get_secret_value()


@pytest.mark.parametrize(
    "case_id",
    [
        "password-other-last",
        "password-two-exchanged",
        "password-html-entity",
        "same-value-indented",
        "odd-email-5000-characters",
    ],
)
def test_what_would_tell_a_character_of_a_secret_or_is_long_has_no_line(case_id: str) -> None:
    assert line_of(case_id, TARGET) is None


def test_what_came_with_others_has_no_line() -> None:
    case, request = contract().cases["right-login"], request_of("right-login")
    roles: dict[Role, bool] = {"case": True, "login": True, "burst": False, "follow-up": False}
    for role, has_line in roles.items():
        found = curl_line(exchange_of(request, role), case, TARGET, scrubber_of(TARGET))
        assert (found is not None) is has_line


def test_the_line_names_the_variables_it_needs() -> None:
    case, request = contract().cases["right-login"], request_of("right-login")
    found = curl_line(exchange_of(request), case, TARGET, scrubber_of(TARGET))
    assert found is not None
    assert found[1] == ("ESIGNON_MEMB_EMAIL", "ESIGNON_MEMB_PWD")
    assert re.search(r"printf '.*\"%s\".*' .* \| curl .* --data-binary @-$", found[0])
