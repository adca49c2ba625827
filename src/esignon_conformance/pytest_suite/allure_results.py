"""What the Allure results say beside pass and fail: titles, labels, severity, attachments."""

from __future__ import annotations

from pathlib import Path

import allure
import pytest
from allure_commons.types import AttachmentType, Severity

from ..contract.model import Language
from ..letter import exchange_text
from ..run import Run
from ..verdict import Finding
from ..wording import word

_SEVERITY = {"must": Severity.CRITICAL, "should": Severity.MINOR, "observe": Severity.TRIVIAL}
_MOST_ATTACHED = 3


def label_item(item: pytest.Item, run: Run, language: Language) -> None:
    """Give a test its title in the chosen language and its place in the tree of the page."""
    if not isinstance(item, pytest.Function) or not hasattr(item, "callspec"):
        return
    params = item.callspec.params
    case = run.contract.cases.get(str(params.get("case_id", "")))
    clause_id = case.clause if case else str(params.get("clause_id", ""))
    clause = run.contract.clauses.get(clause_id)
    if clause is None:
        return
    name = f"{clause.id} {clause.title[language]}"
    group = f"{clause.group} {word(f'group-{clause.group}', language)}"
    allure.dynamic.title(case.title[language] if case else name)
    allure.dynamic.epic(word("epic", language))
    allure.dynamic.feature(group)
    allure.dynamic.story(name)
    allure.dynamic.parent_suite(word("feature", language))
    allure.dynamic.suite(group)
    allure.dynamic.sub_suite(name)
    allure.dynamic.severity(_SEVERITY[clause.level])
    allure.dynamic.label("clause", clause.id)
    allure.dynamic.label("level", clause.level)
    verdict = run.by_clause[clause.id].verdict
    allure.dynamic.tag(verdict)
    allure.dynamic.description(f"{clause.title[language]}\n\n{clause.place}\n\n{clause.rationale}")


def attach_exchanges(run: Run, findings: tuple[Finding, ...], language: Language) -> None:
    """Attach the request and the answer of the first exchange of each finding."""
    for finding in findings[:_MOST_ATTACHED]:
        first = finding.exchanges[0]
        sent, came = exchange_text(run, first)
        for label, text in (("label-request", sent), ("label-answer", came)):
            allure.attach(text, f"{first} {word(label, language)}", AttachmentType.TEXT)


def clean_results(directory: Path) -> None:
    """Remove the results of an earlier run, and nothing that Allure did not write."""
    for pattern in ("*-result.json", "*-container.json", "*-attachment", "*-attachment.*"):
        for path in directory.glob(pattern):
            path.unlink()


def remove_fixture_containers(directory: Path) -> None:
    """Remove the results of fixtures, which are machinery and no part of what the page promises."""
    for path in directory.glob("*-container.json"):
        path.unlink()
