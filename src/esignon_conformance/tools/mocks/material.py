"""What every mock is made of: the operation, the accounts, and an answer for each way a login can end.

All names, codes and texts come from the contract; a tool's module only says them in the tool's words.
"""

from __future__ import annotations

import base64
import copy
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...contract.model import PAGE_LANGUAGE, Contract
from ..reference.answering import RESULT_CODES, device_id
from ..reference.pipeline import Reason
from ..reference.world import World

Json = dict[str, Any]
# For a tool that cannot count days: far enough that nobody has to write the mock anew.
FAR_EXPIRY = "2099-12-31 23:59:59"


@dataclass(frozen=True)
class Login:
    """An account of a company, and how its right login ends."""

    company: str
    email: str
    password: str = field(repr=False)
    blocked: bool

    @property
    def token(self) -> str:
        """Return the token of this account, for a tool that cannot make a new one for each login."""
        digest = hashlib.sha512(f"token of {self.company}/{self.email}".encode()).digest()
        return base64.b64encode(digest).decode()


@dataclass(frozen=True)
class Pointers:
    """Where the values that a mock fills in have their place, as JSON pointers."""

    request_code: str
    email: str
    password: str
    token: str
    company: str
    device: str
    expiry: str
    answered_email: str
    response_code: str
    result_code: str
    message: str
    session: str


@dataclass(frozen=True)
class Material:
    """A login API, ready to be said in the words of any tool.

    `path_before` and `path_after` are the parts of the path around the company.  `languages` names the
    languages that the texts are there in, that of the page first.
    """

    method: str
    path_before: str
    path_after: str
    media_type: str
    request_schema: Mapping[str, Any]
    request_example: Mapping[str, Any]
    request_code: str
    response_code: str
    pointers: Pointers
    texts: Mapping[str, Mapping[str, str]]
    logins: tuple[Login, ...]

    @property
    def languages(self) -> tuple[str, ...]:
        """Return the languages of the texts, that of the page first."""
        return tuple(self.texts)

    def path(self, company: str) -> str:
        """Return the path of a company's login."""
        return f"{self.path_before}{company}{self.path_after}"

    def code(self, reason: Reason) -> str:
        """Return the result code of a way that a login can end: as the server in the box has it."""
        return RESULT_CODES[reason]

    def refusal(self, reason: Reason, language: str = PAGE_LANGUAGE) -> Json:
        """Return the answer that refuses a login."""
        document: Json = {}
        for pointer, value in self._header(reason, language):
            _put(document, pointer, value)
        return document

    def success(self, login: Login, token: str, expiry: str, language: str = PAGE_LANGUAGE) -> Json:
        """Return the answer to a right login.  Token and expiry may be templates of a tool."""
        document = self.refusal(Reason.ISSUED, language)
        for pointer, value in (
            (self.pointers.token, token),
            (self.pointers.company, login.company),
            (self.pointers.device, device_id(login.company, login.email)),
            (self.pointers.expiry, expiry),
            (self.pointers.answered_email, login.email),
        ):
            _put(document, pointer, value)
        return document

    def _header(self, reason: Reason, language: str) -> Iterator[tuple[str, str]]:
        code = self.code(reason)
        yield self.pointers.response_code, self.response_code
        yield self.pointers.result_code, code
        yield self.pointers.message, self.texts[language][code]
        yield self.pointers.session, ""

    def request_of(self, login: Login) -> Json:
        """Return the documented request of an account."""
        document: Json = {}
        _put(document, self.pointers.request_code, self.request_code)
        _put(document, self.pointers.email, login.email)
        _put(document, self.pointers.password, login.password)
        return document

    def schema_of(self, login: Login) -> Json:
        """Return the schema of exactly one account's request: its email, its password, the code."""
        schema = self.request_schema_without_comment()
        schema_at(schema, self.pointers.email)["const"] = login.email
        schema_at(schema, self.pointers.password)["const"] = login.password
        return schema

    def schema_of_members(self) -> Json:
        """Return the schema of a request that has the documented members, whatever its code."""
        schema = self.request_schema_without_comment()
        del schema_at(schema, self.pointers.request_code)["const"]
        return schema

    def request_schema_without_comment(self) -> Json:
        """Return the schema of a request as it stands in the contract, with what validates only."""
        schema = copy.deepcopy(dict(self.request_schema))
        for name in ("$schema", "$comment", "title"):
            schema.pop(name, None)
        return schema


def material_of(contract: Contract, world: World) -> Material:
    """Return what the mocks of an operation are made of."""
    operation = contract.operation
    company = f"{{{operation.account['company'].removeprefix('path ')}}}"
    before, _, after = operation.path.partition(company)
    code_pointer, code = next(_constants(operation.request_schema))
    return Material(
        method=operation.method,
        path_before=before,
        path_after=after,
        media_type=operation.media_type,
        request_schema=operation.request_schema,
        request_example=operation.request_example,
        request_code=code,
        response_code=_response_code(contract),
        pointers=Pointers(
            request_code=code_pointer,
            email=operation.account["email"].removeprefix("request "),
            password=operation.account["password"].removeprefix("request "),
            # Which member is which is what these clauses are about.
            token=_pointer(contract, "SUC-1"),
            company=_pointer(contract, "SUC-2"),
            device=_pointer(contract, "SUC-3"),
            expiry=_pointer(contract, "SUC-4"),
            answered_email=_pointer(contract, "SUC-5"),
            response_code=_pointer(contract, "ENV-4"),
            result_code=_pointer(contract, "ENV-5"),
            message=_pointer(contract, "ENV-6"),
            session=_pointer(contract, "ENV-7"),
        ),
        texts={PAGE_LANGUAGE: contract.documented_texts, **contract.other_texts},
        logins=tuple(
            Login(company.id, account.memb_email, account.memb_pwd, company.blocked)
            for company in world.companies
            for account in company.accounts
        ),
    )


def _pointer(contract: Contract, clause: str) -> str:
    return str(contract.clauses[clause].parameters["pointer"])


def _response_code(contract: Contract) -> str:
    schema = contract.schemas[f"{contract.operation.id}/envelope.json"]
    return str(schema_at(schema, _pointer(contract, "ENV-4"))["const"])


def _constants(schema: Mapping[str, Any], at: str = "") -> Iterator[tuple[str, str]]:
    """Yield the members that a schema fixes, by their pointers."""
    for name, child in schema.get("properties", {}).items():
        if "const" in child:
            yield f"{at}/{name}", child["const"]
        yield from _constants(child, f"{at}/{name}")


def schema_at(schema: Mapping[str, Any], pointer: str) -> Any:
    """Return the schema of a member by its pointer."""
    found: Any = schema
    for name in pointer.split("/")[1:]:
        found = found["properties"][name]
    return found


def _put(document: Json, pointer: str, value: Any) -> None:
    *parents, name = pointer.split("/")[1:]
    for parent in parents:
        document = document.setdefault(parent, {})
    document[name] = value
