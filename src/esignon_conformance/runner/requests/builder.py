"""Makes the request of a case for a target.  Pure: nothing is sent here."""

from __future__ import annotations

import copy
import json
import random
import re
import string
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace
from email.message import Message
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs, quote

import jsonpatch

from ...contract.model import PAGE_LANGUAGE, Case, Contract, Operation
from ...redaction.secret import Secret
from ...redaction.unescape import unescaped
from ...target.target import Account, Target
from ...transport.json_reader import member, read_json, strings
from ...transport.messages import Request
from .byte_edits import apply_raw, as_bytes, as_dotted_form, as_form, made_value, serialise
from .other_characters import NotApplicable
from .secret_variants import derive, recipe_name

Register = Callable[[object, str], None]

# The case of an email that nobody has, which others are compared with.
UNKNOWN_EMAIL = "unknown-email"
_SHORTEST_PIECE = 6
# The domain of an email is no secret by itself.
_SHOWN_WITH_AFFIXES = frozenset({"domain"})
# What of an account stands in the body, by its role there.  A company may stand in path and body.
_MEMBERS = {"email": "email", "password": "password", "company_member": "company"}
# Control characters as bytes, but for the white space of JSON (RFC 8259 §2), and what escapes one (§7).
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ESCAPE = re.compile(rb"\\[bfnrtu]|\xc2[\x80-\x9f]")
# What RFC 3986 §3.3 lets stand in a path segment as it is.
_SEGMENT = "!$&'()*+,;=:@-._~"


class MissingAccount(Exception):
    """The target has no such account, so the case is not judged; `name` is the settings group."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(name)


def build(
    case: Case, contract: Contract, target: Target, register: Register, token: str = ""
) -> Request:
    """Return the request of a case.

    `register` is told each secret that is derived on the way, with the name of its recipe; `token` is
    what a case with `needs: token` is sent with.  Raises `MissingAccount`, and `NotApplicable` when a
    derived value equals the right one.
    """
    operation = contract.operation
    account = _own_of(case, _account(target, case.account))
    document: Any = valid_document(operation, account)
    for change in case.patch:
        document = _patched(document, change, target, register)
    body = serialise(document) if operation.media_type else b""
    for change in case.raw:
        body = apply_raw(body, change, document)
    company, segment = _company(case, target, account)
    query = _query(case, account, operation) or operation.query
    headers = {**_headers(case, operation, token), **case.headers}
    path = _path(operation, segment)
    # RFC 9110 §5.1: names of fields are the same in any letter case.
    media_type = {name.lower(): value for name, value in headers.items()}.get("content-type")
    return Request(
        method=case.method or operation.method,
        target=target.parts.path + path + (f"?{query}" if query else ""),
        headers=tuple((name, value) for name, value in headers.items() if value is not None),
        body=body,
        account=case.account,
        company=company,
        memb_email=_sent(document, operation, "email"),
        password=_sent(document, operation, "password"),
        language=language_of(query, headers.get("Accept-Language")),
        in_pieces=case.tagged("in-pieces"),
        as_documented=is_documented_type(media_type, operation) and not has_control(body),
    )


def is_documented_type(media_type: str | None, operation: Operation) -> bool:
    """Tell whether a Content-Type is the documented media type, with no charset or UTF-8."""
    return _type_and_charset(media_type or "") == (operation.media_type, "utf-8")


@lru_cache(maxsize=256)
def _type_and_charset(media_type: str) -> tuple[str, str | None]:
    message = Message()
    message["Content-Type"] = media_type
    return message.get_content_type(), message.get_content_charset("utf-8")


def has_control(body: bytes) -> bool:
    """Tell whether a string in a body holds control characters, or the body does outside white space."""
    if _CONTROL.search(body):
        return True
    # Read only where an escape may stand for one.
    value = read_json(body).value if _ESCAPE.search(body) else None
    return any(unicodedata.category(one) == "Cc" for _, text in strings(value) for one in text)


def language_of(query: str, accepted: str | None) -> str:
    """Return the language in which an answer may be expected: that of `?lang=`, else the page's.

    Where a header asks for another one, or `lang` comes twice, a server may follow either: it is left open.
    """
    if accepted is not None and not accepted.lower().startswith(PAGE_LANGUAGE):
        return ""
    asked = parse_qs(query, keep_blank_values=True).get("lang", [PAGE_LANGUAGE])
    return asked[0] if len(set(asked)) == 1 else ""


def valid_document(operation: Operation, account: Account) -> dict[str, Any]:
    """Return the documented request of an account: the contract's example with its credentials."""
    document: dict[str, Any] = copy.deepcopy(dict(operation.request_example))
    for role, field in _MEMBERS.items():
        place = operation.account.get(role)
        if place is not None:
            value = _unmasked(account, field)
            jsonpatch.JsonPointer(_pointer(place)).set(document, value)
    return document


def _pointer(place: str) -> str:
    return place.removeprefix("request ")


def _sent(document: Any, operation: Operation, role: str) -> Secret:
    """Return what stands in a body where an account's email or password belongs, if it is text."""
    place = operation.account.get(role)
    value = member(document, _pointer(place))[1] if place is not None else None
    return Secret(value if isinstance(value, str) else "")


