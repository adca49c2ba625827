"""Reads the companies and accounts that a mock is to know, and refuses a file of another shape."""

from __future__ import annotations

import json
from pathlib import Path

from ... import resources
from ...contract.schema_validation import validator_for
from ...contract.yaml_document import ContractError, problems_of, read
from ...i18n.errors import ConfigurationError
from ...i18n.message import say
from ..reference.world import World, load_world

_SCHEMA = "mock-accounts.json"
_LONGEST_RULE = 200


def read_accounts(path: Path) -> World:
    """Return the companies and accounts of a file.

    Raises `ConfigurationError` where it cannot be read or is not of the shape of
    `schemas/mock-accounts.json`.  The message names the place and never shows the value there, which may
    be a password.
    """
    try:
        document = read(path, Path.cwd())
    except ContractError as error:
        raise ConfigurationError(say("mock-accounts-unreadable", why=problems_of(error))) from None
    schema = json.loads((resources.schemas() / _SCHEMA).read_text(encoding="utf-8"))
    validator = validator_for({_SCHEMA: schema})(_SCHEMA)
    for violation in validator.iter_errors(document.value):
        at = tuple(violation.absolute_path)
        expected = json.dumps(violation.validator_value, ensure_ascii=False)
        words = {
            "path": document.file,
            "line": document.line(at),
            "place": "/" + "/".join(str(part) for part in at),
            "rule": f"{violation.validator}: {expected}"[:_LONGEST_RULE],
        }
        raise ConfigurationError(say("mock-accounts-shape", **words))
    return load_world(path)
