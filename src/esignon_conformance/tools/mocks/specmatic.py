"""Specmatic: a description that takes any JSON value, and an example for each answer (`--strict`)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

from ..reference.pipeline import Reason
from .files import Files, as_json
from .material import FAR_EXPIRY, Json, Material
from .stubs import LANGUAGE_PARAMETER, Stub, stubs

_COMPANY = "companyId"
_ANY_TEXT = "(string)"
# An example without any pattern comes before those with patterns, and of these the one whose Host is fixed
# came first in each trial.  Every request has the field; only the example for any body leaves it open.
_HOST = "Host"
_HOSTS = ("127.0.0.1", "localhost")


def files(material: Material, port: int) -> Files:
    """Return the description and the examples."""
    examples = {
        f"login_examples/{number:03}.json": as_json(example)
        for number, example in enumerate(_examples(material, port), start=1)
    }
    return {"login.json": as_json(_openapi(material)), **examples}


def _examples(material: Material, port: int) -> Iterator[Json]:
    companies = list(dict.fromkeys(one.company for one in material.logins))
    any_company = f"({_COMPANY}:string)"
    for stub in stubs(material):
        # What has another request code goes to the example for any body.
        if stub.reason is Reason.REQUEST_CODE:
            continue
        token = stub.login.token if stub.login is not None else ""
        response = {
            "status": 200,
            "headers": {"Content-Type": material.media_type, "Cache-Control": "no-store"},
            "body": stub.answer(material, token, FAR_EXPIRY),
        }
        if stub.login is not None:
            named = [stub.login.company]
        else:
            named = [any_company] if stub.schema is None else [*companies, any_company]
        hosts = [_ANY_TEXT] if stub.schema is None else [f"{one}:{port}" for one in _HOSTS]
        for company, query, host in product(named, _queries(material, stub), hosts):
            request = _request(material, stub, company, host)
            request |= {"query": query} if query else {}
            yield {"http-request": request, "http-response": response}


def _queries(material: Material, stub: Stub) -> list[dict[str, str]]:
    """Return the queries of a stub; that of the page's language takes those that name none, too."""
    if stub.language is not None:
        return [{LANGUAGE_PARAMETER: stub.language}]
    named = (
        [material.languages[0]] if stub.login is not None else [material.languages[0], _ANY_TEXT]
    )
    return [{}, *({LANGUAGE_PARAMETER: one} for one in named)]


def _request(material: Material, stub: Stub, company: str, host: str) -> Json:
    return {
        "method": material.method,
        "path": material.path(company),
        "headers": {"Content-Type": material.media_type, _HOST: host},
        "body": _body(material, stub),
    }


def _body(material: Material, stub: Stub) -> Any:
    if stub.login is not None:
        return material.request_of(stub.login)
    if stub.schema is None:
        return "(anyvalue)"
    return _pattern(stub.schema)


def _pattern(schema: Json) -> Any:
    """Return the form of a request with a pattern for each string that is not fixed."""
    if "properties" in schema:
        return {name: _pattern(child) for name, child in schema["properties"].items()}
    return schema.get("const", _ANY_TEXT)


def _openapi(material: Material) -> Json:
    text = {"type": "string"}
    parameters = [
        {"name": _COMPANY, "in": "path", "required": True, "schema": text},
        {"name": LANGUAGE_PARAMETER, "in": "query", "required": False, "schema": text},
        {"name": _HOST, "in": "header", "required": False, "schema": text},
    ]
    answer = {
        "type": "object",
        "required": ["header"],
        "properties": {
            name: {"type": "object", "additionalProperties": text} for name in ("header", "body")
        },
    }
    operation = {
        "parameters": parameters,
        "requestBody": {"required": True, "content": {material.media_type: {"schema": {}}}},
        "responses": {
            "200": {
                "description": "A token, or the refusal of one.",
                "headers": {"Cache-Control": {"schema": text}},
                "content": {material.media_type: {"schema": answer}},
            }
        },
    }
    return {
        "openapi": "3.0.3",
        "info": {"title": "Mock of the login", "version": "1"},
        "paths": {material.path(f"{{{_COMPANY}}}"): {material.method.lower(): operation}},
    }
