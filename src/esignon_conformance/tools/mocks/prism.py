"""Prism: a description of the API with every answer as an example, and a handler that picks the example."""

from __future__ import annotations

from typing import Any

from .files import Files, as_json
from .material import FAR_EXPIRY, Json, Material
from .scripts import page_of, script


def files(material: Material, port: int) -> Files:
    """Return the description that Prism reads, and the handler before it."""
    page = page_of(material, token=None, expiry=FAR_EXPIRY)
    return {
        "openapi.json": as_json(_openapi(material, page)),
        "handler.js": script("login.js") + script("prism.js"),
        "login.json": as_json(page | {"example": material.request_example}),
    }


def _openapi(material: Material, page: Json) -> Json:
    company = "companyId"
    operation: dict[str, Any] = {
        "parameters": [
            {"name": company, "in": "path", "required": True, "schema": {"type": "string"}}
        ],
        "requestBody": {
            "required": True,
            "content": {material.media_type: {"schema": material.request_schema_without_comment()}},
        },
        "responses": {
            "200": {
                "description": "A token, or the refusal of one.",
                "content": {material.media_type: {"examples": _examples(page)}},
            }
        },
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Mock of the login", "version": "1"},
        "paths": {material.path(f"{{{company}}}"): {material.method.lower(): operation}},
    }


def _examples(page: Json) -> Json:
    """Return every answer by the name that scripts/login.js has for it."""
    found = {
        f"{name}-{language}": {"value": document}
        for language, answers in page["answers"].items()
        for name, document in answers.items()
    }
    return found | {
        f"{account['name']}-{language}": {"value": document}
        for account in page["accounts"]
        for language, document in account["answers"].items()
    }
