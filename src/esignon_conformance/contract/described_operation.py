"""One operation as `contracts/openapi.yaml` describes it, in the words of the suite."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from .model import Operation, TokenHeader
from .yaml_document import ContractError, Document

# Extensions of OpenAPI: which places an account fills, and whose token a header carries.
ACCOUNT = "x-account"
TOKEN = "x-token"  # noqa: S105 - the name of a member


def operation_of(openapi: Document, name: str, schema: Mapping[str, Any]) -> Operation:
    """Return the operation with that operationId.

    Raises `ContractError` where there is none, or where its request body has no example.
    """
    value = openapi.value if isinstance(openapi.value, dict) else {}
    for path, item, method, described in _operations(value):
        if described.get("operationId") == name:
            try:
                media_type, example = _request(described)
            except (AttributeError, LookupError, TypeError, ValueError, StopIteration):
                message = f"the operation {name} has no request body with an example"
                at = ("paths", path, method)
                raise ContractError([openapi.problem(message, at)]) from None
            parameters = [*item.get("parameters", ()), *described.get("parameters", ())]
            return Operation(
                id=name,
                method=method.upper(),
                # A fragment tells operations of one path apart; none is sent (RFC 9110 §4.2.5).
                path=path.partition("#")[0],
                media_type=media_type,
                request_schema=schema,
                request_example=example,
                account=described.get(ACCOUNT, {}),
                parameters=_examples(parameters, "path"),
                headers=_examples(parameters, "header"),
                query=urlencode(_examples(parameters, "query")),
                token=_token(value, described),
                documentation=_documentation(described),
            )
    raise ContractError([openapi.problem(f"no operation has the operationId {name}")])


def _documentation(described: Mapping[str, Any]) -> str:
    documents = described.get("externalDocs")
    return str(documents.get("url", "")) if isinstance(documents, dict) else ""


def _operations(value: Mapping[str, Any]) -> Iterator[tuple[str, Any, str, dict[str, Any]]]:
    paths, webhooks = value.get("paths"), value.get("webhooks")
    items = dict(paths) if isinstance(paths, dict) else {}
    # A message that the API sends is received under its own name.
    items |= (
        {f"/{name}": one for name, one in webhooks.items()} if isinstance(webhooks, dict) else {}
    )
    for path, item in items.items():
        for method, described in item.items() if isinstance(item, dict) else ():
            if isinstance(described, dict):
                yield path, item, method, described


def _request(described: Mapping[str, Any]) -> tuple[str, Any]:
    """Return media type and example of the request body; no media type where there is no body."""
    if "requestBody" not in described:
        return "", {}
    ((media_type, body),) = described["requestBody"]["content"].items()
    return media_type, next(iter(body["examples"].values()))["value"]


def _examples(parameters: list[Any], location: str) -> dict[str, str]:
    """Return the example of each parameter of one location: what is sent where nothing else is said."""
    return {
        one["name"]: str(one["example"])
        for one in parameters
        if one.get("in") == location and "example" in one
    }


def _token(value: Mapping[str, Any], described: Mapping[str, Any]) -> TokenHeader | None:
    """Return the header that carries a token: the security scheme that says whose token it is."""
    schemes = value.get("components", {}).get("securitySchemes", {})
    for requirement in described.get("security", ()):
        for name in requirement:
            scheme = schemes.get(name, {})
            if TOKEN in scheme:
                source = scheme[TOKEN]
                prefix = source.get("prefix", "")
                return TokenHeader(scheme["name"], source["operation"], source["pointer"], prefix)
    return None
