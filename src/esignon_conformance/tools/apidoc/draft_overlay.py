"""The overlay of a draft: what is inferred of any page of this API, each action with its reason."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...contract.described_operation import ACCOUNT, TOKEN
from ...contract.facts import (
    Facts,
    Parameter,
    members,
    needed_members,
    normalised,
    placeholder,
    stated_value,
)
from ...contract.model import Operation
from .generated_schemas import reference
from .generation import Place, path_parameters
from .outcomes import outcomes_of
from .parameter_types import known_type

# The clauses that the login has its header's members under.
ENVELOPE_CLAUSES = {
    "response_code": "ENV-4",
    "result_code": "ENV-5",
    "result_msg": "ENV-6",
    "session_id": "ENV-7",
}
_TOKEN_NAME = re.compile(r"token|authorization|authentication", re.IGNORECASE)
# What stands before a token that is described in words: "esignon TOKEN_Value".
_BEFORE = re.compile(r"([A-Za-z][\w-]{1,20}) +\S")
# What pages call the company by, wherever it stands.
_COMPANY = frozenset({"companyid", "compid"})
# The role of a company that stands in the body, too.
COMPANY_MEMBER = "company_member"
_IN_BRACES = re.compile(r"\{+([^{}]+)\}+|<([^<>]+)>")
_SHOWN = "The page shows these members, and says of none that it may be left out."


@dataclass(frozen=True)
class Token:
    """The header in which a page wants the token of a login, and the text before it."""

    header: str
    operation: str
    pointer: str
    prefix: str

    @property
    def scheme(self) -> str:
        """Return the name of its security scheme: one for each form in which pages want the token."""
        words = re.findall(r"[a-z0-9]+", f"{self.header} {self.prefix}".lower())
        return "token" if words == ["authorization", "esignon"] else "-".join(["token", *words])


def token_of(facts: Facts, name: str, login: Facts) -> Token | None:
    """Return where the token of the operation `name`, whose facts are `login`, goes, if anywhere.

    That is the header described in the words for which the login's answer has a placeholder, or else
    one that is called a token or Authorization.
    """
    tokens = [
        (pointer, placeholder(value))
        for pointer, value in members(login.success.value)
        if "token" in pointer.rpartition("/")[2].lower()
    ]
    if not tokens:
        return None
    pointer, words = tokens[0]
    headers = [one for one in facts.of("header") if one.name.lower() != "content-type"]
    for one in (*(each for each in headers if _says(each, words)), *headers):
        if _says(one, words) or _TOKEN_NAME.search(one.name):
            return Token(one.name, name, pointer, _prefix(one.description))
    return None


def token_form(facts: Facts) -> str:
    """Return the header in which a page wants a token, with what is sent before it; empty for none."""
    for one in facts.of("header"):
        if _TOKEN_NAME.search(one.name):
            return f"{one.name}: {_prefix(one.description)}".rstrip()
    return ""


def _prefix(description: str) -> str:
    """Return what is sent before a token: the text before its place, or the word before its name."""
    said = description.strip("\"' ")
    before = _IN_BRACES.search(said)
    if before is not None:
        return said[: before.start()].rstrip("$")
    match = _BEFORE.match(said)
    return f"{match[1]} " if match is not None and _TOKEN_NAME.search(said[match.end(1) :]) else ""


def _says(parameter: Parameter, words: str | None) -> bool:
    match = _IN_BRACES.search(parameter.description)
    said = next(part for part in match.groups() if part) if match else parameter.description
    return words is not None and normalised(said) == normalised(words)


def account_of(facts: Facts, login: Operation) -> dict[str, str]:
    """Return the places that an account fills: those called as in the request of the login."""
    found: dict[str, str] = {}
    needed = [f"request {pointer}" for pointer in needed_members(facts)]
    listed = [
        *(one.named for one in path_parameters(facts)),
        *(one.named for one in facts.parameters),
    ]
    for role, place in login.account.items():
        kind, name = place.partition(" ")[0], re.split(r"[ /]", place)[-1]
        of_kind = needed if kind == "request" else [one for one in listed if one.startswith(kind)]
        called = (one for one in of_kind if re.split(r"[ /]", one)[-1] == name)
        match = next(called, None) or next((one for one in of_kind if _is_company(role, one)), None)
        if match is not None:
            found[role] = match
    member = next((one for one in needed if _is_company("company", one)), None)
    if member is not None:
        found[COMPANY_MEMBER] = member
    return found


def _is_company(role: str, place: str) -> bool:
    name = re.split(r"[ /]", place)[-1]
    return role == "company" and name.replace("_", "").casefold() in _COMPANY


def overlay_actions(
    name: str, facts: Facts, place: Place, token: Token | None, account: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return the actions of the overlay for one operation, as `schemas/overlay.json` describes them."""
    return [
        *_of_operation(facts, name, place, token, account),
        *_of_request(facts, name),
        *_of_answers(facts, name, place),
    ]


