"""Sends a login over a connection that is kept, by the HTTP client below that of Locust.

`FastHttpUser` looks at each answer for itself: where the status is an error it decodes the body as UTF-8,
and it raises where the content coding is unknown, so that a page in EUC-KR would never get to the judge.
"""

from __future__ import annotations

import functools
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from geventhttpclient.client import HTTPClient
from geventhttpclient.response import HTTPParseError, HTTPSocketPoolResponse

from ..recording.response import UNDECODED, uncoded
from ..target.target import Target
from ..transport.answer_reader import LONGEST_BODY
from ..transport.request_heads import SUITE_HEADERS
from .faults import fault_of, is_silent
from .gateway_tries import Came

_BLOCK = 65_536


@functools.cache
def _context(bundle: Path | None) -> ssl.SSLContext:
    # One for all users: to read the system's certificates takes a tenth of a second each time.
    return ssl.create_default_context(cafile=str(bundle) if bundle else None)


@dataclass
class LoginClient:
    """Logs in at a target; each login is one by itself, as in a run: no cookie goes out with the next."""

    target: Target
    headers: Mapping[str, str] = field(repr=False)

    @cached_property
    def _client(self) -> HTTPClient:
        return HTTPClient.from_url(
            self.target.base_url,
            headers={**dict(SUITE_HEADERS), **self.headers},
            connection_timeout=self.target.connect_timeout,
            network_timeout=self.target.answer_timeout,
            ssl_context_factory=lambda **_others: _context(self.target.ca_bundle),
        )

    def send(self, path: str, body: bytes) -> Came:
        """Return what comes of a login, however it ends."""
        began, clock = time.time(), time.perf_counter()
        response = None
        try:
            response = self._client.request("POST", self.target.parts.path + path, body)
            content, fault, silent = _content(response), "", False
        except (OSError, HTTPParseError) as error:
            content, fault, silent = b"", fault_of(error), is_silent(error)
        if len(content) > LONGEST_BODY:
            content, fault = b"", "too-long"
            self.close()
        seconds = time.perf_counter() - clock
        if response is None:
            return Came(0, (), b"", fault, began, seconds, is_silent=silent)
        return Came(
            response.get_code(),
            list(response.headers),
            content,
            fault,
            began,
            seconds,
            reason=response.status_message or "",
            version=response.version,
        )

    def close(self) -> None:
        """Close the connection: the next login makes a fresh one."""
        if (client := self.__dict__.pop("_client", None)) is not None:
            client.close()


def _content(response: HTTPSocketPoolResponse) -> bytes:
    """Return the body of an answer, a byte more than `LONGEST_BODY` at most, with its coding undone."""
    if response.message_complete:
        raw = response.read()
    else:
        found = bytearray()
        while len(found) <= LONGEST_BODY and (block := response.read(_BLOCK)):
            found += block
        raw = bytes(found)
    if "content-encoding" not in response:
        return raw
    try:
        return uncoded(raw, response.info().getlist("content-encoding"))
    except UNDECODED:
        # As it came: a body that its field belies is for the judge.
        return raw
