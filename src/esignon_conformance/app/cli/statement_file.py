"""Reads a statement that a run has written."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import ValidationError

from ...i18n.errors import ConfigurationError
from ...i18n.message import say
from ...i18n.outside import reason_of
from ...reports.statement import STATEMENT_NAME
from ...reports.statement_diff import Statement


def read_statement(path: Path) -> Statement:
    """Return the statement at `path`, which may be a report directory.

    Raises `ConfigurationError` with what is wrong where there is none.
    """
    if path.is_dir():
        path /= STATEMENT_NAME
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ConfigurationError(say("no-file", path=path, why=reason_of(error))) from None
    except UnicodeDecodeError:
        raise ConfigurationError(say("not-json", path=path)) from None
    try:
        return Statement.model_validate(json.loads(text))
    except ValidationError as error:
        place = "/".join(str(one) for one in error.errors()[0]["loc"])
        raise ConfigurationError(say("no-statement", path=path, place=f"/{place}")) from None
    except (ValueError, RecursionError):
        raise ConfigurationError(say("not-json", path=path)) from None
