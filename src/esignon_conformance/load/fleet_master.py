"""The master of a fleet: it divides the rate, takes what workers judge, and has the statement written."""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, NoReturn

import gevent
from locust.env import Environment
from locust.runners import STATE_MISSING, MasterRunner

from ..i18n.errors import ConfigurationError
from ..i18n.message import say
from ..tools.traffic.load_frames import packed
from ..verdicts.exit_status import EXIT_CONFIGURATION
from .fleet_marks import FleetMarks
from .fleet_worker import BEGIN, END, REFUSED, REPORT, SHARE, SHOW, THANKS
from .judge_process import JudgeProcess
from .plan import LoadOptions, LoadPlan

# Seconds beyond the time-out of an answer that the workers have for their last word.
_FOR_WORKERS = 300.0
_A_MOMENT = 0.05


@dataclass
class _Member:
    """A worker that takes part: its number and connection to the judge, and what it owes."""

    number: int
    connection: socket.socket
    is_last: bool = False
    wanted: int = 0
    is_thanked: bool = False

    def hand_on(self, frame: dict[str, Any]) -> None:
        """Hand something on to the judge."""
        with contextlib.suppress(OSError):
            self.connection.sendall(packed(frame))


@dataclass
class FleetMaster:
    """Listens to the workers and to Locust while a test runs.

    `begin_judge` starts the judge of a plan; `plan_of_test` says what is sent where.
    """

    environment: Environment
    options: LoadOptions
    plan_of_test: Callable[[], LoadPlan]
    begin_judge: Callable[[LoadPlan], JudgeProcess]
    end_judge: Callable[[JudgeProcess, int, bool], None]
    refuse: Callable[[ConfigurationError], NoReturn]
    is_interrupted: Callable[[], bool]
    status: int = 0
    is_ending: bool = False
    _plan: LoadPlan | None = None
    _judge: JudgeProcess | None = None
    _key: bytes = b""
    _marks: FleetMarks = field(default_factory=FleetMarks)
    _members: dict[str, _Member] = field(default_factory=dict)
    _of: int = 0

    def listen(self) -> None:
        """Listen from now on."""
        events = self.environment.events
        self._runner.register_message(REPORT, self._report)
        self._runner.register_message(REFUSED, self._refused)
        events.test_start.add_listener(self._start)
        events.test_stopping.add_listener(self._stop)
        events.worker_connect.add_listener(self._connected)
        gevent.spawn(self._watch)

    def _start(self, **_others: Any) -> None:
        try:
            plan = self.plan_of_test()
            workers = self._active()
            _check_requests(plan, len(workers))
        except ConfigurationError as error:
            self.refuse(error)
        self._plan, self._key, self._marks = plan, os.urandom(32), FleetMarks()
        self._judge = self.begin_judge(plan)
        self._members, self._of = {}, len(workers)
        for at, client in enumerate(workers):
            most = plan.most_requests
            self._begin(client, None if most is None else most // self._of + (at < most % self._of))

    def _begin(self, client: str, most: int | None) -> None:
        assert self._judge is not None  # noqa: S101 - asked by the callers
        assert self._plan is not None  # noqa: S101 - as above
        connection = self._judge.connect()
        connection.sendall(packed({"say": "here"}))
        self._members[client] = _Member(len(self._members), connection)
        begun = {
            "options": asdict(self.options),
            "base_url": self._plan.target.base_url,
            "key": self._key,
            "number": self._members[client].number,
            "of": self._of,
            "most": most,
        }
        self._runner.send_message(BEGIN, begun, client)

    def _connected(self, client_id: str, **_others: Any) -> None:
        """Let a worker that comes later take part; of the requests that were given out it gets none."""
        if self._judge is None or client_id in self._members:
            return
        self._of = max(1, len(self._active())) + 1
        self._share()
        self._begin(client_id, 0 if self._plan and self._plan.most_requests is not None else None)

    def _share(self) -> None:
        for client in self._active():
            self._runner.send_message(SHARE, {"of": self._of}, client)

    def _watch(self) -> None:
        """Divide the rate anew where a worker has gone."""
        while True:
            gevent.sleep(1)
            count = len(self._active())
            if self._judge is not None and count and count != self._of:
                self._of = count
                self._share()

    def _active(self) -> list[str]:
        clients = self._runner.clients
        return [one.id for one in clients.all if one.state != STATE_MISSING]

    def _report(self, msg: Any, **_others: Any) -> None:
        member = self._members.get(msg.node_id)
        if member is None or self._judge is None:
            return
        data: Mapping[str, Any] = msg.data
        offset = time.time() - data["at"]
        frame = {"say": "report", "process": member.number, "offset": offset}
        member.hand_on({**frame, "packed": data["report"]})
        member.wanted -= data["shown"]
        self._marks.missed(member.number, data["missed"])
        member.is_last = member.is_last or data["is_last"]
        wanted = self._marks.take(member.number, data["marks"])
        for client, one in self._members.items():
            rows = [list(each[1:]) for each in wanted if each.process == one.number]
            # What another one has to show beside this one's logins it shows as long as it is there.
            if rows and not one.is_thanked:
                one.wanted += len(rows)
                self._runner.send_message(SHOW, {"wanted": rows}, client)
        self._thank()

    def _thank(self) -> None:
        """Let workers go that have said their last word; at the end of a run, all of them together."""
        if self.is_ending and any(not self._members[one].is_last for one in self._owing()):
            return
        for client, one in self._members.items():
            if one.is_last and not one.wanted and not one.is_thanked:
                one.is_thanked = True
                self._runner.send_message(THANKS, None, client)

    def _refused(self, msg: Any, **_others: Any) -> None:
        logging.getLogger(__name__).error("%s: %s", msg.node_id, msg.data["why"])
        self.status = EXIT_CONFIGURATION
        gevent.spawn(self._runner.quit)

    def _stop(self, **_others: Any) -> None:
        """Have every worker end its users and say its last word, then have the statement written."""
        judge = self._judge
        if judge is None or self.is_ending:
            return
        self.is_ending = True
        judge.hurry()
        users = self._runner.target_user_count
        for client in self._owing():
            self._runner.send_message(END, None, client)
        until = time.monotonic() + self.environment.stop_timeout + _FOR_WORKERS
        while self._owing() and time.monotonic() < until:
            self._thank()
            gevent.sleep(_A_MOMENT)
        self._thank()
        self._judge = None
        judge.say(self._marks.counted())
        for member in self._members.values():
            if member.is_last:
                member.hand_on({"say": "done"})
            member.connection.close()
        alone = bool(self._members) and not any(one in self._active() for one in self._members)
        self.end_judge(judge, users, self.is_interrupted() or alone)
        self.is_ending = False

    def _owing(self) -> list[str]:
        """Return the workers that are there and have not said their last word."""
        there = set(self._active())
        return [
            client
            for client, one in self._members.items()
            if client in there and (not one.is_last or one.wanted > 0)
        ]

    @property
    def _runner(self) -> MasterRunner:
        runner = self.environment.runner
        assert isinstance(runner, MasterRunner)  # noqa: S101 - made before Locust's event `init`
        return runner


def _check_requests(plan: LoadPlan, workers: int) -> None:
    if plan.most_requests is not None and plan.most_requests < workers:
        raise ConfigurationError(say("load-more-processes", requests=plan.most_requests))
