"""Mockoon: two routes, whose responses have rules: JSON Schemas in data buckets, and the company."""

from __future__ import annotations

import json
import uuid
from typing import Any

from .files import Files, as_json
from .material import Json, Material
from .stubs import LANGUAGE_PARAMETER, Stub, media_type_pattern, stubs

_TOKEN = "{{faker 'string.alphanumeric' 140}}"  # noqa: S105 - a template
_EXPIRY = "{{dateTimeShift days=30 format='yyyy-MM-dd HH:mm:ss'}}"
_COMPANY = "company"
# The form of data files that this version of Mockoon writes.
_MIGRATION = 33


def files(material: Material, port: int) -> Files:
    """Return the environment, as Mockoon's data files have it."""
    listed = list(stubs(material))
    buckets = [
        {
            "uuid": _id(f"bucket {number}"),
            "id": _bucket(number),
            "name": f"form {number}",
            "documentation": "",
            "value": json.dumps(stub.schema),
        }
        for number, stub in enumerate(listed)
        if stub.schema is not None
    ]
    other_type = _rule("header", "Content-Type", "regex_i", f"^{media_type_pattern(material)}$")
    responses = [
        _response("media type", 415, {}, "", [other_type | {"invert": True}]),
        *(_stub_response(material, stub, number) for number, stub in enumerate(listed)),
    ]
    responses[-1]["default"] = True
    not_allowed = _response("method", 405, {"Allow": material.method}, "", [])
    endpoint = material.path(f":{_COMPANY}").removeprefix("/")
    routes = [
        _route(endpoint, material.method.lower(), responses),
        _route(endpoint, "all", [not_allowed | {"default": True}]),
    ]
    environment = {
        "uuid": _id("environment"),
        "lastMigration": _MIGRATION,
        "name": f"{material.method} {endpoint}",
        "endpointPrefix": "",
        "latency": 0,
        "port": port,
        "hostname": "127.0.0.1",
        "folders": [],
        "routes": routes,
        "rootChildren": [{"type": "route", "uuid": route["uuid"]} for route in routes],
        "proxyMode": False,
        "proxyHost": "",
        "proxyRemovePrefix": False,
        "tlsOptions": {
            "enabled": False,
            "type": "CERT",
            "pfxPath": "",
            "certPath": "",
            "keyPath": "",
            "caPath": "",
            "passphrase": "",
        },
        "cors": False,
        "headers": [],
        "proxyReqHeaders": [],
        "proxyResHeaders": [],
        "data": buckets,
        "callbacks": [],
    }
    return {"environment.json": as_json(environment)}


def _stub_response(material: Material, stub: Stub, number: int) -> Json:
    rules = []
    if stub.login is not None:
        rules.append(_rule("params", _COMPANY, "equals", stub.login.company))
    if stub.language is not None:
        rules.append(_rule("query", LANGUAGE_PARAMETER, "equals", stub.language))
    if stub.login is not None:
        # Says nothing that the schema does not say exactly, and saves compiling it for most requests.
        email = material.pointers.email.strip("/").replace("/", ".")
        rules.append(_rule("body", email, "equals", stub.login.email))
    if stub.schema is not None:
        rules.append(_rule("body", "", "valid_json_schema", _bucket(number)))
    headers = {
        "Content-Type": f"{material.media_type}; charset=utf-8",
        "Cache-Control": "no-store",
    }
    body = json.dumps(stub.answer(material, _TOKEN, _EXPIRY), ensure_ascii=False)
    return _response(f"{number}: {stub.reason.value}", 200, headers, body, rules)


def _rule(target: str, modifier: str, operator: str, value: str) -> Json:
    return {
        "target": target,
        "modifier": modifier,
        "value": value,
        "invert": False,
        "operator": operator,
    }


def _response(
    label: str, status: int, headers: dict[str, str], body: str, rules: list[Json]
) -> Json:
    return {
        "uuid": _id(f"response {label}"),
        "body": body,
        "latency": 0,
        "statusCode": status,
        "label": label,
        "headers": [{"key": name, "value": value} for name, value in headers.items()],
        "bodyType": "INLINE",
        "filePath": "",
        "databucketID": "",
        "sendFileAsBody": False,
        "rules": rules,
        "rulesOperator": "AND",
        "disableTemplating": False,
        "fallbackTo404": False,
        "default": False,
        "crudKey": "id",
        "callbacks": [],
    }


def _route(endpoint: str, method: str, responses: list[dict[str, Any]]) -> Json:
    return {
        "uuid": _id(f"route {method}"),
        "type": "http",
        "documentation": "",
        "method": method,
        "endpoint": endpoint,
        "responses": responses,
        "responseMode": None,
        "streamingMode": None,
        "streamingInterval": 0,
    }


def _bucket(number: int) -> str:
    return f"f{number:03}"


def _id(name: str) -> str:
    """Return the same id for the same thing whenever a configuration is written."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"esignon-conformance mock {name}"))
