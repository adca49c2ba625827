"""What the mocks that run JavaScript share: how a login is decided, and the data that it is decided by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Any

from ..reference.pipeline import Reason
from .material import Material

# The names that scripts/login.js knows the refusals by.
_REFUSALS: Mapping[str, Reason] = {
    "unreadable": Reason.UNREADABLE,
    "wrong-form": Reason.WRONG_TYPE,
    "request-code": Reason.REQUEST_CODE,
    "credentials": Reason.WRONG_PASSWORD,
    "blocked": Reason.BLOCKED_COMPANY,
}
# How long a token lives, as the first form of the page said.
_DAYS = 30


def script(name: str) -> str:
    """Return the text of a script."""
    return resources.files(__package__).joinpath("scripts", name).read_text(encoding="utf-8")


def page_of(material: Material, token: str | None = "", expiry: str = "") -> dict[str, Any]:
    """Return what `decide` of scripts/login.js takes for its page.

    `decide` fills in token and expiry. They are given where another program answers: without a token
    each account has its own.
    """
    return {
        "method": material.method,
        "path": [material.path_before, material.path_after],
        "media_type": material.media_type,
        "members": list(_members(material.request_schema)),
        "request_code": {
            "pointer": material.pointers.request_code,
            "value": material.request_code,
        },
        "email": material.pointers.email,
        "password": material.pointers.password,
        "token": material.pointers.token,
        "expiry": material.pointers.expiry,
        "days": _DAYS,
        "language": material.languages[0],
        "answers": {
            language: {
                name: material.refusal(reason, language) for name, reason in _REFUSALS.items()
            }
            for language in material.languages
        },
        "accounts": [
            {
                "name": f"login-{number}",
                "company": one.company,
                "email": one.email,
                "password": one.password,
                "blocked": one.blocked,
                "answers": {
                    language: material.success(
                        one, one.token if token is None else token, expiry, language
                    )
                    for language in material.languages
                },
            }
            for number, one in enumerate(material.logins, start=1)
        ],
    }


def _members(schema: Mapping[str, Any], at: str = "") -> Iterator[dict[str, str]]:
    """Yield each required member with its type, outer ones first."""
    for name, child in schema.get("properties", {}).items():
        yield {"pointer": f"{at}/{name}", "type": child["type"]}
        yield from _members(child, f"{at}/{name}")
