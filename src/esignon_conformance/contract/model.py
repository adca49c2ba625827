"""The words of the contract: operation, clause, case.  See `architecture.md`, "Words"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from .schema_validation import validator_for
from .sending_order import SendingOrder

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

Level = Literal["must", "should", "observe"]
Titles = Mapping[str, str]
# Most severe first: who gets in and what leaks, whose answer or token it is, what clients make of it.
ImpactKind = Literal["security", "identity", "clients"]

# The language of the page, and of the answers where none is asked for.
PAGE_LANGUAGE = "ko"
GROUPS: tuple[str, ...] = ("REQ", "ENV", "SUC", "REJ", "SEC")
# Clauses that a load run alone can judge.
LOAD_GROUP = "LOAD"
SITUATIONS: tuple[str, ...] = (
    "right",
    "wrong-password",
    "unknown-email",
    "unknown-company",
    "other-company",
    "blocked",
    "malformed",
    "missing",
    "wrong-type",
    "odd",
    "hostile",
)
# The tag of a case that was drawn by chance, and the beginning of its id.
DRAW = "draw"
# The clauses that the outcome of a draw may fall under.
DRAWN_CLAUSES: tuple[str, ...] = ("REQ-2", "REQ-4", "REJ-2", "REJ-7", "REJ-8", "REJ-9", "REJ-13")
# What a server may still hold in its hands after it refused such a body: state, bytes, a parser.
MALFORMED_KIND: frozenset[str] = frozenset({"malformed", "missing", "wrong-type", "odd"})

# What stands for the code of a success where answers have none.
ANY_SUCCESS = "2xx"
# The schemas that say what an answer holds.
_OF_ANSWERS = ("envelope", "success")


def groups_of(clauses: Iterable[str]) -> tuple[str, ...]:
    """Return the groups that tables of some clauses have: that of load where they are of a load run."""
    is_load = any(one.startswith(f"{LOAD_GROUP}-") for one in clauses)
    return (*GROUPS, LOAD_GROUP) if is_load else GROUPS


@dataclass(frozen=True)
class Impact:
    """What a deviation from a clause means for those who use the server, and what to do about it."""

    kind: ImpactKind
    consequence: Titles
    action: Titles


@dataclass(frozen=True)
class Clause:
    """One promise of the page.

    `check` names a kind of promise in `esignon_conformance.checks` and `parameters` are its words.
    `depends_on` lists clauses that must hold before this one is judged at all; `sees` lists clauses
    that must hold on an exchange before this one looks at it.  `impact_when_issued` takes the place of
    `impact` where a token was issued that had to be refused.
    """

    id: str
    level: Level
    basis: str
    place: str
    title: Titles
    rationale: Titles
    check: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    depends_on: tuple[str, ...] = ()
    sees: tuple[str, ...] = ()
    reference: str = ""
    impact: Impact | None = None
    impact_when_issued: Impact | None = None

    @property
    def group(self) -> str:
        """Return the clause group, such as ``REJ``."""
        return self.id.split("-")[0]


@dataclass(frozen=True)
class Case:
    """One thing to send and why.  Data, not code: see `schemas/cases.json` for each member."""

    id: str
    title: Titles
    clause: str
    situation: str
    account: str = "made-up"
    company: Any = None
    patch: tuple[Mapping[str, Any], ...] = ()
    raw: tuple[Mapping[str, Any], ...] = ()
    headers: Mapping[str, str | None] = field(default_factory=dict)
    # None is the method that the page documents; `needs: token` sends the token of a login first, and
    # `needs: cookies` those that the latest right login of the account set.
    method: str | None = None
    needs: str | None = None
    query: Any = None
    expect: tuple[str, ...] = ()
    # Statuses of the HTTP layer that are an answer to this form of a request, beside those of its clause.
    http_answers: tuple[int, ...] = ()
    same_as: str | None = None
    # Sent only where that `case`, sent before it, `came_to` nothing but these outcomes.
    where: Mapping[str, Any] = field(default_factory=dict)
    # A right login in the same form: where it is let in, the form is no reason for another code.
    in_form_of: str | None = None
    builds_on: str | None = None
    # The cases of other clauses that show the same fault where both are let in: they tell of this one, too.
    told_with: tuple[str, ...] = ()
    # The case that is sent directly before it, on the same connection where that is kept.
    follows: str | None = None
    # The clauses whose promise is broken as well where it is let in, beside those that it builds on.
    breaks_too: tuple[str, ...] = ()
    # The cases whose oddities this one holds all at once: they are told apart where it deviates.
    shares: tuple[str, ...] = ()
    repeat: int = 1
    essential: bool = False
    burst: Mapping[str, Any] = field(default_factory=dict)
    tags: frozenset[str] = field(default_factory=frozenset)

    @property
    def is_plain_right_login(self) -> bool:
        """Tell whether this case is the valid request of a real account, with nothing changed."""
        changed = self.patch or self.raw or self.headers or self.query or self.company or self.burst
        changed = changed or self.tagged("in-pieces")
        return self.situation == "right" and self.method is None and not changed

    @property
    def is_plain(self) -> bool:
        """Tell whether the documented request is sent with other values, and in no other form."""
        other_form = self.raw or self.headers or self.query or self.burst or self.tags
        return self.method is None and self.builds_on is None and not other_form

    @property
    def is_oddly_framed(self) -> bool:
        """Tell whether the request comes in chunks or in pieces: some gateways choke on either."""
        return "Transfer-Encoding" in self.headers or self.tagged("in-pieces")

    @property
    def is_drawn(self) -> bool:
        """Tell whether the case was drawn by chance and stands in no file of cases."""
        return DRAW in self.tags

    def tagged(self, tag: str) -> bool:
        """Tell whether the case carries `tag`."""
        return tag in self.tags


@dataclass(frozen=True)
class TokenHeader:
    """Where the token of a login goes: the header, the text before it, and where the login answers it."""

    name: str
    operation: str
    pointer: str
    prefix: str = ""


@dataclass(frozen=True)
class Operation:
    """One operation of the API, as `contracts/openapi.yaml` describes it.

    `account` says which places of a request an account fills: its `company`, `email` and `password`.
    `parameters` holds the example of every other path parameter, `headers` those of other headers.
    An operation without a request body has no media type.
    `documentation` is the address of the page that promises it, empty where none is given.
    """

    id: str
    method: str
    path: str
    media_type: str
    request_schema: Mapping[str, Any]
    request_example: Mapping[str, Any]
    account: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    query: str = ""
    token: TokenHeader | None = None
    documentation: str = ""


@dataclass(frozen=True)
class Codes:
    """The result codes that the page documents: that of a success, and those of refusals.

    `read_as` says which documented failure code a target's other codes stand for (`accept_codes` of its
    entry): they fail the clause of the codes, and the other clauses read them so.

    `outcomes` says how the outcome of an answer is told: by these codes; where the page has no table of
    them, by any other code, which is a refusal (``open``); or, where its answers have no code, by the
    HTTP status (``status``).
    """

    issued: str
    refused: frozenset[str]
    read_as: Mapping[str, str] = field(default_factory=dict)
    outcomes: Literal["table", "open", "status"] = "table"

    def documented(self, code: str | None) -> str | None:
        """Return the documented code that an answer's code is or stands for, None where it is none."""
        meant = self.read_as.get(code, code) if code is not None else None
        if self.outcomes == "open" and meant:
            return meant
        return meant if meant == self.issued or meant in self.refused else None


