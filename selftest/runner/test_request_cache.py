"""Requests that are made in time to spare are those that would have been made when they are sent."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from esignon_conformance.contract.model import Case
from esignon_conformance.recording.recording import Recording
from esignon_conformance.redaction.scrubber import Scrubber
from esignon_conformance.runner.requests.builder import MissingAccount
from esignon_conformance.runner.schedule.request_cache import RequestCache
from esignon_conformance.tools.reference.rehearsal import Rehearsal
from esignon_conformance.transport.messages import Request
from selftest.support.exchanges import TARGET, contract, request_of

CASES = [case for case in contract().cases.values() if not case.burst and case.account == "made-up"]
LONG = 30.0


class Prepared(Rehearsal):
    """A stand-in for the target that keeps what was prepared."""

    def __init__(self) -> None:
        super().__init__(TARGET)
        self.prepared: list[Request] = []

    def prepare(self, request: Request) -> None:
        """Keep a request."""
        self.prepared.append(request)


def made(cases: list[Case], seconds: float = LONG) -> tuple[RequestCache, list[Request], float]:
    """Return what made the requests of cases ahead, these requests, and the time that was left."""
    transport = Prepared()
    request_cache = RequestCache(contract(), TARGET, transport, Recording(Scrubber()))
    request_cache.expect(cases)
    left = request_cache.work_for(seconds)
    transport.end()
    return request_cache, transport.prepared, left


def test_what_is_made_ahead_is_what_is_sent() -> None:
    request_cache, prepared, left = made(CASES[:20])
    assert prepared == [request_of(case.id) for case in CASES[:20]]
    assert all(
        request_cache.request(case) is one for case, one in zip(CASES[:20], prepared, strict=True)
    )
    assert 0 < left < LONG


def test_what_was_made_is_what_is_sent_again() -> None:
    request_cache, (first,), _ = made(CASES[:1])
    assert request_cache.request(CASES[0]) is first
    assert request_cache.request(CASES[0]) is first
    assert request_of(CASES[0].id) == first


def test_what_was_sent_already_is_not_made_ahead() -> None:
    request_cache, prepared, _ = made([])
    request_cache.request(CASES[0])
    request_cache.expect(CASES[:2])
    request_cache.work_for(LONG)
    assert prepared == [request_of(CASES[1].id)]


def test_no_more_time_is_taken_than_there_is() -> None:
    began = time.monotonic()
    _, prepared, left = made(CASES, 0.0)
    assert (prepared, left) == ([], 0.0)
    assert time.monotonic() - began < 1


def test_a_case_that_cannot_be_made_is_told_when_its_turn_comes() -> None:
    missing = replace(CASES[0], id="missing", account="nobody")
    request_cache, prepared, _ = made([missing, CASES[1]])
    assert prepared == [request_of(CASES[1].id)]
    with pytest.raises(MissingAccount):
        request_cache.request(missing)


def test_what_takes_a_request_of_its_own_is_not_made_ahead() -> None:
    with_token = replace(CASES[0], id="with-token", needs="token")
    burst = next(case for case in contract().cases.values() if case.burst)
    _, prepared, _ = made([with_token, burst])
    assert prepared == []
