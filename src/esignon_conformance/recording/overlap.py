"""Which requests of a burst were under way at the same time: only these are what SUC-9 speaks of."""

from __future__ import annotations

from collections.abc import Sequence

from ..transport.messages import Exchange


def overlaps(exchange: Exchange, burst: Sequence[Exchange]) -> bool:
    """Tell whether an exchange was under way while another one of its burst was, too."""
    return any(
        other is not exchange and other.began < exchange.ended and exchange.began < other.ended
        for other in burst
    )


def has_overlap(burst: Sequence[Exchange]) -> bool:
    """Tell whether any two of a burst were under way at the same time."""
    return any(overlaps(one, burst) for one in burst)
