"""`load`: many logins at once by Locust, judged by another process while they are sent."""

from __future__ import annotations

import argparse
import importlib.util
import math
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from ...i18n.catalogue import chosen_language
from ...i18n.errors import ConfigurationError
from ...i18n.message import say
from ...load.judge_process import JudgeProcess, judge_command
from ...load.locust_options import MORE, add_shared_options, load_options
from ...load.plan import VARIABLE, LoadOptions, check_run_time, plan_of
from ...runner.signals import end_in_order
from ...target.environment import PREFIX, read_variables
from ...tools.reference import process
from ...verdicts.exit_status import EXIT_CONFIGURATION, EXIT_INTERNAL, EXIT_INTERRUPTED
from ..argparse_language import refusal
from ..number_options import number

_EPILOG = """\
Needs Locust: pip install 'esignon-conformance[load]'. Sent are right logins, unknown emails, cut-off
bodies and bodies that lack a member; never a wrong password for a real account. Without --base-url and
without a target the server in the box is asked. The vendor's production service is never put under load.

Exit status: as `run`; 2 where it was interrupted, with a statement of what was sent until then.
"""

# Seconds that Locust takes before it sends.
_TO_START = 2.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `load`."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _EPILOG
    add = parser.add_argument
    add("--users", type=_at_least_one, default=10, metavar="N", help="users at once (10)")
    rate = number(float, above=0)
    add("--spawn-rate", type=rate, default=None, metavar="R", help="users a second (all at once)")
    add("--run-time", type=_seconds, default=30, metavar="T", help="seconds, or 90s, 5m, 1h (30)")
    add("--processes", type=_at_least_one, default=1, metavar="N", help="processes that send (1)")
    add("--base-url", metavar="URL", help="the server, up to but without /api")
    add("--html", action="store_true", help="build the HTML report, too")
    add_shared_options(parser, _at_least_one)


def _at_least_one(text: str) -> int:
    if not text.isdecimal():
        raise refusal("number-none", text=repr(text))
    if int(text) < 1:
        raise refusal("number-above", text=repr(text), above=0)
    return int(text)


def _seconds(text: str) -> int:
    units = {"s": 1, "m": 60, "h": 3600}
    unit = units.get(text[-1:], 0)
    return _at_least_one(text[:-1]) * unit if unit else _at_least_one(text)


def main(options: argparse.Namespace) -> int:
    """Send, judge, and return the exit status."""
    end_in_order()
    box: process.Box | None = None
    try:
        _check_machine()
        given = replace(load_options(options, options.base_url), processes=options.processes)
        if not _names_target(given):
            box = process.start()
            given = replace(given, base_url=box.base_url, accounts="box")
            options.accounts = "box"
        plan = plan_of(given)
        check_run_time(plan, options.run_time)
    except ConfigurationError as error:
        print(error.text(chosen_language(options.lang)), file=sys.stderr)
        if box is not None:
            box.stop()
        return EXIT_CONFIGURATION
    try:
        return _send_and_judge(options, given, plan.target.base_url)
    finally:
        if box is not None:
            box.stop()


def _check_machine() -> None:
    if not hasattr(socket, "AF_UNIX"):
        raise ConfigurationError(say("load-no-unix"))
    if importlib.util.find_spec("locust") is None:
        raise ConfigurationError(say("load-no-locust"))


def _names_target(given: LoadOptions) -> bool:
    variables = read_variables()
    named = (given.base_url, given.target, *map(variables.value, _named()))
    return any(one is not None for one in named)


def _named() -> Sequence[str]:
    return (f"{PREFIX}BASE_URL", f"{PREFIX}TARGET")


@dataclass(frozen=True)
class _Ended:
    """How Locust ended."""

    status: int
    interrupted: bool


def _send_and_judge(options: argparse.Namespace, given: LoadOptions, base_url: str) -> int:
    values = {**vars(options), "report_html": options.html}
    judge = JudgeProcess.start(lambda number: judge_command(values, base_url, number))
    # Nothing is sent that its settings keep from being judged.
    try:
        if not judge.is_ready():
            return judge.wait()
    except KeyboardInterrupt:
        ended = _Ended(0, interrupted=True)
    else:
        ended = _locust(options, replace(given, socket=judge.path), judge.hurry)
    judge.say({"say": "run", "users": options.users, "interrupted": ended.interrupted})
    status = judge.wait()
    if ended.interrupted and status != EXIT_CONFIGURATION:
        return EXIT_INTERRUPTED
    return status or (EXIT_INTERNAL if ended.status else 0)


def _locust(
    options: argparse.Namespace, given: LoadOptions, when_sent: Callable[[], None]
) -> _Ended:
    file = importlib.util.find_spec("esignon_conformance.load.locustfile")
    assert file is not None and file.origin is not None  # noqa: S101, PT018 - it is part of the wheel
    command = [
        *(sys.executable, "-m", "locust", "-f", file.origin, "--headless", "--only-summary"),
        *("--users", str(options.users), "--run-time", f"{options.run_time}s"),
        *("--spawn-rate", str(options.spawn_rate or options.users)),
        # A user that waits for its last answer gets it, or its time-out.
        *("--stop-timeout", str(math.ceil(options.answer_timeout) + MORE)),
        # Verdicts are the judge's.
        *("--exit-code-on-error", "0", "--loglevel", "WARNING"),
    ]
    if options.processes > 1:
        # Each is told the port: the forked ones would look for their master on 5557.
        port = str(_free_port())
        command += ["--processes", str(options.processes), "--master-bind-host", "127.0.0.1"]
        command += ["--master-bind-port", port, "--master-port", port]
    environment = {**os.environ, VARIABLE: given.as_text()}
    sender = subprocess.Popen(command, env=environment, start_new_session=True, stdout=sys.stderr)
    interrupted = False
    patience: float | None = options.run_time + _TO_START
    while True:
        try:
            return _Ended(sender.wait(patience), interrupted)
        except subprocess.TimeoutExpired:
            # What is left is handed on now.
            patience = None
            when_sent()
        except KeyboardInterrupt:
            when_sent()
            if interrupted:
                # Somebody does not want to wait until the judge has caught up.
                os.killpg(sender.pid, signal.SIGKILL)
            interrupted = True
            sender.send_signal(signal.SIGTERM)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
