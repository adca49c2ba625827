"""WireMock: stub mappings that hold a body against a JSON Schema, and templates for token and expiry."""

from __future__ import annotations

from typing import Any

from .files import Files, as_json
from .material import Json, Material
from .stubs import (
    LANGUAGE_PARAMETER,
    Stub,
    any_company_pattern,
    media_type_pattern,
    stubs,
)

_TOKEN = "{{randomValue length=140 type='ALPHANUMERIC'}}"  # noqa: S105 - a template
_EXPIRY = "{{now offset='30 days' format='yyyy-MM-dd HH:mm:ss'}}"


def files(material: Material, port: int) -> Files:
    """Return the mappings; WireMock takes the matching one of the lowest priority number."""
    post = {"method": material.method, "urlPathPattern": any_company_pattern(material)}
    any_method = {"method": "ANY", "urlPathPattern": any_company_pattern(material)}
    media_type = f"(?i){media_type_pattern(material)}"
    other_type = {"status": 415}
    mappings = [
        # First, and without a look at the body: WireMock reads no text in a charset that it does not know.
        _plain(post | {"headers": {"Content-Type": {"doesNotMatch": media_type}}}, other_type),
        _plain(post | {"headers": {"Content-Type": {"absent": True}}}, other_type),
        *(_mapping(material, stub) for stub in stubs(material)),
        _plain(any_method, {"status": 405, "headers": {"Allow": material.method}}),
    ]
    listed = [{"priority": number, **one} for number, one in enumerate(mappings, start=1)]
    return {"mappings/login.json": as_json({"mappings": listed})}


def _plain(request: Json, response: Json) -> Json:
    return {"request": request, "response": response}


def _mapping(material: Material, stub: Stub) -> Json:
    request: Json = {"method": material.method}
    if stub.login is None:
        request["urlPathPattern"] = any_company_pattern(material)
    else:
        request["urlPath"] = material.path(stub.login.company)
    if stub.language is not None:
        request["queryParameters"] = {LANGUAGE_PARAMETER: {"equalTo": stub.language}}
    if stub.schema is not None:
        request["bodyPatterns"] = [{"matchesJsonSchema": stub.schema, "schemaVersion": "V202012"}]
    response: dict[str, Any] = {
        "status": 200,
        "headers": {
            "Content-Type": f"{material.media_type}; charset=utf-8",
            "Cache-Control": "no-store",
        },
        "jsonBody": stub.answer(material, _TOKEN, _EXPIRY),
        "transformers": ["response-template"],
    }
    return _plain(request, response)
