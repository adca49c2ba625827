"""SEC-1: parsers that quote, in what they say of a text they cannot read, what stands at the fault."""

from __future__ import annotations

import json

from ..login import STEPS
from ..pipeline import Decision, LoginRequest, Reason
from .registry import fault

# As Perl's JSON::XS does: what follows the place, and no more of it.
_QUOTED = 20


@fault("SEC-1", step="message")
def text_at_the_fault_repeated(request: LoginRequest, decision: Decision, code: str) -> str:
    """The text of 12 quotes the twenty characters at which a text ceases to be JSON, as JSON::XS does."""
    right = STEPS.message(request, decision, code)
    if decision.reason is not Reason.UNREADABLE:
        return right
    try:
        json.loads(request.raw)
    except json.JSONDecodeError as error:
        return f'{right} (before "{error.doc[error.pos : error.pos + _QUOTED]}")'
    except ValueError:
        pass
    return right
