"""The header fields of each request: the suite's, those for what stands before the target, its own."""

from __future__ import annotations

from .. import __version__
from .connection import Endpoint
from .gateway_headers import GatewayHeaders
from .headers import PreparedHeaders
from .messages import Headers, Request
from .serialize import serialised

USER_AGENT = f"esignon-conformance/{__version__}"
_REQUEST_ID = "X-Request-Id"
SUITE_HEADERS: Headers = (
    ("User-Agent", USER_AGENT),
    ("Accept", "*/*"),
    ("Accept-Encoding", "gzip, deflate"),
)


class Heads:
    """Makes the head of each request that goes to an endpoint."""

    def __init__(self, endpoint: Endpoint, gateway: GatewayHeaders) -> None:
        """Make heads for an endpoint; `gateway` are the fields for what stands before it."""
        self._endpoint = endpoint
        scheme = "http" if endpoint.tls is None else "https"
        self._origin = f"{scheme}://{endpoint.authority}"
        self._gateway = gateway
        self._preparing = PreparedHeaders(self._origin)

    def prepare(self, request: Request) -> None:
        """Do now what can be done before a request is sent."""
        self._preparing.headers(request, self._own(request), "")

    def of(self, request: Request, request_id: str) -> Headers:
        """Return the header fields of a request, as `requests` prepares them."""
        return self._signed(
            request, self._preparing.headers(request, self._own(request), request_id)
        )

    def bare(self, request: Request, request_id: str) -> Headers:
        """Return the header fields of one of many requests at once: the threads share no preparing."""
        return self._signed(request, (*self._own(request), (_REQUEST_ID, request_id)))

    def whole(self, request: Request, headers: Headers) -> bytes:
        """Return a request with these header fields as bytes."""
        return serialised(request, headers, self._endpoint)

    def shown(self, headers: Headers) -> Headers:
        """Return the header fields of a request as they go out, without those of a proxy."""
        return (("Host", self._endpoint.authority), *headers)

    def _signed(self, request: Request, headers: Headers) -> Headers:
        """Return the header fields of a request with those by which a plugin signs it."""
        url = f"{self._origin}{request.target}"
        return (*headers, *self._gateway.signed(request.method, url, headers, request.body))

    def _own(self, request: Request) -> Headers:
        """Return the fields given: of a name only those of the last who gives it, as often as it does."""
        found: Headers = ()
        for given in (SUITE_HEADERS, self._gateway.fields, request.headers):
            names = {name.lower() for name, _ in given}
            found = (*(field for field in found if field[0].lower() not in names), *given)
        return found
