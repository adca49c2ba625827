"""What a request said, as texts: what of it comes back is no inside of the server."""

from __future__ import annotations

from functools import lru_cache

from ..redaction.unescape import layers
from ..transport.messages import Exchange


# Asked for by one check after the other.
@lru_cache(maxsize=4)
def said_by(exchange: Exchange) -> tuple[str, ...]:
    """Return what was sent as texts: as it went out, and with its escapes undone."""
    request = exchange.request
    texts = (request.body.decode("utf-8", errors="replace"), request.target)
    return tuple(layer for text in texts for layer in layers(text))
