"""What the page fixes, read from the schemas, and the server's own words in two more languages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from .. import places

# The page's other editions show that the text of an answer is localised.  These are invented.
_TRANSLATIONS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "00": "You are signed in.",
        "10": "These sign-in details do not match.",
        "12": "This body is not one that can be read.",
        "95": "This company has no access to the API; please ask your administrator.",
        "99": "This is not the expected format.",
    },
    "ja": {
        "00": "サインインしました。",
        "10": "入力された情報が一致しません。",
        "12": "本文を読み取れませんでした。",
        "95": "この会社はAPIを利用できません。管理者に相談してください。",
        "99": "想定された形式ではありません。",
    },
}


@dataclass(frozen=True, slots=True)
class Page:
    """The constants of the operation: the two message codes, and per language a text per result."""

    request_code: str
    response_code: str
    texts: Mapping[str, Mapping[str, str]]


@cache
def page() -> Page:
    """Return the page's constants.  They stand in `schemas/login/` and nowhere else."""
    answer_header = _members(_members(_schema("envelope"))["header"])
    request_header = _members(_members(_schema("request"))["header"])
    documented = {each["const"]: each["title"] for each in answer_header["result_code"]["oneOf"]}
    return Page(
        request_code=request_header["request_code"]["const"],
        response_code=answer_header["response_code"]["const"],
        texts=MappingProxyType({"ko": documented, **_TRANSLATIONS}),
    )


def _schema(name: str) -> dict[str, Any]:
    text = (places.schemas() / "login" / f"{name}.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def _members(schema: dict[str, Any]) -> dict[str, Any]:
    members: dict[str, Any] = schema["properties"]
    return members
