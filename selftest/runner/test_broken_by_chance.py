"""A target that breaks requests by chance: what it broke is sent again, so that nothing hides there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from esignon_conformance.runner.run import Run
from esignon_conformance.target.settings import Options, box_target
from esignon_conformance.tools.proof.judged_server import serving
from esignon_conformance.tools.reference.faults.registry import Fault, changed
from esignon_conformance.tools.reference.login import STEPS
from esignon_conformance.tools.reference.pipeline import Decision, LoginRequest, Response
from esignon_conformance.tools.reference.world import Company
from selftest.support.exchanges import contract

# A company that is believed, as SQL without quotes is.
CASE = "sql-without-quotes-in-company"


def _server(*, by_chance: bool) -> Fault:
    """Return a server that breaks down the first time that it believes, and now and then besides."""

    def respond(request: LoginRequest, decision: Decision, payload: bytes) -> Response:
        right = STEPS.respond(request, decision, payload)
        believed = b"1=1" in request.path.replace(b"%3D", b"=")
        request.state.notes["believed"] = request.state.notes.get("believed", 0) + believed
        first = believed and request.state.notes["believed"] == 1
        now_and_then = by_chance and not believed and request.number == 4
        return replace(right, status=500) if first or now_and_then else right

    def find_company(request: LoginRequest, company_id: str | None) -> Company | None:
        is_believed = "1=1" in (company_id or "")
        return (
            request.world.companies[0] if is_believed else STEPS.find_company(request, company_id)
        )

    build = changed(respond=respond, find_company=find_company)
    return Fault("made-up", ("SEC-3",), "A server.", build)


@pytest.mark.parametrize(
    ("by_chance", "failed"), [(True, {"ENV-10", "SEC-3"}), (False, {"ENV-10"})]
)
def test_what_a_server_broke_by_chance_is_sent_again(
    tmp_path: Path, by_chance: bool, failed: set[str]
) -> None:
    with serving(_server(by_chance=by_chance)) as base_url:
        run = Run(
            *(contract(), box_target(base_url, 3, Options()), 3, tmp_path),
            cases=frozenset({CASE}),
            clauses=frozenset({"REQ-1"}),
        )
        verdicts = run.verdicts
    assert {one.clause for one in verdicts if one.verdict == "fails"} == failed
