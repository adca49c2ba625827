"""Load runs without Locust: what a worker would have handed on, made up, and the verdicts on it."""

from __future__ import annotations

import asyncio
import os
import random
import socket
import threading
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from esignon_conformance import resources
from esignon_conformance.contract.waiver import Waiver
from esignon_conformance.load.logins import Login, Logins
from esignon_conformance.load.plan import LoadOptions, plan_of
from esignon_conformance.recording.traffic import Traffic
from esignon_conformance.runner.run import Run
from esignon_conformance.target.accounts import box_accounts
from esignon_conformance.target.target import Target, made_up_account
from esignon_conformance.tools.reference.application import Application, application
from esignon_conformance.tools.reference.in_process import ask
from esignon_conformance.tools.reference.world import load_world
from esignon_conformance.tools.traffic.load_frames import Sent, packed
from esignon_conformance.tools.traffic.login_request import KnownAccounts
from esignon_conformance.tools.traffic.operation_path import OperationPath
from esignon_conformance.tools.traffic.run import TrafficJudge, traffic_run
from selftest.support.exchanges import contract

HOST = "http://127.0.0.1:9"
# A Unix time at which a made-up run begins.
BEGAN = 1_700_000_000.0


def logins(count: int, seed: int = 1) -> Iterator[Login]:
    """Yield logins as a user of a load run draws them."""
    plan = plan_of(LoadOptions(base_url=HOST, accounts="box"))
    drawn = Logins(plan, contract().operation, random.Random(seed))  # noqa: S311 - the same each time
    return (drawn.draw() for _ in range(count))


def box() -> Application:
    """Return the server in the box."""
    return application(load_world(resources.contracts() / "accounts.yaml"))


def sent(
    login: Login, at: float, seconds: float, served: Application | None, **varied: Any
) -> Sent:
    """Return a login with what `served` answers to it; None where nothing came."""
    status, headers, body = 0, list[tuple[str, str]](), b""
    if served is not None:
        kind = ((b"content-type", b"application/json"),)
        answer = asyncio.run(ask(served, login.path, login.body, headers=kind))
        headers = [(name.decode(), value.decode()) for name, value in answer.headers]
        status, body = answer.status, answer.body
    row = Sent(
        situation=login.situation,
        case=login.case,
        began=BEGAN + at,
        seconds=seconds,
        url=f"{HOST}{login.path}",
        headers=[("Content-Type", "application/json")],
        body=login.body,
        status=status,
        reason="",
        version="HTTP/1.1",
        answer_headers=headers,
        answer_body=body,
        fault="",
    )
    return row._replace(**varied)


def judged_load(
    folder: Path,
    rows: Iterable[Sent],
    *,
    budget: Mapping[str, float] | None = None,
    told: Iterable[Mapping[str, Any]] = (),
    users: int = 2,
    waivers: tuple[Waiver, ...] = (),
) -> Run:
    """Return the run of a load run's judge; `told` is what the worker tells beside its exchanges."""
    known = box_accounts()
    target = Target(
        base_url="http://traffic.invalid",
        kind="traffic",
        accounts={**known, "made-up": made_up_account("", 1)},
        unknown_company="nocompany1",
        p95_ms=budget or {},
    )
    judge = TrafficJudge(
        contract().under_load(),
        target,
        OperationPath(contract().operation, ""),
        KnownAccounts(known, False),
        Traffic(()),
    )
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(folder / "judge"))
    listening.listen()
    frames = [{"say": "here"}, *told, list(rows), {"say": "done"}]
    run_frame = {"say": "run", "users": users, "interrupted": False}
    sender = threading.Thread(target=_send, args=(folder / "judge", [*frames, run_frame]))
    sender.start()
    try:
        file = Path(f"/dev/fd/{os.dup(listening.fileno())}")
        return traffic_run(judge, [file], folder / "report", 1, waivers=waivers)
    finally:
        sender.join()
        listening.close()


def _send(path: Path, frames: Iterable[Any]) -> None:
    with socket.socket(socket.AF_UNIX) as own:
        own.connect(str(path))
        for one in frames:
            own.sendall(packed(one))
