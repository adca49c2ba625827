"""SUC-16: comp_id in another letter case than that of the path, as it is stored or made uniform."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from ..login import STEPS
from ..pipeline import Decision, Json, LoginRequest
from .registry import add, changed
from .when import When, always, role

Spell: TypeAlias = Callable[[str], str]

# fmt: off
SPELT: tuple[tuple[str, str, Spell, When], ...] = (
    ("upper-case", "comp_id is in upper case.", str.upper, always),
    ("capitalised", "comp_id begins with a capital.", str.capitalize, always),
    ("swapped-case", "comp_id is in the other letter case.", str.swapcase, always),
    ("upper-case-of-other", "The other company's comp_id is stored in upper case.", str.upper,
     role("other")),
    ("upper-case-for-language", "comp_id is in upper case where ?lang= is sent.", str.upper,
     lambda request, decision: b"lang=" in request.query),
)
# fmt: on


def _spelt(spell: Spell, when: When) -> Callable[[LoginRequest, Decision], Json]:
    def issue_body(request: LoginRequest, decision: Decision) -> Json:
        right = STEPS.issue_body(request, decision)
        if not when(request, decision):
            return right
        return {**right, "comp_id": spell(right["comp_id"])}

    return issue_body


for _name, _sentence, _spell, _when in SPELT:
    _build = changed(issue_body=_spelt(_spell, _when))
    add(f"comp-id-{_name}", "SUC-16", _sentence, _build, level="should")
