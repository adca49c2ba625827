"""The suite before a server: what it states, in a process of its own and in a time that is bounded."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Literal

import requests

from esignon_conformance.app.cli.prove import SEED
from esignon_conformance.contract.model import Contract
from esignon_conformance.runner.run import Run
from esignon_conformance.target.settings import Options, box_target
from esignon_conformance.target.target import Target
from esignon_conformance.tools.proof import judged_server
from esignon_conformance.tools.reference.page import page

Fate = Literal[
    "no-login", "no-end", "failed", "other-verdict", "only-observed", "survived", "suite-broke"
]
# The mutants that the suite tells from the right server, whatever it says of them.
KILLED: frozenset[Fate] = frozenset({"no-login", "no-end", "failed", "other-verdict"})

# A run on the right server takes four seconds; a mutant may let every answer wait.
LONGEST = 120.0
_ANSWER_TIMEOUT = 5.0


@dataclass(frozen=True)
class Stated:
    """What the suite states about a server: per clause the verdict, and per clause what it observed."""

    verdicts: Mapping[str, str] = field(default_factory=dict)
    observed: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Judged:
    """What became of a mutant, and what shows it: clauses, in words for whoever reads the session."""

    fate: Fate
    shown: str = ""


def compared(right: Stated, seen: Stated) -> Judged:
    """Return what became of a mutant about which the suite states this."""
    others = {
        clause: verdict
        for clause, verdict in seen.verdicts.items()
        if verdict != right.verdicts.get(clause)
    }
    shown = ", ".join(f"{clause} {verdict}" for clause, verdict in sorted(others.items()))
    if "fails" in others.values():
        return Judged("failed", shown)
    if others:
        return Judged("other-verdict", shown)
    differing = [
        f"{clause} {name}: {seen.observed.get(clause, {}).get(name)!r}"
        for clause, values in right.observed.items()
        for name, value in values.items()
        if seen.observed.get(clause, {}).get(name) != value
    ]
    return Judged("only-observed", "; ".join(differing)) if differing else Judged("survived")


def steady(first: Stated, second: Stated) -> Stated:
    """Return what was stated both times."""
    observed = {
        clause: {
            name: value
            for name, value in values.items()
            if second.observed.get(clause, {}).get(name) == value
        }
        for clause, values in first.observed.items()
    }
    return Stated(
        {
            clause: verdict
            for clause, verdict in first.verdicts.items()
            if second.verdicts.get(clause) == verdict
        },
        observed,
    )


def judged(base_url: str, contract: Contract, right: Stated) -> Judged:
    """Return what becomes of a mutant that is served there, if it is served at all."""
    if not base_url or not logs_in(base_url):
        return Judged("no-login")
    seen = stated(base_url, contract)
    return seen if isinstance(seen, Judged) else compared(right, seen)


def logs_in(base_url: str) -> bool:
    """Tell whether the plain right login gets a token: where it does not, REQ-1 fails for certain."""
    target = _target(base_url)
    account = target.accounts["main"]
    document = {
        "header": {"request_code": page().request_code},
        "body": {
            "memb_email": account.email.get_secret_value(),
            "memb_pwd": account.password.get_secret_value(),
        },
    }
    session = requests.Session()
    session.trust_env = False
    try:
        answer = session.post(
            f"{base_url}/api/{account.company}/login", json=document, timeout=_ANSWER_TIMEOUT
        ).json()
        return bool(answer["header"]["result_code"] == "00" and answer["body"]["access_token"])
    except (requests.RequestException, ValueError, KeyError, TypeError):
        return False


def _target(base_url: str) -> Target:
    return box_target(base_url, SEED, Options(answer_timeout=_ANSWER_TIMEOUT))


def stated(base_url: str, contract: Contract) -> Stated | Judged:
    """Return what a quick run on a server states, or why it states nothing."""
    reader, writer = judged_server.context().Pipe(duplex=False)
    process = judged_server.context().Process(target=_state, args=(base_url, contract, writer))
    process.start()
    writer.close()
    try:
        answer = reader.recv() if reader.poll(LONGEST) else Judged("no-end")
    except EOFError:
        answer = Judged("suite-broke", "its process died")
    finally:
        reader.close()
        judged_server._stop(process)
    assert isinstance(answer, Stated | Judged)
    return answer


def _state(base_url: str, contract: Contract, writer: Connection) -> None:
    judged_server._obey()
    with tempfile.TemporaryDirectory() as directory:
        run = Run(contract, _target(base_url), SEED, Path(directory), is_whole=True)
        try:
            verdicts = run.verdicts
        except Exception as problem:  # noqa: BLE001 - told, whatever it is
            writer.send(Judged("suite-broke", f"{type(problem).__name__}: {problem}"))
            return
    writer.send(
        Stated(
            {one.clause: one.verdict for one in verdicts},
            {one.clause: dict(one.observed) for one in verdicts if one.observed},
        )
    )
