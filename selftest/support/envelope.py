"""Answers whose envelope is as a test says, and the clauses that fail of them."""

from __future__ import annotations

import json

from esignon_conformance.transport.messages import Exchange
from selftest.support.exchanges import header_of
from selftest.support.judged import failing, verdicts

WHOLE = json.dumps({"header": header_of("10"), "body": None}, ensure_ascii=False).encode()
ENVELOPE = ["ENV-1", "ENV-2", "ENV-3", "ENV-4", "ENV-5", "ENV-6", "ENV-7", "ENV-8", "ENV-10"]


def failed(*exchanges: Exchange) -> set[str]:
    """Return the clauses about every answer that fail or are advisories on these exchanges."""
    return failing(verdicts(exchanges, only=[*ENVELOPE, "ENV-9"]))


def inside(text: str) -> bytes:
    """Return a refusal with one more, undocumented member, whose value is `text`."""
    return WHOLE[:-1] + f', "more": {text}}}'.encode()