def _unmasked(account: Account, field: str) -> str:
    if field == "both":
        return f"{_unmasked(account, 'email')}\0{_unmasked(account, 'password')}"
    value = getattr(account, field)
    return value.get_secret_value() if isinstance(value, Secret) else str(value)


def _headers(case: Case, operation: Operation, token: str) -> dict[str, str]:
    headers = {"Content-Type": operation.media_type} if operation.media_type else {}
    headers |= operation.headers
    if case.needs == "token":
        if operation.token is None:
            raise ValueError("it needs a token, and the operation names no header for one")
        headers[operation.token.name] = operation.token.prefix + token
    return headers


def _path(operation: Operation, company: str) -> str:
    """Return the path with its parameters filled in: the company's segment, and examples."""
    named = operation.account.get("company", "").removeprefix("path ")
    path = operation.path.replace(f"{{{named}}}", company)
    for name, value in operation.parameters.items():
        path = path.replace(f"{{{name}}}", quote(value, safe=_SEGMENT))
    return path


def _account(target: Target, name: str) -> Account:
    account = target.accounts.get(name)
    if account is None:
        raise MissingAccount(name)
    return account


def _own_of(case: Case, account: Account) -> Account:
    """Return the account of a case: where it is nobody's, with an email that no other case names.

    The plainest unknown email keeps the one that is known of the run.
    """
    # "A locked account is a sign that the suite tried too many wrong passwords, so it must not": many
    # servers lock an email that nobody has, too, so that it is not told from an account.
    if case.account != "made-up" or UNKNOWN_EMAIL in (case.id, case.same_as):
        return account
    local, _, domain = account.email.get_secret_value().partition("@")
    # REQ-2: what is the same value but for its form names one email.
    word = case.same_as or case.id
    chance = random.Random(f"{local} {word}")  # noqa: S311 - a name, not a secret
    own = "".join(chance.choices(string.ascii_lowercase, k=6))
    return replace(account, email=Secret(f"{local}.{own}@{domain}"))


def _patched(
    document: Any, operation: Mapping[str, Any], target: Target, register: Register
) -> Any:
    change = {key: operation[key] for key in ("op", "path", "from") if key in operation}
    if "value" in operation:
        change["value"] = operation["value"]
    elif "make" in operation:
        change["value"] = made_value(operation["make"])
    elif "secret" in operation:
        recipe = operation["secret"]
        account = _account(target, recipe["account"])
        secret = _unmasked(account, recipe["field"])
        change["value"] = derive(secret, recipe)
        if recipe["field"] != "company":
            _register_derived(secret, recipe, change["value"], register)
    elif "wrap" in operation:
        change["value"] = _wrapped(
            jsonpatch.JsonPointer(operation["path"]).resolve(document), operation["wrap"]
        )
    patched = jsonpatch.apply_patch(document, [change])
    if change["op"] == "replace" and patched == document:
        # Two accounts that share a password, say: what was to be wrong is right.
        raise NotApplicable("same-value")
    return patched


def _register_derived(
    secret: str, recipe: Mapping[str, Any], derived: Any, register: Register
) -> None:
    """Register what is derived from a secret, but for what holds it whole: that is masked already.

    So is it in an array or an object, of which the rest is ours.  Pieces of less than 6 characters are
    words of any text and tell nobody a password.
    """
    if isinstance(derived, list | dict):
        return
    if recipe.get("as") not in _SHOWN_WITH_AFFIXES:
        # What stands around it is ours, too, and tells the case.
        recipe = {name: one for name, one in recipe.items() if name not in ("prefix", "suffix")}
        derived = derive(secret, recipe)
    text = derived if isinstance(derived, str) else json.dumps(derived)
    is_written_otherwise = text != secret and unescaped(text) == secret
    if len(text) >= _SHORTEST_PIECE and (secret not in text or is_written_otherwise):
        register(text, recipe_name(recipe))


def _wrapped(right: Any, kind: str) -> Any:
    if kind == "array":
        return [right]
    if kind == "object":
        return {"value": right}
    return right if isinstance(right, str) else json.dumps(right)


def _company(case: Case, target: Target, account: Account) -> tuple[str, str]:
    """Return the company id that a case means and the path segment that it is sent as."""
    wanted = case.company
    if wanted is None:
        company = account.company
    elif isinstance(wanted, str):
        named = target.company(wanted)
        if named is None:
            raise MissingAccount(wanted)
        if named == account.company:
            raise NotApplicable("same-company")
        company = named
    elif "path" in wanted:
        return wanted["path"], wanted["path"]
    elif "percent_encoded" in wanted:
        is_derived = "as" in wanted and "where_let_in" not in wanted
        company = str(derive(account.company, wanted)) if is_derived else account.company
        octets = "".join(f"%{octet:02X}" for octet in company[:1].encode())
        return company, octets + quote(company[1:], safe=_SEGMENT)
    elif "text" in wanted:
        company = as_bytes(wanted["text"]).decode()
    else:
        company = str(derive(account.company, wanted))
    return company, quote(company, safe=_SEGMENT)


def _query(case: Case, account: Account, operation: Operation) -> str:
    if case.query == "credentials":
        return as_form(valid_document(operation, account))
    if case.query == "dotted-credentials":
        return as_dotted_form(valid_document(operation, account))
    if case.query == "password":
        return as_form(valid_document(operation, account), "memb_pwd")
    return case.query or ""
