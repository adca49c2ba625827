"""The header fields of ordinary requests, as `requests` prepares them.

Its connections replace a dead kept-alive one in silence and throw away stray bytes; both are what a
conformance suite must see.  So what it has prepared goes out on a wire of our own.
"""

from __future__ import annotations

import contextlib

import requests

from .messages import Headers, Request, field_kept_once

_REQUEST_ID = "X-Request-Id"
_LENGTH = "Content-Length"
_CODING = "Transfer-Encoding"


class PreparedHeaders:
    """Lets `requests` prepare each head once: most requests differ in their bodies alone.

    It opens no connection.
    """

    def __init__(self, origin: str) -> None:
        """Prepare for an origin such as `https://host:port`; trust no environment."""
        self._origin = origin
        self._session = requests.Session()
        self._session.trust_env = False
        self._prepared: dict[tuple[str, str, Headers, bool], dict[str, str] | None] = {}

    def headers(self, request: Request, given: Headers, request_id: str) -> Headers:
        """Return the header fields to send: those given, the id, and what `requests` adds.

        Where it would change the request target, or refuses the request, it adds nothing.
        """
        head = (request.method, request.target, given, bool(request.body))
        if head not in self._prepared:
            self._prepared[head] = self._made(*head)
        prepared = self._prepared[head]
        if prepared is None:
            return (*given, (_REQUEST_ID, request_id))
        own = {_LENGTH: str(len(request.body))} if _LENGTH in prepared else {}
        fields = {**prepared, **own, _REQUEST_ID: request_id}
        return tuple(field for each in fields.items() for field in _as_often(each, given))

    def _made(
        self, method: str, target: str, given: Headers, has_body: bool
    ) -> dict[str, str] | None:
        with contextlib.suppress(requests.RequestException):
            made = self._session.prepare_request(
                requests.Request(
                    method, self._origin + target, dict(given), data=b"-" if has_body else b""
                )
            )
            if made.path_url == target:
                if _CODING in made.headers:
                    # RFC 9112 §6.2: no sender says how long a body is that comes in a transfer coding.
                    made.headers.pop(_LENGTH, None)
                return dict(made.headers)
        return None


def _as_often(prepared: tuple[str, str], given: Headers) -> Headers:
    """Return a field that was prepared as often as it was given: `requests` knows each name once."""
    same = tuple(field for field in given if field[0].lower() == prepared[0].lower())
    return same if len(same) > 1 else (field_kept_once(*prepared),)
