"""The header that a token goes into: the one that the page of an operation names, or the other.

Pages of this API name Authorization, and those of its second version Authentication.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from ...contract.model import Contract
from ...i18n.errors import ConfigurationError
from ...i18n.message import say

KNOWN = ("Authorization", "Authentication")
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")


def other_header(name: str) -> str:
    """Return the header that other pages put a token into."""
    return next(one for one in KNOWN if one.lower() != name.lower())


def with_token_header(contract: Contract, name: str | None) -> Contract:
    """Return the contract whose requests have their token in another header.

    Raises `ConfigurationError` where the operation sends no token, or where no header has such a name.
    """
    if name is None:
        return contract
    token = contract.operation.token
    if token is None:
        raise ConfigurationError(say("token-header-of-none", operation=contract.operation.id))
    if not _NAME.fullmatch(name):
        raise ConfigurationError(say("token-header-name", name=name))

    def renamed(headers: Mapping[str, str | None]) -> dict[str, str | None]:
        return {name if one.lower() == token.name.lower() else one: headers[one] for one in headers}

    cases = {
        one.id: replace(one, headers=renamed(one.headers)) if one.headers else one
        for one in contract.cases.values()
    }
    operation = replace(contract.operation, token=replace(token, name=name))
    return replace(contract, operation=operation, cases=cases)
