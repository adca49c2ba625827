"""Reads what the workers of a load run hand on, while they send: the judge's side of the socket."""

from __future__ import annotations

import json
import selectors
import socket
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from ...recording.load import LoadFigures
from ...transport.messages import Fault, FaultKind
from .entry import Entry, Loss, OwnCase
from .judge_socket import remove_folder, say_ready
from .load_frames import Frames, Sent
from .session_priority import go_last, go_on

_READ = 1 << 18
_ANSWERED: frozenset[Loss] = frozenset({"framing"})
_UNANSWERED: frozenset[Loss] = frozenset({"answer-body"})
_OF_A_FLEET = frozenset({"report", "across"})
_TOO_MANY, _SERVER_ERROR = 429, 500


@dataclass
class Worker:
    """A connection: of a worker, or of the command that started them; `is_done` after its last word."""

    frames: Frames = field(default_factory=Frames)
    is_worker: bool = False
    is_done: bool = False


def read_stream(
    path: Path, figures: LoadFigures, report: Callable[[Mapping[str, Any]], None]
) -> Iterator[Entry]:
    """Yield the exchanges of a load run until the last of its connections is closed.

    The path is that of an inherited socket on which connections are awaited, such as `/dev/fd/7`.
    `report` takes what processes of a fleet have judged by themselves.
    """
    with (
        socket.socket(fileno=int(path.name)) as listening,
        selectors.DefaultSelector() as selector,
    ):
        selector.register(listening, selectors.EVENT_READ, None)
        number, open_now = 0, 0
        # Not while it starts, which takes a second or two that nobody measures.
        go_last()
        say_ready(listening)
        while True:
            for key, _ in selector.select():
                if key.data is None:
                    connection, _ = listening.accept()
                    selector.register(connection, selectors.EVENT_READ, Worker())
                    open_now += 1
                    continue
                connection = cast("socket.socket", key.fileobj)
                data = _received(connection)
                if not data:
                    selector.unregister(connection)
                    connection.close()
                    figures.lost += key.data.is_worker and not key.data.is_done
                    open_now -= 1
                for value in key.data.frames.add(data):
                    if isinstance(value, dict) and value.get("say") in _OF_A_FLEET:
                        report(value)
                        continue
                    for row in _rows(value, key.data, figures):
                        number += 1
                        yield entry_of(Sent(*row), f"load#{number}", figures)
            if number_of_waiting(listening) == 0 and open_now == 0:
                remove_folder(listening)
                go_on()
                return


def number_of_waiting(listening: socket.socket) -> int:
    """Return 1 where a connection waits to be accepted, else 0."""
    with selectors.DefaultSelector() as selector:
        selector.register(listening, selectors.EVENT_READ)
        return len(selector.select(timeout=0))


def _received(connection: socket.socket) -> bytes:
    try:
        return connection.recv(_READ)
    except ConnectionError:
        # A worker that was killed.
        return b""


def _rows(value: Any, worker: Worker, figures: LoadFigures) -> list[list[Any]]:
    """Return the exchanges of a frame; note what another frame says of the run."""
    if isinstance(value, list):
        return value
    note_saying(value, worker, figures)
    return []


def note_saying(value: Mapping[str, Any], worker: Worker, figures: LoadFigures) -> None:
    """Note what a process says of itself or of the run."""
    if value.get("say") == "here":
        worker.is_worker = True
        figures.workers += 1
    elif value.get("say") == "strain":
        figures.strains.add(value["at"], value["cpu"], value["late_ms"])
    elif value.get("say") == "done":
        worker.is_done = True
    elif value.get("say") == "run":
        figures.users = value["users"]
        figures.interrupted = value["interrupted"]


def entry_of(sent: Sent, place: str, figures: LoadFigures) -> Entry:
    """Return an exchange of a load run as an entry, and count it in figures."""
    headers = tuple((name, value) for name, value in sent.answer_headers)
    fault = Fault(cast("FaultKind", sent.fault), "") if sent.fault else None
    failed = fault is not None or sent.status >= _SERVER_ERROR
    code = sent.fault or _code(sent)
    milliseconds = sent.seconds * 1000
    figures.add(sent.situation, code, sent.began + sent.seconds, milliseconds, failed=failed)
    if sent.status == _TOO_MANY:
        figures.limited += 1
        figures.without_wait += not any(name.lower() == "retry-after" for name, _ in headers)
    figures.gone += len(sent.gone)
    return Entry(
        place=place,
        method="POST",
        url=sent.url,
        sent_headers=tuple((name, value) for name, value in sent.headers),
        sent_body=sent.body,
        status=sent.status,
        reason=sent.reason,
        version=sent.version,
        headers=headers,
        body=None if fault else sent.answer_body,
        began=sent.began,
        seconds=sent.seconds,
        losses=_UNANSWERED if fault else _ANSWERED,
        own=OwnCase(sent.case) if sent.case else None,
        fault=fault,
        tries=sent.tries,
        gone=tuple(sent.gone),
    )


def _code(sent: Sent) -> str:
    """Return the result code of an answer, the HTTP status where it has none: a label of a figure."""
    try:
        header: Mapping[str, Any] = json.loads(sent.answer_body)["header"]
        code = header["result_code"]
    except (ValueError, LookupError, TypeError):
        return f"HTTP {sent.status}"
    return code if isinstance(code, str) and len(code) <= 4 else f"HTTP {sent.status}"
