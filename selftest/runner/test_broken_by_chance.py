"""A target that answers by chance: what that hid is sent again, so that nothing hides there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from esignon_conformance.runner.run import Run
from esignon_conformance.target.settings import Options, box_target
from esignon_conformance.tools.proof.judged_server import serving
from esignon_conformance.tools.reference.faults.registry import Fault, changed
from esignon_conformance.tools.reference.login import STEPS
from esignon_conformance.tools.reference.pipeline import (
    Decision,
    LoginRequest,
    Reason,
    Response,
    Steps,
)
from esignon_conformance.tools.reference.world import Company
from selftest.support.exchanges import contract

# A company that is believed, as SQL without quotes is.
CASE = "sql-without-quotes-in-company"
_BELIEVED = "1=1"


def _is_first_believed(request: LoginRequest) -> bool:
    believed = _BELIEVED in (request.company_id or "")
    seen = request.state.notes.setdefault("believed", [])
    seen.extend([request.number] * believed)
    return believed and len(seen) == 1


def _find_company(request: LoginRequest, company_id: str | None) -> Company | None:
    is_believed = _BELIEVED in (company_id or "")
    return request.world.companies[0] if is_believed else STEPS.find_company(request, company_id)


def _breaking(*, by_chance: bool) -> dict[str, Callable[..., Any]]:
    """Return a server that breaks down the first time that it believes, and once besides."""

    def respond(request: LoginRequest, decision: Decision, payload: bytes) -> Response:
        right = STEPS.respond(request, decision, payload)
        is_chance = by_chance and request.number == 4
        return replace(right, status=500) if _is_first_believed(request) or is_chance else right

    return {"respond": respond}


def _refusing(*, by_chance: bool) -> dict[str, Callable[..., Any]]:
    """Return a server that refuses the first time that it believes, and every third right login."""

    def decide(request: LoginRequest, steps: Steps) -> Decision:
        right = STEPS.decide(request, steps)
        logins = request.state.notes.setdefault("logins", [])
        logins.extend([request.number] * right.issued)
        is_chance = by_chance and right.issued and len(logins) % 3 == 0
        is_refused = _is_first_believed(request) or is_chance
        return replace(right, reason=Reason.UNKNOWN_COMPANY) if is_refused else right

    return {"decide": decide}


@pytest.mark.parametrize(
    ("server", "by_chance", "failed"),
    [
        (_breaking, True, {"ENV-10", "SEC-3"}),
        (_breaking, False, {"ENV-10"}),
        (_refusing, True, {"SUC-8", "SEC-3"}),
        (_refusing, False, set()),
    ],
)
def test_what_a_server_answered_by_chance_is_sent_again(
    tmp_path: Path,
    server: Callable[..., dict[str, Callable[..., Any]]],
    by_chance: bool,
    failed: set[str],
) -> None:
    build = changed(find_company=_find_company, **server(by_chance=by_chance))
    with serving(Fault("made-up", ("SEC-3",), "A server.", build)) as base_url:
        run = Run(
            *(contract(), box_target(base_url, 3, Options()), 3, tmp_path),
            cases=frozenset({CASE}),
            clauses=frozenset({"REQ-1"}),
        )
        verdicts = run.verdicts
    assert {one.clause for one in verdicts if one.verdict == "fails"} == failed
