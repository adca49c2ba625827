"""The locustfile of `esignon-conformance load`: users that log in, and record what came."""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

import gevent
from locust import User, constant, events, task
from locust.env import Environment
from locust.exception import CatchResponseError, StopUser
from locust.runners import MasterRunner

from esignon_conformance.i18n.catalogue import chosen_language
from esignon_conformance.i18n.errors import ConfigurationError
from esignon_conformance.load.alone import Alone
from esignon_conformance.load.gateway_tries import Came
from esignon_conformance.load.login_client import LoginClient
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


class LoginUser(User):
    """Logs in again and again, over a connection of its own that is kept alive."""

    host = _NOWHERE
    wait_time = constant(0)

    def on_start(self) -> None:
        """Look up once what is the same for each login."""
        self._plan = _SENDING.plan
        self._is_kept = False
        if self._plan is not None:
            self._logins = _SENDING.logins(self._plan)
            self._sent_headers = [*_SENDING.headers.items()]
            self._base_url = self._plan.target.base_url
            self._client = LoginClient(self._plan.target, _SENDING.headers)

    @task
    def login(self) -> None:
        """Send the next login, and keep what came."""
        if self._plan is None or not _SENDING.pace.turn():
            raise StopUser
        login = self._logins.draw()
        came = self._sent(login)
        if came.is_silent and self._is_kept:
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
                login.situation,
                login.case,
                came.began,
                came.seconds,
                f"{self._base_url}{login.path}",
                self._sent_headers,
                login.body,
                came.status,
                came.reason,
                came.version,
                came.headers,
                came.body,
                came.fault,
                tries,
                gone,
            )
        )

    def _sent_afresh(self, login: Login) -> Came:
        self._client.close()
        return self._sent(login)

    def _sent(self, login: Login) -> Came:
        came = self._client.send(login.path, login.body)
        # Errors are ids of clauses: texts of their own would let Locust's table of failures grow.
        failed = came.fault or came.status >= _SERVER_ERROR
        self.environment.events.request.fire(
            request_type="POST",
            name=login.situation,
            response_time=came.seconds * 1000,
            response_length=len(came.body),
            exception=CatchResponseError("ENV-10") if failed else None,
            context={},
            response=None,
            start_time=came.began,
            url=f"{self._base_url}{login.path}",
        )
        return came


def _prepare(plan: LoadPlan) -> None:
    """Let users be made for a plan."""
    LoginUser.host = plan.target.base_url


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
