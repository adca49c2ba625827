"""The locustfile of `esignon-conformance load`: users that log in, and record what came."""

from __future__ import annotations

import functools
import os
import random
import ssl
import sys
import time
from typing import Any

import gevent
from locust import FastHttpUser, constant, events, task
from locust.env import Environment
from locust.exception import StopUser
from locust.runners import MasterRunner

from esignon_conformance.i18n.catalogue import chosen_language
from esignon_conformance.i18n.errors import ConfigurationError
from esignon_conformance.load.faults import fault_of
from esignon_conformance.load.logins import Login, Logins
from esignon_conformance.load.pace import LoadPace
from esignon_conformance.load.plan import LoadPlan, options_of, plan_of
from esignon_conformance.load.recorder import Recorder
from esignon_conformance.load.strain import watch
from esignon_conformance.runner.requests.contract_check import load
from esignon_conformance.tools.traffic.load_frames import Sent
from esignon_conformance.verdicts.exit_status import EXIT_CONFIGURATION

_EVERY = 0.2
_TOO_MANY, _SERVER_ERROR = 429, 500
_OPTIONS = options_of()


def _plan() -> LoadPlan:
    try:
        return plan_of(_OPTIONS)
    except ConfigurationError as error:
        print(error.text(chosen_language(None)), file=sys.stderr)
        sys.exit(EXIT_CONFIGURATION)


_PLAN = _plan()
_OPERATION = load().operation
_PACE = LoadPace(_PLAN.interval, _PLAN.most_requests, gevent.sleep)
_RECORDER = Recorder(_OPTIONS.socket, gevent.sleep)
_HEADERS = {
    "Content-Type": _OPERATION.media_type,
    **{name: value.get_secret_value() for name, value in _PLAN.target.headers},
}


def _start(environment: Environment, **_others: Any) -> None:
    """Connect each process that sends, after Locust has forked it."""
    # gevent counts from when its loop last looked at the clock, which was before this file was loaded: what
    # that took would be taken off the run time.
    gevent.get_hub().loop.update_now()
    if isinstance(environment.runner, MasterRunner) or not _OPTIONS.socket:
        return
    _RECORDER.open()
    gevent.spawn(_hand_on)
    gevent.spawn(watch, _RECORDER.tell, gevent.sleep)


def _hand_on() -> None:
    while True:
        gevent.sleep(_EVERY)
        _RECORDER.hand_on()


def _end(environment: Environment, **_others: Any) -> None:
    if not isinstance(environment.runner, MasterRunner):
        _RECORDER.close()


events.init.add_listener(_start)
events.quitting.add_listener(_end)


@functools.cache
def _context() -> ssl.SSLContext:
    # One for all users: to read the system's certificates takes a tenth of a second each time.
    bundle = _PLAN.target.ca_bundle
    return ssl.create_default_context(cafile=str(bundle) if bundle else None)


class LoginUser(FastHttpUser):
    """Logs in again and again, over a connection of its own that is kept alive."""

    host = _PLAN.target.base_url
    wait_time = constant(0)
    insecure = False
    ssl_context_factory = staticmethod(_context)
    connection_timeout = _PLAN.target.connect_timeout
    network_timeout = _PLAN.target.answer_timeout
    max_redirects = 0

    def on_start(self) -> None:
        """Let each user draw other requests."""
        seed = f"{_OPTIONS.seed} {os.getpid()} {id(self)}"
        self._logins = Logins(_PLAN, _OPERATION, random.Random(seed))  # noqa: S311 - which login is next
        self._is_kept = False

    @task
    def login(self) -> None:
        """Send the next login, and keep what came."""
        if not _PACE.turn():
            raise StopUser
        login = self._logins.draw()
        response, began, seconds = self._sent(login)
        fault = fault_of(response.error, response.status_code)
        if fault == "dropped" and not response.status_code and self._is_kept:
            # ENV-10: "Not this clause: a kept-alive connection that closes before the first byte of an
            # answer (sent once more on a fresh one)".
            response, began, seconds = self._sent(login)
            fault = fault_of(response.error, response.status_code)
        self._is_kept = not fault
        headers = list(response.headers.items()) if response.headers else []
        if response.status_code == _TOO_MANY:
            _PACE.hold(response.headers.get("Retry-After"))
        _RECORDER.add(
            Sent(
                situation=login.situation,
                case=login.case,
                began=began,
                seconds=seconds,
                url=f"{self.host}{login.path}",
                headers=[*_HEADERS.items()],
                body=login.body,
                status=response.status_code,
                reason="",
                version="HTTP/1.1",
                answer_headers=headers,
                answer_body=b"" if fault else response.content or b"",
                fault=fault,
            )
        )

    def _sent(self, login: Login) -> tuple[Any, float, float]:
        began, clock = time.time(), time.perf_counter()
        with self.client.request(
            "POST",
            login.path,
            name=login.situation,
            data=login.body,  # type: ignore[arg-type] # bytes go out as they are
            headers=_HEADERS,
            catch_response=True,
            allow_redirects=False,
        ) as response:
            error = response.request_meta["exception"]
            response.error = error
            # Errors are ids of clauses: texts of their own would let Locust's table of failures grow.
            if fault_of(error, response.status_code) or response.status_code >= _SERVER_ERROR:
                response.failure("ENV-10")
            else:
                response.success()
        return response, began, time.perf_counter() - clock
