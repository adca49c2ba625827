"""What recorded requests are, as cases of their clauses: a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from ...contract.model import Case
from ...i18n.catalogue import word
from ...i18n.language import LANGUAGES, Language


class _Row(NamedTuple):
    clause: str
    situation: str
    company: str | None = None


# What a documented login that was let in is, where nobody knows whose credentials it carried, and what
# one that was refused is.
SUCCESS, REFUSAL = "traffic-success", "traffic-refusal"
RIGHT, EXTRAS, OTHER_TYPE = "traffic-right", "traffic-right-with-extras", "traffic-right-other-type"
UNREADABLE = "traffic-unreadable"
WRONG, NEAR = "traffic-wrong-password", "traffic-near-password"
SPELLING, ODD, UNKNOWN_REQUEST = "traffic-other-spelling", "traffic-odd", "traffic-request-not-kept"
BLOCKED, ELSEWHERE, ELSEWHERE_BLOCKED = (
    "traffic-blocked",
    "traffic-other-company",
    "traffic-blocked-company",
)
# Each has a title in the catalogue: `case-` before it.
_ROWS: Mapping[str, _Row] = {
    RIGHT: _Row("REQ-1", "right"),
    EXTRAS: _Row("REQ-4", "right"),
    OTHER_TYPE: _Row("REQ-3", "right"),
    SUCCESS: _Row("SUC-12", "right"),
    REFUSAL: _Row("REJ-12", "odd"),
    WRONG: _Row("REJ-1", "wrong-password"),
    "traffic-unknown-email": _Row("REJ-2", "unknown-email"),
    BLOCKED: _Row("REJ-4", "blocked", "blocked"),
    "traffic-unknown-company": _Row("REJ-5", "unknown-company"),
    ELSEWHERE: _Row("REJ-6", "other-company", "other"),
    ELSEWHERE_BLOCKED: _Row("REJ-6", "other-company", "blocked"),
    UNREADABLE: _Row("REJ-7", "malformed"),
    "traffic-read-leniently": _Row("REJ-13", "malformed"),
    "traffic-incomplete": _Row("REJ-8", "missing"),
    "traffic-other-code": _Row("REJ-9", "wrong-type"),
    "traffic-other-media-type": _Row("REQ-7", "odd"),
    NEAR: _Row("SEC-2", "wrong-password"),
    "traffic-password-white-space": _Row("SEC-6", "wrong-password"),
    "traffic-password-unseen": _Row("SEC-7", "wrong-password"),
    SPELLING: _Row("REQ-8", "odd"),
    ODD: _Row("ENV-10", "odd"),
    UNKNOWN_REQUEST: _Row("ENV-10", "odd"),
}
# What a load run sends, by the keys of its titles.
_IN_LOAD: Mapping[str, str] = {
    RIGHT: "case-load-right",
    "traffic-unknown-email": "case-load-unknown-email",
    UNREADABLE: "case-load-unreadable",
    "traffic-incomplete": "case-load-incomplete",
}
BY_CREDENTIALS: Mapping[str, str] = {
    "wrong": WRONG,
    "near": NEAR,
    "white-space": "traffic-password-white-space",
    "unseen": "traffic-password-unseen",
    "elsewhere": ELSEWHERE,
    "strange-email": "traffic-unknown-email",
    "strange-company": "traffic-unknown-company",
    "spelling": SPELLING,
}


def traffic_case_ids() -> Iterable[str]:
    """Return the ids of all cases that recorded traffic may show."""
    return _ROWS


def traffic_cases(*, is_load: bool = False) -> dict[str, Case]:
    """Return every case that recorded traffic may show, by id; those that a load run sends by its words."""
    return {
        name: Case(
            id=name,
            title={language: _title(name, language, is_load=is_load) for language in LANGUAGES},
            clause=row.clause,
            situation=row.situation,
            company=row.company if name != BLOCKED else None,
        )
        for name, row in _ROWS.items()
    }


def _title(name: str, language: Language, *, is_load: bool) -> str:
    key = _IN_LOAD.get(name) if is_load else None
    return word(key, language) if key is not None else word(f"case-{name}", language)
