"""`--prove-token`: after the cases, a read-only operation is asked whether the issued token works."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from esignon_conformance.contract.model import TokenHeader
from esignon_conformance.i18n.errors import ConfigurationError
from esignon_conformance.runner.requests.token_header import other_header, with_token_header
from esignon_conformance.runner.token_proof import PATH, TokenProof, prove_token
from esignon_conformance.transport.json_reader import member, read_json
from esignon_conformance.transport.messages import Answer, Request
from selftest.support.exchanges import TARGET, contract, page, success
from selftest.support.judged import recording

Statuses = Mapping[tuple[str, str], int]


def proved(statuses: Statuses, *, logged_in: bool = True) -> tuple[TokenProof, list[Request]]:
    """Return the proof on a server that answers by header and kind of token, and what it was asked."""
    login = success()
    token = member(
        read_json(login.answer.body if login.answer else b"").value, "/body/access_token"
    )[1]
    asked: list[Request] = []

    def ask(request: Request) -> Answer | None:
        asked.append(request)
        name, value = request.headers[0] if request.headers else ("", "")
        kind = "none" if not value else "issued" if value == f"esignon {token}" else "made-up"
        status = statuses.get((name, kind), 401)
        return Answer(status, "", "HTTP/1.1", (), b"{}") if status else None

    recorded = recording([login if logged_in else page()])
    return prove_token(contract(), TARGET, recorded, ask), asked


def test_a_token_that_alone_is_taken_works() -> None:
    proof, asked = proved({("Authorization", "issued"): 200})
    assert proof.works
    assert (proof.header, dict(proof.statuses)) == (
        "Authorization",
        {"issued": 200, "none": 401, "made-up": 401},
    )
    assert {(one.method, one.target) for one in asked} == {("GET", PATH)}
    assert len(asked) == 3


def test_the_other_header_is_tried_where_the_first_is_refused() -> None:
    proof, asked = proved({("Authentication", "issued"): 200})
    assert proof.works
    assert proof.header == "Authentication"
    assert len(asked) == 4


@pytest.mark.parametrize(
    "statuses",
    [
        {},
        {("Authorization", "issued"): 200, ("Authorization", "made-up"): 200},
        {("Authorization", "issued"): 200, ("", "none"): 200},
        {("Authorization", "issued"): 0, ("Authentication", "issued"): 0},
    ],
)
def test_a_token_does_not_work_that_is_refused_or_is_not_needed(statuses: Statuses) -> None:
    proof, _ = proved(statuses)
    assert proof.was_asked
    assert not proof.works


def test_nothing_is_asked_without_a_token() -> None:
    proof, asked = proved({}, logged_in=False)
    assert not proof.was_asked
    assert asked == []


def test_a_token_goes_into_the_header_that_is_named() -> None:
    login = contract()
    token = TokenHeader("Authorization", "login", "/body/access_token", "esignon ")
    case = replace(next(iter(login.cases.values())), headers={"authorization": "esignon x"})
    known = replace(login, operation=replace(login.operation, token=token), cases={case.id: case})
    renamed = with_token_header(known, "Authentication")
    assert renamed.operation.token == replace(token, name="Authentication")
    assert renamed.cases[case.id].headers == {"Authentication": "esignon x"}
    assert with_token_header(login, None) is login
    for wrong, name in ((login, "Authentication"), (known, "no header")):
        with pytest.raises(ConfigurationError):
            with_token_header(wrong, name)
    assert (other_header("authorization"), other_header("X")) == ("Authentication", "Authorization")
