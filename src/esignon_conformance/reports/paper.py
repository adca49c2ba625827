"""The report on paper: verdict, failures in full, waivers, what was not judged, and the versions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from markupsafe import Markup

from ..contract.model import Contract
from ..i18n.catalogue import word
from ..i18n.language import Language
from .allure_environment import environment
from .charts import Statement, clauses_svg
from .header_html import about, codes_picture, lists, load_section, mending
from .html_report.page import POLICY_OF_PAPER
from .statement import STATEMENT_NAME
from .styles import style
from .templates import rendered


def paper(
    directory: Path, statement: Statement, contract: Contract, title: str, language: Language
) -> str:
    """Return what a browser prints of the report in `directory`, as HTML."""
    return rendered(
        "paper",
        language,
        style=style("picture") + style("paper"),
        title=title,
        statement={"what_answered": (), "login_notice": None, **statement},
        about=about(statement, language),
        load=load_section(statement, language),
        grid=Markup(clauses_svg(statement, contract, language, lambda _clause: None)),  # noqa: S704 - SVG of our own, in which charts.py escapes the texts
        mending=mending(statement, language),
        letters=list(_letters(directory / "allure-results", statement)),
        lists=list(lists(statement, contract, language)),
        codes=codes_picture(statement, contract, language),
        made_with=list(_made_with(directory, statement, language)),
    )


def document(printed: str, title: str, language: Language) -> str:
    """Return a page of its own that holds nothing but the paper."""
    return rendered(
        "paper_page",
        language,
        title=title,
        policy=POLICY_OF_PAPER,
        printed=Markup(printed),  # noqa: S704 - made by `paper`, which escapes the texts
    )


def _letters(results: Path, statement: Statement) -> Iterator[dict[str, Any]]:
    """Yield the letters of the clauses that fail, in the order to mend them, as the run wrote them."""
    by_clause = {}
    for path in results.glob("*-result.json"):
        result = json.loads(path.read_bytes())
        by_clause[str(result.get("name")).partition(" ")[0]] = result
    for one in statement.get("mend_first", ()):
        result = by_clause.get(one["clause"])
        if result is not None:
            # On paper nothing can be unfolded.
            html = result.get("descriptionHtml", "").replace("<details>", "<details open>")
            yield {"name": result["name"], "html": Markup(html)}  # noqa: S704 - a letter of ours, escaped when it was written


def _made_with(
    directory: Path, statement: Statement, language: Language
) -> Iterator[tuple[str, str]]:
    yield from environment(statement, language)
    yield word("paper-started", language), statement["started"]
    yield word("paper-contract-hash", language), statement["contract"]["sha256"]
    digest = hashlib.sha256((directory / STATEMENT_NAME).read_bytes()).hexdigest()
    yield word("paper-statement-hash", language), digest
