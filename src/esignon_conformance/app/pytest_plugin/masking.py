"""Lets everything that pytest and logging write pass the scrubber: terminal, reports, logs, traces."""

from __future__ import annotations

import logging
import sys
from collections.abc import Generator
from typing import Any, TextIO, cast

import pytest

from ...redaction.scrubber import Scrubber
from .state import RUN


class MaskedStream:
    """A text stream that masks what is written to it, and is the stream itself in all else."""

    def __init__(self, stream: TextIO, scrubber: Scrubber) -> None:
        self._stream = stream
        self._scrubber = scrubber

    def write(self, text: str) -> int:
        """Write a text, masked."""
        self._stream.write(self._scrubber.scrub(text))
        return len(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Mask the log and the streams from here on; the terminal follows when pytest has made it."""
    run = config.stash.get(RUN, None)
    if run is None:
        return
    _mask_log(config, run.scrubber)
    _mask_trace(config, run.scrubber)
    if config.option.capture == "no":
        _mask_streams(config, run.scrubber)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Mask the terminal before its first line.  pytest has no public seam for its writer's file."""
    run = session.config.stash.get(RUN, None)
    if run is not None and session.config.pluginmanager.has_plugin("terminalreporter"):
        writer = session.config.get_terminal_writer()
        masked = MaskedStream(writer._file, run.scrubber)  # noqa: SLF001 - see the docstring
        writer._file = cast("TextIO", masked)  # noqa: SLF001


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Mask a report before any other plugin sees it: Allure, JUnit and the terminal write from it."""
    report = yield
    run = item.config.stash.get(RUN, None)
    if run is not None:
        mask_report(report, run.scrubber)
    return report


def mask_report(report: pytest.TestReport, scrubber: Scrubber) -> None:
    """Mask what a report tells.  A traceback that held a secret becomes text, for it is that from here."""
    told = report.longrepr
    if isinstance(told, tuple):
        path, line, reason = told
        report.longrepr = (path, line, scrubber.scrub(reason))
    elif told is not None:
        text = str(told)
        masked = scrubber.scrub(text)
        if masked is not text:
            report.longrepr = masked
    report.sections = [(name, scrubber.scrub(content)) for name, content in report.sections]
    if hasattr(report, "wasxfail"):
        report.wasxfail = scrubber.scrub(report.wasxfail)


def _mask_log(config: pytest.Config, scrubber: Scrubber) -> None:
    """Mask each record when it is made, so that every handler writes it masked."""
    before = logging.getLogRecordFactory()

    def factory(*arguments: Any, **named: Any) -> logging.LogRecord:
        record = before(*arguments, **named)
        record.msg, record.args = scrubber.scrub(record.getMessage()), ()
        if record.exc_info:
            record.exc_text = scrubber.scrub(logging.Formatter().formatException(record.exc_info))
        if record.stack_info:
            record.stack_info = scrubber.scrub(record.stack_info)
        return record

    logging.setLogRecordFactory(factory)
    config.add_cleanup(lambda: logging.setLogRecordFactory(before))


def _mask_trace(config: pytest.Config, scrubber: Scrubber) -> None:
    """Mask what `--debug` writes: every call of every hook with its arguments."""
    root = config.trace.root
    write = root._writer  # noqa: SLF001 - pluggy has no other way to ask for it
    if write is not None:
        root.setwriter(lambda text: write(scrubber.scrub(text)))


def _mask_streams(config: pytest.Config, scrubber: Scrubber) -> None:
    """Mask what is printed where pytest captures nothing (`-s`)."""
    before = sys.stdout, sys.stderr
    sys.stdout = cast("TextIO", MaskedStream(sys.stdout, scrubber))
    sys.stderr = cast("TextIO", MaskedStream(sys.stderr, scrubber))

    def restore() -> None:
        sys.stdout, sys.stderr = before

    config.add_cleanup(restore)
