"""MockServer: expectations that hold a body against a JSON Schema, and templates for token and expiry."""

from __future__ import annotations

import json
import re
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

_TOKEN = "$rand_bytes_128"  # noqa: S105 - a template
_EXPIRY = "$dates.plusDays(30)"


def files(material: Material, port: int) -> Files:
    """Return the expectations; MockServer takes the matching one of the highest priority."""
    listed = [_expectation(material, stub) for stub in stubs(material)]
    path = any_company_pattern(material)
    listed += [
        {
            "httpRequest": {"method": material.method, "path": path},
            "httpResponse": {"statusCode": 415},
        },
        {
            "httpRequest": {"path": path},
            "httpResponse": {"statusCode": 405, "headers": {"Allow": [material.method]}},
        },
    ]
    expectations = [
        {"id": f"login-{number:02}", "priority": len(listed) - number, **one}
        for number, one in enumerate(listed, start=1)
    ]
    return {"expectations.json": as_json(expectations)}


def _expectation(material: Material, stub: Stub) -> Json:
    request: Json = {
        "method": material.method,
        "path": any_company_pattern(material)
        if stub.login is None
        else re.escape(material.path(stub.login.company)),
        "headers": {"Content-Type": [f"(?i){media_type_pattern(material)}"]},
    }
    if stub.language is not None:
        request["queryStringParameters"] = {LANGUAGE_PARAMETER: [stub.language]}
    if stub.schema is not None:
        request["body"] = {"type": "JSON_SCHEMA", "jsonSchema": stub.schema}
    headers = {
        "Content-Type": [f"{material.media_type}; charset=utf-8"],
        "Cache-Control": ["no-store"],
    }
    answer = json.dumps(stub.answer(material, _TOKEN, _EXPIRY), ensure_ascii=False)
    if _TOKEN not in answer:
        return {
            "httpRequest": request,
            "httpResponse": {"statusCode": 200, "headers": headers, "body": answer},
        }
    response: dict[str, Any] = {"statusCode": 200, "headers": headers, "body": answer}
    return {
        "httpRequest": request,
        "httpResponseTemplate": {
            "templateType": "VELOCITY",
            "template": json.dumps(response, ensure_ascii=False),
        },
    }
