"""A target that a request ends, and one that is restarted or stopped meanwhile."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from esignon_conformance import resources
from esignon_conformance.runner.run import Run
from esignon_conformance.target.settings import Options, box_target
from esignon_conformance.tools.reference.faults.registry import changed
from esignon_conformance.tools.reference.faults.wire_server import WireServer
from esignon_conformance.tools.reference.login import STEPS
from esignon_conformance.tools.reference.pipeline import Decision, LoginRequest
from esignon_conformance.tools.reference.server import run as serve_on
from esignon_conformance.tools.reference.world import load_world
from selftest.support.exchanges import contract


class _Restarted:
    """A server in the box whose process ends now and then, and which somebody starts again."""

    def __init__(self, ends: Callable[[LoginRequest], bool], *, again: bool) -> None:
        self._ends, self._again = ends, again
        self.starts = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]

    def serve(self) -> None:
        """Serve until the process that does is ended for good."""
        while self._again or not self.starts:
            self.starts += 1
            child = os.fork()
            if not child:
                os._exit(self._child())
            os.waitpid(child, 0)
            self.listener.close()
            if self._again:
                time.sleep(0.7)
                self.listener = socket.create_server(("127.0.0.1", self.port))

    def _child(self) -> int:
        def dying(request: LoginRequest, decision: Decision, code: str) -> str:
            if self._ends(request):
                os._exit(1)
            return STEPS.message(request, decision, code)

        built = changed(message=dying)(load_world(resources.contracts() / "accounts.yaml"))
        assert not isinstance(built, WireServer)
        serve_on(self.listener, built, lambda: None)
        return 0


def _judged(server: _Restarted, tmp_path: Path) -> Run:
    owner = os.fork()
    if not owner:
        os.setpgrp()
        server.serve()
        os._exit(0)
    server.listener.close()
    try:
        target = box_target(f"http://127.0.0.1:{server.port}", 3, Options())
        # A part that the request at which the server ends stands in the midst of.
        part = frozenset({"ENV-10", "REJ-2", "REJ-7"})
        cases = frozenset(one.id for name in part for one in contract().cases_of(name))
        run = Run(contract(), target, 3, tmp_path, cases=cases, clauses=part)
        _ = run.verdicts
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(owner, signal.SIGKILL)
        os.waitpid(owner, 0)
    return run


def _has_surrogate(request: LoginRequest) -> bool:
    return b"\\ud800@" in request.raw


@pytest.mark.parametrize("again", [False, True])
def test_a_request_that_ends_the_server_is_a_finding(tmp_path: Path, again: bool) -> None:
    run = _judged(_Restarted(_has_surrogate, again=again), tmp_path)
    found = run.by_clause["ENV-10"]
    assert found.verdict == "fails"
    shown_by = {case for one in found.findings for case in one.cases}
    # The second has a lone surrogate beside other oddities.
    assert {"odd-email-lone-surrogate"} <= shown_by
    assert shown_by <= {"odd-email-lone-surrogate", "odd-email-of-many-kinds"}
    assert [one.clause for one in run.verdicts if one.verdict == "fails"] == ["ENV-10"]
    # Where it was asked again it ended again.
    assert sum(len(one.exchanges) for one in found.findings) >= 1 + again
    assert run.recording.is_gone is not again


def test_a_server_that_is_restarted_half_way_is_not_blamed(tmp_path: Path) -> None:
    mark = tmp_path / "ended"

    def once(request: LoginRequest) -> bool:
        if _has_surrogate(request) and not mark.exists():
            mark.write_text("", encoding="ascii")
            return True
        return False

    run = _judged(_Restarted(once, again=True), tmp_path)
    assert [one.clause for one in run.verdicts if one.verdict == "fails"] == []
    assert not run.recording.is_gone


def test_a_server_that_is_stopped_at_a_request_it_answered_before_is_not_blamed(
    tmp_path: Path,
) -> None:
    seen: Counter[tuple[object, ...]] = Counter()

    def at_one_that_came_five_times_before(request: LoginRequest) -> bool:
        # Wrong passwords have one body under many heads: those are different requests.
        same = [one for one in request.headers if one[0] != b"x-request-id"]
        whole = (request.method, request.path, request.query, *same, request.raw)
        seen[whole] += 1
        return seen[whole] == 6

    run = _judged(_Restarted(at_one_that_came_five_times_before, again=False), tmp_path)
    assert [one.clause for one in run.verdicts if one.verdict == "fails"] == []
    assert run.recording.is_gone
