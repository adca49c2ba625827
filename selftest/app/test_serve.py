"""`serve`: the server in the box as a mock: whose accounts, in which language, how slow, how wrong."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from esignon_conformance.app.cli import serve
from esignon_conformance.app.cli.main import main
from esignon_conformance.tools.reference.faults import FAULTS
from esignon_conformance.tools.reference.faults.load_only import LOAD_FAULTS
from esignon_conformance.tools.reference.faults.wire_server import WireServer
from esignon_conformance.tools.reference.in_process import ask
from esignon_conformance.tools.reference.page import page

ACCOUNTS = """\
companies:
  - id: Haneul-1
    role: own
    accounts: [{role: main, memb_email: Somebody@haneul.test, memb_pwd: "a b"}]
"""


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Return what the command would serve, by its arguments."""
    taken: list[Any] = []

    def listen_and_serve(host: str, port: int, served: Any) -> int:
        taken.append(served)
        return 0

    monkeypatch.setattr(serve, "listen_and_serve", listen_and_serve)

    def of(*arguments: str) -> Any:
        assert main(["serve", *arguments]) == 0
        return taken.pop()

    return of


def answered(server: Any, path: str, document: object, query: bytes = b"") -> dict[str, Any]:
    """Return the answer to a login."""
    body = json.dumps(document).encode()
    found: dict[str, Any] = json.loads(
        asyncio.run(ask(server, path, body, query=query)).body.decode()
    )
    return found


def test_the_accounts_of_a_file_are_known(served: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "accounts.yaml"
    path.write_text(ACCOUNTS, encoding="utf-8")
    login = {
        "header": {"request_code": page().request_code},
        "body": {"memb_email": "Somebody@haneul.test", "memb_pwd": "a b"},
    }
    known = answered(served("--accounts", str(path)), "/api/Haneul-1/login", login)
    assert known["header"]["result_code"] == "00"
    unknown = answered(served(), "/api/Haneul-1/login", login)
    assert unknown["header"]["result_code"] == "10"


@pytest.mark.parametrize(
    ("arguments", "query", "language"),
    [
        ((), b"", "ko"),
        (("--lang", "en"), b"", "en"),
        (("--lang", "ja"), b"lang=xx", "ja"),
        (("--lang", "en"), b"lang=ko", "ko"),
    ],
)
def test_the_texts_are_in_the_language_of_the_option_where_none_is_asked_for(
    arguments: tuple[str, ...], query: bytes, language: str, served: Callable[..., Any]
) -> None:
    answer = answered(served(*arguments), "/api/x/login", {}, query)
    assert answer["header"]["result_msg"] == page().texts[language]["12"]


def test_an_answer_waits_for_the_latency(served: Callable[..., Any]) -> None:
    begun = time.monotonic()
    answered(served("--latency", "0.05"), "/api/x/login", {})
    assert time.monotonic() - begun >= 0.05


def test_a_fault_is_served_with_its_latency(served: Callable[..., Any]) -> None:
    wire = next(
        name
        for name, one in FAULTS.items()
        if one.clauses[0] == "ENV-10" and _is_wire(served, name)
    )
    plain, slow = served("--fault", wire), served("--fault", wire, "--latency", "1")
    assert isinstance(slow, WireServer)
    assert slow.steps.before_answer is not plain.steps.before_answer
    begun = asyncio.run(ask(served("--fault", "byte-order-mark"), "/api/x/login", b"{}")).body
    assert begun.startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("name", ["byte-order-mark", "session-id-absent"])
def test_a_fault_speaks_the_language_of_the_option(name: str, served: Callable[..., Any]) -> None:
    server = served("--fault", name, "--lang", "ja")
    told = asyncio.run(ask(server, "/api/x/login", b"{}")).body.decode("utf-8-sig")
    assert json.loads(told)["header"]["result_msg"] == page().texts["ja"]["12"]


@pytest.mark.slow
def test_every_fault_can_be_served_in_another_language(served: Callable[..., Any]) -> None:
    for name in FAULTS:
        assert served("--fault", name, "--lang", "en") is not None


def _is_wire(served: Callable[..., Any], name: str) -> bool:
    return isinstance(served("--fault", name), WireServer)


def test_the_faults_are_listed_with_their_clauses(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--list-faults"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(FAULTS) + len(LOAD_FAULTS)
    assert "byte-order-mark  [ENV-1]  A byte order mark stands first." in lines


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--fault", "byte-order"), "Near: byte-order-mark"),
        (("--fault", "unknown"), "Near: unknown-"),
        (("--fault", "nope"), "names is like it. serve --list-faults lists each with its clause"),
        (("--fault", "REJ-4"), "REJ-4 is a clause, and a fault has a name of its own. Those that"),
        (("--lang", "fr"), "ko, en, ja"),
        (("--latency", "-1"), "from 0 to 600"),
        (("--latency", "nan"), "from 0 to 600"),
        (("--fault", "byte-order-mark", "--lang", "fr"), "ko, en, ja"),
    ],
)
def test_what_cannot_be_served_is_a_configuration_error(
    arguments: tuple[str, ...],
    said: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ESIGNON_LANG", "en")
    assert main(["serve", *arguments]) == 4
    told = capsys.readouterr().err
    assert said in told
    assert len(told.splitlines()) == 1
