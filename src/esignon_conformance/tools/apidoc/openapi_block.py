"""The OpenAPI document that ReadMe and GitBook print at the end of a page.

Its operations are told as blocks of GitBook are, so that nothing downstream knows the difference.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from .event_kinds import Code, Event, Heading, Paragraph, Tag

_METHODS = ("get", "head", "post", "put", "patch", "delete", "options")
_DEEPEST = 8
_MOST_MEMBERS = 500
_PLACES = {"path": "path", "query": "query", "header": "header"}


def openapi_of(code: Code) -> Mapping[str, Any] | None:
    """Return the OpenAPI document that a block of code is, None where it is none."""
    text = code.text.lstrip()
    if not text.startswith("{") or ('"openapi"' not in text and '"swagger"' not in text):
        return None
    try:
        found = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None
    is_one = isinstance(found, dict) and isinstance(found.get("paths"), dict)
    return found if is_one and ("openapi" in found or "swagger" in found) else None


def openapi_events(document: Mapping[str, Any], code: Code) -> Iterator[Event]:
    """Yield the operations of a document as blocks, each with its parameters and examples."""
    reader = _Reader(document, code)
    for path, item in document["paths"].items():
        for method in _METHODS:
            operation = reader.found(reader.found(item).get(method))
            if operation:
                yield from reader.operation(str(path), method, reader.found(item), operation)


class _Reader:
    """A document with its references, and the lines of its text."""

    def __init__(self, document: Mapping[str, Any], code: Code) -> None:
        self._document = document
        self._lines = code.text.splitlines()
        self._first = code.line

    def found(self, value: object) -> Mapping[str, Any]:
        """Return an object, of a reference what it leads to; empty for anything else."""
        for _ in range(_DEEPEST):
            if not isinstance(value, dict) or not isinstance(value.get("$ref"), str):
                break
            target: object = self._document
            for step in value["$ref"].removeprefix("#/").split("/"):
                name = step.replace("~1", "/").replace("~0", "~")
                target = target.get(name) if isinstance(target, dict) else None
            value = target
        return value if isinstance(value, dict) else {}

    def operation(
        self, path: str, method: str, item: Mapping[str, Any], operation: Mapping[str, Any]
    ) -> Iterator[Event]:
        """Yield an operation."""
        line = self._line_of(path)
        given = {"method": method, "path": path, "baseurl": self._server(item, operation)}
        title = operation.get("summary")
        if isinstance(title, str):
            given["summary"] = title
        yield Tag("openapi", line, given)
        for one in (*_list(item.get("parameters")), *_list(operation.get("parameters"))):
            yield from self._parameter(self.found(one))
        yield from self._security(operation)
        body = self.found(operation.get("requestBody"))
        for media in _media(body):
            yield from self._members("body", self.found(media.get("schema")), "", _DEEPEST)
            yield from self._examples(media, "Request Body Example")
        for status, response in self.found(operation.get("responses")).items():
            for media in _media(self.found(response)):
                yield Tag("swagger-response", self._first, {"status": str(status)})
                yield from self._examples(media, "")
                yield Tag("endswagger-response", self._first)
        yield Tag("endopenapi", self._first)

    def _server(self, item: Mapping[str, Any], operation: Mapping[str, Any]) -> str:
        for holder in (operation, item, self._document):
            for server in _list(holder.get("servers")):
                url = self.found(server).get("url")
                if isinstance(url, str) and url.startswith(("http://", "https://")):
                    return url
        host = self._document.get("host")
        return f"https://{host}{self._document.get('basePath', '')}" if host else ""

    def _line_of(self, name: str) -> int:
        """Return the line on which a name first stands as a member or a value."""
        written = json.dumps(name, ensure_ascii=False)
        found = (at for at, text in enumerate(self._lines, self._first) if written in text)
        return next(found, self._first)

    def _parameter(self, one: Mapping[str, Any]) -> Iterator[Event]:
        if one.get("in") not in _PLACES or not isinstance(one.get("name"), str):
            return
        schema = self.found(one.get("schema")) or one
        said = one.get("required")
        yield from self._block(
            _PLACES[one["in"]], one["name"], schema, one, said is True if said is not None else None
        )

    def _block(
        self,
        place: str,
        name: str,
        schema: Mapping[str, Any],
        told: Mapping[str, Any],
        required: bool | None,
    ) -> Iterator[Event]:
        line = self._line_of(name.rpartition(".")[2].removesuffix("[]"))
        given = {"in": place, "name": name, "type": _type(schema), "source": "openapi"}
        if required is not None:
            given["required"] = str(required).lower()
        yield Tag("swagger-parameter", line, given)
        default = schema.get("default", schema.get("const"))
        text = told.get("description") or (default if isinstance(default, str) else "")
        if isinstance(text, str) and text.strip():
            yield Paragraph(" ".join(text.split()), (), line)
        yield Tag("endswagger-parameter", line)

    def _security(self, operation: Mapping[str, Any]) -> Iterator[Event]:
        """Yield the header that a token goes into."""
        schemes = self.found(self.found(self._document.get("components")).get("securitySchemes"))
        wanted = operation.get("security", self._document.get("security"))
        for name in dict.fromkeys(name for one in _list(wanted) for name in self.found(one)):
            scheme = self.found(schemes.get(name))
            kind = scheme.get("type")
            told: Mapping[str, Any] = {"description": scheme.get("x-default")}
            if kind == "apiKey" and scheme.get("in") in ("header", "query"):
                key = scheme.get("name")
                if isinstance(key, str):
                    told = told if told["description"] else scheme
                    yield from self._block(scheme["in"], key, {"type": "string"}, told, True)
            elif kind in ("http", "oauth2"):
                word = "Basic" if scheme.get("scheme") == "basic" else "Bearer"
                told = {"description": f"{word} {{token}}"}
                yield from self._block("header", "Authorization", {"type": "string"}, told, True)

    def _members(
        self, place: str, schema: Mapping[str, Any], name: str, depth: int
    ) -> Iterator[Event]:
        """Yield the members of a schema under the names of their places."""
        if not depth:
            return
        for part in _list(schema.get("allOf")):
            yield from self._members(place, self.found(part), name, depth - 1)
        if _type(schema) == "array":
            yield from self._members(
                place, self.found(schema.get("items")), f"{name}[]" if name else "", depth - 1
            )
            return
        required = _list(schema.get("required"))
        for key, value in list(self.found(schema.get("properties")).items())[:_MOST_MEMBERS]:
            if key == "RAW_BODY":
                # ReadMe's name for a body that is not described member by member.
                yield from self._members(place, self.found(value), "", depth - 1)
                continue
            member = self.found(value)
            full = f"{name}.{key}" if name else key
            said = key in required if "required" in schema else None
            yield from self._block(place, full, member, member, said)
            yield from self._members(place, member, full, depth - 1)

    def _examples(self, media: Mapping[str, Any], heading: str) -> Iterator[Event]:
        named = [self.found(one).get("value") for one in self.found(media.get("examples")).values()]
        schema = self.found(media.get("schema"))
        alone = [media["example"]] if "example" in media else []
        if not named and not alone and "example" in schema:
            alone = [schema["example"]]
        for value in (*alone, *named):
            text = (
                value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)
            )
            if text.strip() and value is not None:
                if heading:
                    yield Heading(heading, self._first, 4)
                yield Code("json", text, self._first)


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _media(holder: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the contents of a message that are JSON, or all where none says so."""
    content = holder.get("content")
    found = {
        name: media
        for name, media in (content.items() if isinstance(content, dict) else ())
        if isinstance(media, dict)
    }
    return [media for name, media in found.items() if "json" in name] or list(found.values())


def _type(schema: Mapping[str, Any]) -> str:
    kind = schema.get("type", "")
    if isinstance(kind, list):
        kinds = [one for one in kind if one != "null"]
        kind = kinds[0] if len(kinds) == 1 else ""
    if kind == "" and "properties" in schema:
        return "object"
    return kind if isinstance(kind, str) else ""
