"""A draw: a body made by chance, and the case that it becomes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from ...contract.model import DRAW, Case, Contract
from ...i18n.catalogue import word
from ...i18n.language import LANGUAGES
from .classification import EMAIL, PASSWORD, Kind, classify

# How a body came to be; each has a title in the catalogue.
WAYS: tuple[str, ...] = (
    *("coverage", "fuzzing", "cut", "delete", "insert", "exchange", "bit", "swap", "duplicate"),
    *("structure", "rewritten", "extra", "shrunk"),
)


@dataclass(frozen=True)
class Draw:
    """A body, how it came to be, and what it is."""

    body: bytes
    way: str
    kind: Kind

    @property
    def id(self) -> str:
        """Return the id of its case, which hangs on nothing but its bytes."""
        return f"{DRAW}-{hashlib.sha256(self.body).hexdigest()[:16]}"

    def as_case(self) -> Case:
        """Return the case that sends this body, with the account's credentials filled in."""
        kind = self.kind
        return Case(
            id=self.id,
            title=_title(self.way),
            clause=kind.clause,
            situation=kind.situation,
            account=kind.account,
            raw=raw_of(self.body),
            expect=kind.expect,
            same_as=kind.same_as,
            tags=kind.tags | {DRAW},
        )


# What is alike in all is there once: a run may draw 20,000 bodies.
_FILL: Mapping[str, Any] = {"fill": {"email": EMAIL, "password": PASSWORD}}


@cache
def _title(way: str) -> Mapping[str, str]:
    return {code: word(f"draw-{way}", code) for code in LANGUAGES}


def drawn(body: bytes, way: str, schema: Mapping[str, Any]) -> Draw:
    """Return the draw of a body, classified."""
    return Draw(body, way, classify(body, schema))


def raw_of(body: bytes) -> tuple[Mapping[str, Any], ...]:
    """Return the byte operations that make a body with credentials filled in."""
    made: dict[str, Any] = {"literal": {"hex": body.hex()}}
    has_marker = any(one.encode() in body for one in (EMAIL, PASSWORD)) or b"\\u" in body
    return (made, _FILL) if has_marker else (made,)


def with_draws(contract: Contract, draws: Iterable[Draw]) -> Contract:
    """Return a contract whose cases have draws among them; a body that is there already is left."""
    made = {draw.id: draw.as_case() for draw in draws if draw.id not in contract.cases}
    return replace(contract, cases={**contract.cases, **made})