def overlay(title: str, edition: str, actions: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the overlay of a draft as plain data."""
    info = {"title": f"What is inferred of the page {title}: a draft", "version": edition}
    return {"overlay": "1.0.0", "info": info, "actions": list(actions)}


def _action(target: str, why: str, clauses: Sequence[str], **update: Any) -> dict[str, Any]:
    named = list(clauses)
    return {"target": target, "description": why, "x-clauses": named, "update": update}


def _of_operation(
    facts: Facts, name: str, place: Place, token: Token | None, account: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    target = f"{place.target}.{facts.method.lower()}"
    described: dict[str, Any] = {"summary": facts.title or name}
    if account:
        described[ACCOUNT] = dict(account)
    described["security"] = [{token.scheme: []}] if token is not None else []
    why = "What is called as in the login is filled by the account; the rest is made up, for you to fill."
    yield _action(target, why, ["REQ-1"], **described)
    if token is None:
        return
    yield {
        "target": f"{target}.parameters[?@.name == '{token.header}']",
        "description": "The header carries the token, so it is a security scheme and no parameter.",
        "x-clauses": ["SEC-21"],
        "remove": True,
    }
    source: dict[str, Any] = {"operation": token.operation, "pointer": token.pointer}
    if token.prefix:
        source["prefix"] = token.prefix
    scheme = {"type": "apiKey", "in": "header", "name": token.header, TOKEN: source}
    why = "The page asks for the token of a login in this header."
    yield _action("$.components", why, ["SEC-21"], securitySchemes={token.scheme: scheme})


def _of_request(facts: Facts, name: str) -> Iterator[dict[str, Any]]:
    if not facts.of("body") and facts.request is None:
        return
    objects: dict[str, list[str]] = {}
    for pointer in needed_members(facts):
        parent, _, member = pointer.rpartition("/")
        if not re.search(r"/\d+(/|$)", pointer) and placeholder(member) is None:
            objects.setdefault(parent, []).append(member)
    base = f"$.components.schemas['{name}_request']"
    for parent, required in objects.items():
        yield _action(_target(base, parent), _SHOWN, ["REJ-8"], required=required)
    for one in facts.of("body"):
        value = stated_value(facts, one)
        is_text = known_type(one.type) == "string"
        if value and is_text and "/" not in value and not re.search(r"/\d+(/|$)", one.pointer):
            why = "The page describes this member by the one value that its example has."
            yield _action(_target(base, one.pointer), why, ["REJ-8"], const=value)


def _target(base: str, pointer: str) -> str:
    return base + "".join(f".properties['{step}']" for step in pointer.split("/")[1:])


def _of_answers(facts: Facts, name: str, place: Place) -> Iterator[dict[str, Any]]:
    if outcomes_of(facts) == "status":
        shown = facts.success.value if facts.has_response else None
        names = (
            [one for one in shown if placeholder(one) is None] if isinstance(shown, dict) else []
        )
        if names:
            target = f"$.components.schemas['{name}_success']"
            yield _action(target, _SHOWN, ["REQ-1"], required=names)
        return
    header = facts.success.value["header"]
    body = facts.success.value.get("body")
    envelope, success, refused = (
        f"$.components.schemas['{name}_{part}']" for part in ("envelope", "success", "refusal")
    )
    why = "Failures are values of the one documented header. The page is silent on the body of a failure."
    either = {"body": {"type": ["object", "null"]}}
    yield _action(envelope, why, ["ENV-3"], required=["header"], properties=either)
    known: dict[str, Any] = {}
    if (
        isinstance(header.get("response_code"), str)
        and placeholder(header["response_code"]) is None
    ):
        known["response_code"] = {"const": header["response_code"]}
    if isinstance(header.get("result_msg"), str):
        known["result_msg"] = {"minLength": 1}
    why = "A client has one parser for all answers. A text is localised, and not fixed, but there."
    yield _action(
        f"{envelope}.properties.header",
        why,
        [name for member, name in ENVELOPE_CLAUSES.items() if member in header],
        required=list(header),
        properties=known,
    )
    needed = ["header", "body"] if isinstance(body, dict) else ["header"]
    yield _action(success, _SHOWN, ["REQ-1"], required=needed)
    names = [one for one in body if placeholder(one) is None] if isinstance(body, dict) else []
    if names:
        yield _action(f"{success}.properties.body", _SHOWN, ["SUC-12"], required=names)
    yield _action(refused, _SHOWN, ["ENV-3"], required=["header"])
    if facts.refusal_statuses:
        return
    refusal = {
        "description": "The same refusal under an HTTP status of its own, as sister pages have it.",
        "content": {"application/json": {"schema": reference(name, "refusal")}},
    }
    why = 'Sister pages say "400: failure", so the same refusal may come under another status.'
    target = f"{place.target}.{facts.method.lower()}.responses"
    yield _action(target, why, ["ENV-9"], **{"4XX": refusal})
