"""The locustfile of `esignon-conformance load`: users that log in, and record what came."""

from __future__ import annotations

import functools
import os
import signal
import ssl
import sys
import time
from pathlib import Path
from typing import Any

import gevent
from locust import FastHttpUser, constant, events, task
from locust.env import Environment
from locust.exception import StopUser
from locust.runners import MasterRunner

from esignon_conformance.i18n.catalogue import chosen_language
from esignon_conformance.i18n.errors import ConfigurationError
from esignon_conformance.load.alone import Alone
from esignon_conformance.load.faults import fault_of
from esignon_conformance.load.gateway_tries import Came
from esignon_conformance.load.logins import Login
from esignon_conformance.load.pace import LoadPace
from esignon_conformance.load.plan import VARIABLE, LoadPlan, options_of, plan_of
from esignon_conformance.load.recorder import Recorder
from esignon_conformance.load.sending import Sending
from esignon_conformance.load.strain import watch
from esignon_conformance.runner.requests.contract_check import load
from esignon_conformance.tools.traffic.load_frames import Sent
from esignon_conformance.transport.delivery import GATEWAY
from esignon_conformance.verdicts.exit_status import EXIT_CONFIGURATION

_TOO_MANY, _SERVER_ERROR = 429, 500
_EVERY = 0.2
_NOWHERE = "http://conformance.invalid"
_OPTIONS = options_of()
_SENDING = Sending(
    load().operation,
    gevent.sleep,
    plan=None,
    pace=LoadPace(0.0, None, gevent.sleep),
    recorder=Recorder("", gevent.sleep),
)


@functools.cache
def _context(bundle: Path | None) -> ssl.SSLContext:
    # One for all users: to read the system's certificates takes a tenth of a second each time.
    return ssl.create_default_context(cafile=str(bundle) if bundle else None)


class LoginUser(FastHttpUser):
    """Logs in again and again, over a connection of its own that is kept alive."""

    host = _NOWHERE
    wait_time = constant(0)
    insecure = False
    max_redirects = 0

    def on_start(self) -> None:
        """Look up once what is the same for each login."""
        self._plan = _SENDING.plan
        self._is_kept = False
        # Each login is one by itself, as in a run: no cookie of an answer goes out with the next one.
        self.client.client.cookiejar = None
        if self._plan is not None:
            self._logins = _SENDING.logins(self._plan)
            self._headers = _SENDING.headers
            self._sent_headers = [*self._headers.items()]
            self._base_url = self._plan.target.base_url

    @task
    def login(self) -> None:
        """Send the next login, and keep what came."""
        if self._plan is None or not _SENDING.pace.turn():
            raise StopUser
        login = self._logins.draw()
        came = self._sent(login)
        if came.fault == "dropped" and not came.status and self._is_kept:
            # ENV-10: "Not this clause: a kept-alive connection that closes before the first byte of an
            # answer (sent once more on a fresh one)".
            came = self._sent(login)
        if came.status in GATEWAY:
            came, tries, gone = _SENDING.gateway.tried(
                came, _SENDING.pace, lambda: self._sent_afresh(login)
            )
        else:
            tries, gone = 1, ()
        self._is_kept = not came.fault
        if came.status == _TOO_MANY:
            waits = (value for name, value in came.headers if name.lower() == "retry-after")
            _SENDING.pace.hold(next(waits, None))
        _SENDING.recorder.add(
            Sent(
                situation=login.situation,
                case=login.case,
                began=came.began,
                seconds=came.seconds,
                url=f"{self._base_url}{login.path}",
                headers=self._sent_headers,
                body=login.body,
                status=came.status,
                reason="",
                version="HTTP/1.1",
                answer_headers=came.headers,
                answer_body=came.body,
                fault=came.fault,
                tries=tries,
                gone=gone,
            )
        )

    def _sent_afresh(self, login: Login) -> Came:
        self.client.client.clientpool.close()
        return self._sent(login)

    def _sent(self, login: Login) -> Came:
        began, clock = time.time(), time.perf_counter()
        with self.client.request(
            "POST",
            f"{self._base_url}{login.path}",
            name=login.situation,
            data=login.body,  # type: ignore[arg-type] # bytes go out as they are
            headers=self._headers,
            catch_response=True,
            allow_redirects=False,
        ) as response:
            fault = fault_of(response.request_meta["exception"], response.status_code)
            # Errors are ids of clauses: texts of their own would let Locust's table of failures grow.
            if fault or response.status_code >= _SERVER_ERROR:
                response.failure("ENV-10")
            else:
                response.success()
        seconds = time.perf_counter() - clock
        headers = list(response.headers.items()) if response.headers else []
        body = b"" if fault else response.content or b""
        return Came(response.status_code, headers, body, fault, began, seconds)


def _prepare(plan: LoadPlan) -> None:
    """Let users be made for a plan."""
    target = plan.target
    LoginUser.host = target.base_url
    LoginUser.connection_timeout = target.connect_timeout
    LoginUser.network_timeout = target.answer_timeout
    LoginUser.ssl_context_factory = staticmethod(functools.partial(_context, target.ca_bundle))


def _start(environment: Environment, **_others: Any) -> None:
    """Connect each process that sends, after Locust has forked it, to the judge of the command."""
    # gevent counts from when its loop last looked at the clock, which was before this file was loaded: what
    # that took would be taken off the run time.
    gevent.get_hub().loop.update_now()
    if not isinstance(environment.runner, MasterRunner):
        _SENDING.recorder.open()
        gevent.spawn(_hand_on)
        gevent.spawn(watch, _SENDING.recorder.tell, gevent.sleep)


def _hand_on() -> None:
    while True:
        gevent.sleep(_EVERY)
        _SENDING.recorder.hand_on()


def _end(environment: Environment, **_others: Any) -> None:
    if not isinstance(environment.runner, MasterRunner):
        # The judge may have to catch up, and Locust interrupts forked processes that take three seconds.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        _SENDING.recorder.close()


def _of_command() -> None:
    """Send as the command `load` says, which has read the settings before."""
    try:
        plan = plan_of(_OPTIONS)
    except ConfigurationError as error:
        print(error.text(chosen_language(None)), file=sys.stderr)
        sys.exit(EXIT_CONFIGURATION)
    _prepare(plan)
    is_alone = _OPTIONS.processes == 1
    _SENDING.begin(plan, _OPTIONS.socket, most=plan.most_requests, is_alone=is_alone)
    events.init.add_listener(_start)
    events.quitting.add_listener(_end)


_SENDING.seed = _OPTIONS.seed
if VARIABLE in os.environ:
    _of_command()
else:
    _SENDING.seed = Alone.of_command_line(_SENDING, _prepare).options.seed