@dataclass(frozen=True)
class Contract:
    """All that the page promises, read and cross-checked.

    `documented_texts` are the page's own texts of its codes, and `other_texts` those of its editions in
    other languages, by the name that `?lang=` knows them by.
    """

    operation: Operation
    edition: str
    page_sha256: str
    fingerprint: str
    clauses: Mapping[str, Clause]
    cases: Mapping[str, Case]
    documented_texts: Mapping[str, str]
    codes: Codes
    schemas: Mapping[str, Any]
    # The contract of the operation that issues the token which this one needs.
    login: Contract | None = None
    other_texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    # What was measured of the cases: in which order they are sent where not all of them can be.
    order: SendingOrder = field(default_factory=SendingOrder)
    # The clauses of `load.yaml`, which are among `clauses` in a load run alone.
    load_clauses: Mapping[str, Clause] = field(default_factory=dict)

    @cached_property
    def validator(self) -> Validator:
        """Return a validator of the cases' schema, which finds every other schema by its name."""
        return validator_for(self.schemas)("cases.json")

    @property
    def known_clauses(self) -> Mapping[str, Clause]:
        """Return all clauses by id, those that only a load run judges among them."""
        return {**self.clauses, **self.load_clauses}

    @property
    def is_of_load(self) -> bool:
        """Tell whether this is the contract that a load run is judged by."""
        return any(one in self.clauses for one in self.load_clauses)

    def under_load(self) -> Contract:
        """Return the contract that a load run is judged by."""
        return replace(self, clauses=self.known_clauses)

    def text_of(self, code: str, language: str) -> str | None:
        """Return the documented text of a code in a language; None where no edition gives it."""
        if language == PAGE_LANGUAGE:
            return self.documented_texts.get(code)
        return self.other_texts.get(language, {}).get(code)

    @property
    def all_texts(self) -> tuple[str, ...]:
        """Return the documented texts of every code in every language."""
        others = (text for texts in self.other_texts.values() for text in texts.values())
        return (*self.documented_texts.values(), *others)

    @cached_property
    def member_names(self) -> frozenset[str]:
        """Return the names of the members that an answer may have, wherever they stand."""
        schemas = [self.schemas[f"{self.operation.id}/{name}.json"] for name in _OF_ANSWERS]
        found: set[str] = set()
        while schemas:
            properties = schemas.pop().get("properties", {})
            found.update(properties)
            schemas += properties.values()
        return frozenset(found)

    def cases_of(self, clause_id: str) -> tuple[Case, ...]:
        """Return the cases of a clause in the order of the files."""
        return self._by_clause.get(clause_id, ())

    @cached_property
    def _by_clause(self) -> Mapping[str, tuple[Case, ...]]:
        found: dict[str, list[Case]] = {}
        for case in self.cases.values():
            found.setdefault(case.clause, []).append(case)
        return {clause_id: tuple(cases) for clause_id, cases in found.items()}
