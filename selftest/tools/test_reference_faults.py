"""A known-bad server is the server in the box with one step replaced, and nothing else changes."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from functools import partial
from typing import Any

from esignon_conformance import resources
from esignon_conformance.tools.reference import request_reader
from esignon_conformance.tools.reference.application import Application, application
from esignon_conformance.tools.reference.in_process import ask
from esignon_conformance.tools.reference.login import STEPS
from esignon_conformance.tools.reference.page import page
from esignon_conformance.tools.reference.pipeline import (
    Decision,
    LoginRequest,
    Reason,
    State,
    Steps,
)
from esignon_conformance.tools.reference.world import load_world

WORLD = load_world(resources.contracts() / "accounts.yaml")
MAIN, SECOND = WORLD.account("main"), WORLD.account("second")


async def login(served: Application, email: Any, password: Any, company: str = "") -> Any:
    """Ask a server for a token and return its envelope."""
    body = {"memb_email": email, "memb_pwd": password}
    document = json.dumps({"header": {"request_code": page().request_code}, "body": body})
    path = f"/api/{company or WORLD.company('own').id}/login"
    return json.loads((await ask(served, path, document.encode())).body)


def codes(steps: Steps, *credentials: tuple[Any, Any]) -> list[str]:
    """Return the result codes that one server gives one after the other."""
    served = application(WORLD, steps)
    answers = [asyncio.run(login(served, *each)) for each in credentials]
    return [each["header"]["result_code"] for each in answers]


RIGHT, WRONG = (MAIN.memb_email, MAIN.memb_pwd), (MAIN.memb_email, "x")


def test_a_fault_is_one_step_replaced() -> None:
    faulty = replace(STEPS, password_matches=lambda request, account, given: True)
    assert codes(STEPS, RIGHT, WRONG, ("x", "x")) == ["00", "10", "10"]
    assert codes(faulty, RIGHT, WRONG, ("x", "x")) == ["00", "00", "10"]


def test_a_fault_can_be_blind_to_one_member() -> None:
    blind = partial(request_reader.check_members, unchecked={"body/memb_pwd"})
    faulty = replace(
        STEPS, check_members=blind, password_matches=lambda request, account, given: given is None
    )
    assert codes(faulty, (MAIN.memb_email, None), (None, MAIN.memb_pwd)) == ["00", "12"]


def test_a_fault_can_issue_to_nobody_without_a_crash() -> None:
    faulty = replace(STEPS, decide=lambda request, steps: Decision(Reason.ISSUED))
    answered = asyncio.run(login(application(WORLD, faulty), "x", "x", "%FF"))
    assert answered["body"]["memb_email"] is answered["body"]["comp_id"] is None


def test_a_fault_can_change_what_is_answered() -> None:
    def without_session(*given: Any) -> dict[str, Any]:
        return {k: v for k, v in STEPS.header(*given).items() if k != "session_id"}

    faulty = replace(
        STEPS,
        header=without_session,
        result_code=lambda request, decision: "77",
        envelope=lambda request, decision, header, body: [header],
        respond=lambda *given: replace(STEPS.respond(*given), status=400),
    )
    answered = asyncio.run(ask(application(WORLD, faulty), "/api/x/login", b"{}"))
    assert answered.status == 400
    assert json.loads(answered.body) == [
        {"response_code": "1001A", "result_code": "77", "result_msg": page().texts["ko"]["12"]}
    ]
    assert (b"Content-Length", str(len(answered.body)).encode()) in answered.headers


def test_a_fault_can_count() -> None:
    def unlocked(request: LoginRequest, account: Any, given: Any) -> bool:
        locked = request.state.wrong_in_a_row[account.memb_email] >= 2
        return not locked and STEPS.password_matches(request, account, given)

    sent = (RIGHT, WRONG, RIGHT, WRONG, WRONG, RIGHT)
    assert codes(replace(STEPS, password_matches=unlocked), *sent) == [
        *("00", "10", "00", "10", "10", "10")
    ]
    third = replace(STEPS, result_code=lambda request, decision: str(request.number % 3))
    assert codes(third, *sent) == ["1", "2", "0", "1", "2", "0"]


def test_a_fault_can_remember_what_was_before() -> None:
    state = State()
    served = application(
        WORLD,
        replace(STEPS, message=lambda request, decision, code: f"{request.state.last_reason}"),
        state,
    )
    answers = [asyncio.run(login(served, *each)) for each in (RIGHT, WRONG, RIGHT)]
    said = [each["header"]["result_msg"] for each in answers]
    assert said == ["None", Reason.ISSUED, Reason.WRONG_PASSWORD]
    assert state.issued == {MAIN.memb_email: 2}
    assert [each.document for each in state.history] == answers
    assert MAIN.memb_pwd not in repr(state)
    asyncio.run(ask(served, "/api/x/login", b"", method="GET"))
    assert state.last_reason is None


def test_a_fault_can_mix_up_what_is_in_flight() -> None:
    async def rest(request: LoginRequest, decision: Decision) -> Decision:
        await asyncio.sleep(0)
        return decision

    def latest(request: LoginRequest, decision: Decision) -> Any:
        return STEPS.issue_body(*(request.state.latest or (request, decision)))

    async def both(steps: Steps) -> list[str]:
        served = application(WORLD, steps)
        asked = (login(served, each.memb_email, each.memb_pwd) for each in (MAIN, SECOND))
        return [each["body"]["memb_email"] for each in await asyncio.gather(*asked)]

    resting = replace(STEPS, before_answer=rest)
    assert asyncio.run(both(resting)) == [MAIN.memb_email, SECOND.memb_email]
    assert asyncio.run(both(replace(resting, issue_body=latest))) == [SECOND.memb_email] * 2


def test_two_servers_remember_apart() -> None:
    first, second = State(), State()
    asked, _ = application(WORLD, state=first), application(WORLD, state=second)
    asyncio.run(login(asked, *RIGHT))
    assert (first.requests, first.in_flight, second.requests) == (1, 0, 0)
