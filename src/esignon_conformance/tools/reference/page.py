"""What the page fixes, read from the schemas, and the texts of its editions in other languages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

import yaml

from ... import resources


@dataclass(frozen=True, slots=True)
class Page:
    """The constants of the operation: the two message codes, and per language a text per result."""

    request_code: str
    response_code: str
    texts: Mapping[str, Mapping[str, str]]


@cache
def page() -> Page:
    """Return the page's constants.  They stand in the contract and its schemas and nowhere else."""
    answer_header = _members(_members(_schema("envelope"))["header"])
    request_header = _members(_members(_schema("request"))["header"])
    documented = {each["const"]: each["title"] for each in answer_header["result_code"]["oneOf"]}
    return Page(
        request_code=request_header["request_code"]["const"],
        response_code=answer_header["response_code"]["const"],
        texts=MappingProxyType({"ko": documented, **_editions()}),
    )


def _editions() -> dict[str, dict[str, str]]:
    path = resources.contracts() / "login" / "texts.yaml"
    editions = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)["editions"]
    return {edition["language"]: edition["texts"] for edition in editions}


def _schema(name: str) -> dict[str, Any]:
    text = (resources.schemas() / "login" / f"{name}.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def _members(schema: dict[str, Any]) -> dict[str, Any]:
    members: dict[str, Any] = schema["properties"]
    return members
