"""The locustfile run by Locust itself: on one machine or many, with its web page or without."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from argparse import Namespace
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, NoReturn

import gevent
from locust import events, log
from locust.argument_parser import get_parser
from locust.env import Environment
from locust.runners import (
    STATE_CLEANUP,
    STATE_RUNNING,
    STATE_SPAWNING,
    STATE_STOPPING,
    MasterRunner,
    WorkerRunner,
)

from ..i18n.catalogue import chosen_language
from ..i18n.errors import ConfigurationError
from ..verdicts.exit_status import EXIT_CONFIGURATION, EXIT_INTERNAL, EXIT_INTERRUPTED
from .fleet_master import FleetMaster
from .fleet_worker import FleetWorker
from .judge_process import JudgeProcess, judge_command
from .judge_settings import check_judge_settings
from .locust_options import add_options, load_options
from .plan import LoadOptions, LoadPlan, check_run_time, plan_of
from .sending import Sending
from .strain import watch

_UNDER_WAY = frozenset({STATE_SPAWNING, STATE_RUNNING, STATE_STOPPING, STATE_CLEANUP})
_EVERY = 0.2


@dataclass
class Alone:
    """What one process of Locust does, be it the master, a worker or the only one.

    `prepare` makes the users of a plan.  `status` is the exit status so far.
    """

    sending: Sending
    prepare: Callable[[LoadPlan], None]
    parsed: Namespace
    options: LoadOptions
    status: int = 0
    _environment: Environment | None = None
    _judge: JudgeProcess | None = None
    _orders: int = 0
    _worker: FleetWorker | None = None
    _master: FleetMaster | None = None
    _is_ending: bool = False

    @classmethod
    def of_command_line(cls, sending: Sending, prepare: Callable[[LoadPlan], None]) -> Alone:
        """Read Locust's command line, and listen.  Ends the process where the settings are no good."""
        # Until there is a loop that hears of it.
        signal.signal(signal.SIGINT, lambda *_: sys.exit(EXIT_INTERRUPTED))
        events.init_command_line_parser.add_listener(lambda parser, **_: add_options(parser))
        parsed = get_parser().parse_args()
        alone = cls(sending, prepare, parsed, load_options(parsed, parsed.host or None))
        if not parsed.worker:
            # Before Locust forks, and before anybody waits for workers.
            try:
                plan = plan_of(alone.options)
                check_run_time(plan, parsed.run_time)
                check_judge_settings(parsed, plan)
                prepare(plan)
            except ConfigurationError as error:
                print(error.text(chosen_language(parsed.lang)), file=sys.stderr)
                sys.exit(EXIT_CONFIGURATION)
        events.init.add_listener(alone.listen)
        return alone

    def listen(self, environment: Environment, **_others: Any) -> None:
        """Listen to Locust, in each of its processes after it has forked them."""
        # gevent counts from when its loop last looked at the clock, which was before this file was loaded:
        # what that took would be taken off the run time.
        gevent.get_hub().loop.update_now()
        self._environment = environment
        # Called before Locust's own, which tell the others that this process is gone.
        environment.events.quitting.add_listener(self._quitting)
        # Some greenlets of Locust take a KeyboardInterrupt for a broken message, and go on.
        gevent.signal_handler(signal.SIGINT, self._interrupted)
        if isinstance(environment.runner, WorkerRunner):
            self._worker = FleetWorker(
                environment, self.sending, self.options, self.parsed.lang, self.prepare
            )
            self._worker.listen()
        elif isinstance(environment.runner, MasterRunner):
            self._master = FleetMaster(
                environment,
                self.options,
                self._plan_of_test,
                self._begin_judge,
                self._end_judge,
                self._refuse,
                lambda: bool(self._orders),
            )
            self._master.listen()
        else:
            environment.events.test_start.add_listener(self._start)
            environment.events.test_stop.add_listener(self._stop)
        gevent.spawn(self._hand_on)
        if self._master is None:
            gevent.spawn(watch, self._tell, gevent.sleep)

    def _plan_of_test(self) -> LoadPlan:
        """Return the plan of a test.  Its web page may name another host, which has to be allowed."""
        assert self._environment is not None  # noqa: S101 - set before any test
        host = self._environment.host or None
        options = self.options if host is None else replace(self.options, base_url=host)
        plan = plan_of(options)
        if self._master is not None:
            self._master.options = options
        return plan

    def _start(self, **_others: Any) -> None:
        try:
            plan = self._plan_of_test()
        except ConfigurationError as error:
            self._refuse(error)
        self.prepare(plan)
        judge = self._begin_judge(plan)
        # Nothing is sent that the judge's settings keep from being judged; it has said why.
        if not judge.is_ready():
            self.status = judge.wait()
            self._give_up()
        self._judge = judge
        self.sending.begin(plan, self._judge.path, most=plan.most_requests)
        self.sending.recorder.open()

    def _stop(self, environment: Environment, **_others: Any) -> None:
        judge, self._judge = self._judge, None
        if judge is None:
            return
        self._is_ending = True
        judge.hurry()
        self.sending.recorder.close()
        self.sending.end()
        runner = environment.runner
        users = runner.target_user_count if runner is not None else 0
        self._end_judge(judge, users, bool(self._orders))
        self._is_ending = False

    def _begin_judge(self, plan: LoadPlan) -> JudgeProcess:
        given = vars(self.parsed)
        base_url = plan.target.base_url
        return JudgeProcess.start(lambda number: judge_command(given, base_url, number))

    def _end_judge(self, judge: JudgeProcess, users: int, is_interrupted: bool) -> None:
        judge.say({"say": "run", "users": users, "interrupted": is_interrupted})
        status = judge.wait()
        if is_interrupted and status != EXIT_CONFIGURATION:
            status = EXIT_INTERRUPTED
        self.status = status

    def _refuse(self, error: ConfigurationError) -> NoReturn:
        print(error.text(chosen_language(self.parsed.lang)), file=sys.stderr)
        self.status = EXIT_CONFIGURATION
        self._give_up()

    def _give_up(self) -> NoReturn:
        assert self._environment is not None  # noqa: S101 - set before any test
        runner = self._environment.runner
        if runner is not None and self.parsed.headless:
            gevent.spawn(runner.quit)
        # Ends Locust's start of the test before anybody is told of it, and its web page goes on.
        raise gevent.GreenletExit

    def _hand_on(self) -> None:
        while True:
            gevent.sleep(_EVERY)
            try:
                self.sending.recorder.hand_on()
            except OSError:
                # The judge has ended, with a message of its own.
                self.sending.recorder.detach()
                self.sending.end()

    def _tell(self, value: dict[str, object]) -> None:
        # Where the judge has ended it is told elsewhere.
        with contextlib.suppress(OSError):
            self.sending.recorder.tell(value)

    def _interrupted(self) -> None:
        self._orders += 1
        if self._orders > 1:
            # Whoever judges writes what it has.
            os._exit(EXIT_INTERRUPTED)
        runner = self._environment.runner if self._environment is not None else None
        is_waiting = isinstance(runner, MasterRunner) and runner.state not in _UNDER_WAY
        if is_waiting and self.parsed.headless:
            # Locust waits for workers here, and would end with a traceback.
            assert runner is not None  # noqa: S101 - it is a master
            runner.quit()
            raise SystemExit(EXIT_INTERRUPTED)
        # As gevent does with one that comes up by itself, which it prints before.
        gevent.get_hub().handle_system_error(KeyboardInterrupt, KeyboardInterrupt())

    def _quitting(self, environment: Environment, **_others: Any) -> None:
        runner = environment.runner
        if runner is None:
            return
        if runner.state in _UNDER_WAY:
            self._orders += 1
        while self._is_ending or (self._master is not None and self._master.is_ending):
            # The run time is over, and the statement is being written.
            gevent.sleep(_EVERY)
        if self._worker is not None:
            self._worker.stop()
            self._worker.close()
        else:
            runner.quit()
        parts = [self.status, *(one.status for one in (self._worker, self._master) if one)]
        status = EXIT_CONFIGURATION if EXIT_CONFIGURATION in parts else max(parts)
        if self._worker is not None and self._orders and not status:
            status = EXIT_INTERRUPTED
        if not status and log.unhandled_greenlet_exception:
            status = EXIT_INTERNAL
        environment.process_exit_code = status
