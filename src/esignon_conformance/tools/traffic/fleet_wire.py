"""What a process of a fleet sends to the master of what it judged: plain data, masked, and back again."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ...checks.deviation import Deviation
from ...i18n.message import Message
from ...recording.recording import Masking
from ...recording.response import read
from ...redaction.scrubber import Scrubber
from ...redaction.secret import Secret
from ...transport.messages import Answer, Exchange, Fault, Request

_TOKEN_NAME = re.compile(r"token (\d+)>")


@dataclass(frozen=True)
class Masked:
    """Masks what leaves a process: `number` is the process's, since each numbers tokens by itself."""

    scrubber: Scrubber
    number: int

    def text(self, text: str) -> str:
        """Return a text without secrets; the names of its tokens are those of this process alone."""
        return self._numbered(self.scrubber.scrub(text))

    def _numbered(self, text: str) -> str:
        return _TOKEN_NAME.sub(rf"token {self.number}-\1>", text)

    def all(self, value: Any) -> Any:
        """Return plain data without secrets."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {name: self.all(one) for name, one in value.items()}
        return [self.all(one) for one in value] if isinstance(value, (list, tuple)) else value

    def deviation(self, one: Deviation) -> list[Any]:
        """Return a deviation as plain data."""
        expected, got = (_plain_message(each, self.text) for each in (one.expected, one.got))
        return [expected, got, self.text(one.pointer), self.text(one.group)]

    def exchange(self, one: Exchange) -> dict[str, Any]:
        """Return an exchange as plain data."""
        masking = Masking(self.scrubber)
        answer, fault, numbered = one.answer, one.fault, self._numbered
        return {
            **{name: getattr(one, name) for name in _PLAIN},
            "request": {
                **{name: getattr(one.request, name) for name in _PLAIN_OF_REQUEST},
                "target": self.text(one.request.target),
                "headers": self._headers(one.request.headers),
                "body": numbered(masking.content(one.request.body)),
            },
            "sent": self._headers(one.sent),
            "answer": None
            if answer is None
            else {
                "status": answer.status,
                "reason": self.text(answer.reason),
                "version": answer.version,
                "headers": self._headers(answer.headers),
                "body": numbered(masking.shown(read(one).content)),
            },
            "fault": None if fault is None else [fault.kind, self.text(fault.detail)],
        }

    def _headers(self, headers: tuple[tuple[str, str], ...]) -> list[list[str]]:
        return [[self.text(name), self.text(value)] for name, value in headers]


_PLAIN = ("case", "situation", "role", "began", "ended", "answered_at", "connection", "request_id")
_PLAIN_OF_REQUEST = ("method", "account", "company", "language", "as_documented")


def _plain_message(message: Message, scrub: Callable[[str], str]) -> list[Any]:
    words = [[name, scrub(text)] for name, text in message.words]
    parts = [[name, _plain_message(part, scrub)] for name, part in message.parts]
    return [message.key, words, parts]


def _message_of(value: Any) -> Message:
    key, words, parts = value
    return Message(
        key,
        tuple((name, text) for name, text in words),
        tuple((name, _message_of(part)) for name, part in parts),
    )


def deviation_of(value: Any) -> Deviation:
    """Return a deviation from plain data."""
    expected, got, pointer, group = value
    return Deviation(_message_of(expected), _message_of(got), pointer, group)


def exchange_of(value: dict[str, Any], exchange_id: str, offset: float) -> Exchange:
    """Return an exchange from plain data, by the clock of this machine.

    What it says of a person is masked already: to be shown and never to be judged.
    """
    request, answer, fault = value["request"], value["answer"], value["fault"]
    times = {name: value[name] + offset for name in ("began", "ended", "answered_at")}
    return Exchange(
        **{**{name: value[name] for name in _PLAIN}, **times},
        id=exchange_id,
        request=Request(
            **{name: request[name] for name in _PLAIN_OF_REQUEST},
            target=request["target"],
            headers=_headers_of(request["headers"]),
            body=request["body"].encode("utf-8", errors="surrogateescape"),
            memb_email=Secret(""),
            password=Secret(""),
        ),
        answer=None
        if answer is None
        else Answer(
            status=answer["status"],
            reason=answer["reason"],
            version=answer["version"],
            headers=_headers_of(answer["headers"]),
            body=answer["body"].encode("utf-8", errors="surrogateescape"),
        ),
        fault=None if fault is None else Fault(fault[0], fault[1]),
        sent=_headers_of(value["sent"]),
    )


def _headers_of(rows: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in rows)
