"""A worker of a fleet: it sends its share, lets a process of its own judge, and hands on its reports."""

from __future__ import annotations

import contextlib
import logging
import socket
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import gevent
from gevent.event import Event
from gevent.lock import RLock
from locust.env import Environment
from locust.exception import RPCError
from locust.runners import WorkerRunner

from ..i18n.catalogue import chosen_language
from ..i18n.errors import ConfigurationError
from ..i18n.message import say
from ..tools.traffic.load_frames import Frames
from ..verdicts.exit_status import EXIT_CONFIGURATION, EXIT_INTERNAL
from .judge_process import JudgeProcess
from .locust_options import of_master
from .plan import LoadOptions, LoadPlan, plan_of
from .sending import Sending
from .worker_judge import command

BEGIN, SHARE, SHOW, END, THANKS, REPORT, REFUSED = (
    f"conformance-{name}"
    for name in ("begin", "share", "show", "end", "thanks", "report", "refused")
)
_READ = 1 << 18
# Seconds: for the judge to look at what waits, and for the master to ask for what it wants to see.
_FOR_JUDGE, _FOR_MASTER = 300.0, 10.0


@dataclass
class FleetWorker:
    """Listens to the master and to Locust; `own` are the options of this process's command line."""

    environment: Environment
    sending: Sending
    own: LoadOptions
    language: str | None
    prepare: Callable[[LoadPlan], None]
    status: int = 0
    _stopping: RLock = field(default_factory=RLock)
    _begun: dict[str, Any] | None = None
    _ready: JudgeProcess | None = None
    _judge: JudgeProcess | None = None
    _last_report: Event = field(default_factory=Event)
    _thanked: Event = field(default_factory=Event)

    def listen(self) -> None:
        """Listen from now on."""
        runner, events = self._runner, self.environment.events
        # It takes seconds to start, in which logins would have to wait.
        self._ready = JudgeProcess.start(command)
        runner.register_message(BEGIN, self._begin)
        runner.register_message(SHARE, self._share)
        runner.register_message(SHOW, self._show, concurrent=True)
        runner.register_message(END, lambda **_: self.stop(), concurrent=True)
        runner.register_message(THANKS, lambda **_: self._thanked.set())
        events.test_start.add_listener(self._start)
        events.test_stop.add_listener(self._stop)

    def stop(self) -> None:
        """End the users, and say the last word; where that is under way already, wait for it."""
        # Locust's own takes a user that is being stopped for an error.
        with self._stopping:
            self._runner.stop()

    def close(self) -> None:
        """End what waits for a test."""
        if self._ready is not None:
            self._ready.wait()

    def _begin(self, msg: Any, **_others: Any) -> None:
        self._begun = msg.data

    def _share(self, msg: Any, **_others: Any) -> None:
        if self.sending.plan is not None:
            self.sending.pace.interval = self.sending.plan.interval * msg.data["of"]

    def _show(self, msg: Any, **_others: Any) -> None:
        # In turn with what the recorder hands on over the same connection.
        with contextlib.suppress(OSError):
            self.sending.recorder.tell({"say": "show", "wanted": msg.data["wanted"]})

    def _start(self, **_others: Any) -> None:
        begun, self._begun = self._begun, None
        try:
            begun, options, plan = self._agreed(begun)
        except ConfigurationError as error:
            self._refuse(error)
            return
        self._open(begun, options, plan)

    def _agreed(self, begun: dict[str, Any] | None) -> tuple[dict[str, Any], LoadOptions, LoadPlan]:
        """Return what the master and this machine's settings agree on."""
        if begun is None:
            raise ConfigurationError(say("load-no-begin"))
        options = of_master(self.own, begun["options"])
        plan = plan_of(options)
        own, masters = plan.target.base_url, begun["base_url"]
        if own != masters:
            raise ConfigurationError(say("load-other-server", own=own, master=masters))
        return begun, options, plan

    def _open(self, begun: dict[str, Any], options: LoadOptions, plan: LoadPlan) -> None:
        self._last_report.clear()
        self._thanked.clear()
        judge, self._ready = self._ready or JudgeProcess.start(command), None
        self.prepare(plan)
        self.sending.begin(plan, judge.path, of=begun["of"], most=begun["most"])
        self.sending.recorder.attach(judge.own)
        first = {"say": "begin", "key": begun["key"], "number": begun["number"] + 1}
        text = replace(options, processes=1).as_text()
        self.sending.recorder.tell({**first, "options": text})
        self._judge = judge
        gevent.spawn(self._hand_on, judge.own)

    def _refuse(self, error: ConfigurationError) -> None:
        text = error.text(chosen_language(self.language))
        logging.getLogger(__name__).error("%s", text)
        self.status = EXIT_CONFIGURATION
        self._send(REFUSED, {"why": text})
        # Its users find no plan, and send nothing.
        gevent.spawn(self._runner.quit)

    def _hand_on(self, connection: socket.socket) -> None:
        """Hand the reports of the judge to the master, until it has said the last word."""
        frames = Frames()
        with contextlib.suppress(OSError):
            while data := connection.recv(_READ):
                for frame in frames.add(data):
                    self._send(REPORT, frame)
                    if frame["is_last"]:
                        self._last_report.set()
        self._last_report.set()

    def _send(self, name: str, data: dict[str, Any]) -> None:
        with contextlib.suppress(RPCError):
            self._runner.send_message(name, data)

    @property
    def _runner(self) -> WorkerRunner:
        runner = self.environment.runner
        assert isinstance(runner, WorkerRunner)  # noqa: S101 - made before Locust's event `init`
        return runner

    def _stop(self, **_others: Any) -> None:
        judge, self._judge = self._judge, None
        if judge is None:
            return
        self.sending.end()
        judge.hurry()
        self.sending.recorder.finish()
        self._last_report.wait(_FOR_JUDGE)
        self._thanked.wait(_FOR_MASTER)
        self.sending.recorder.detach()
        if judge.wait():
            self.status = self.status or EXIT_INTERNAL
