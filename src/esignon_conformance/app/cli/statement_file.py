"""Reads a statement that a run has written."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import ValidationError

from ...i18n.catalogue import word
from ...i18n.errors import ConfigurationError
from ...i18n.language import Language
from ...reports.statement import STATEMENT_NAME
from ...reports.statement_diff import Statement


def read_statement(path: Path, language: Language) -> Statement:
    """Return the statement at `path`, which may be a report directory.

    Raises `ConfigurationError` with what is wrong where there is none.
    """
    if path.is_dir():
        path /= STATEMENT_NAME
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        why = error.strerror or str(error)
        raise ConfigurationError(word("no-file", language, path=path, why=why)) from None
    except UnicodeDecodeError:
        raise ConfigurationError(word("not-json", language, path=path)) from None
    try:
        return Statement.model_validate(json.loads(text))
    except ValidationError as error:
        place = "/".join(str(one) for one in error.errors()[0]["loc"])
        message = word("no-statement", language, path=path, place=f"/{place}")
        raise ConfigurationError(message) from None
    except (ValueError, RecursionError):
        raise ConfigurationError(word("not-json", language, path=path)) from None
