"""What the Allure results say beside pass and fail: titles, labels, severity, attachments."""

from __future__ import annotations

import json
import re
import uuid
from functools import partial
from pathlib import Path

import allure
import allure_commons
import pytest
from allure_commons.logger import AllureFileLogger
from allure_commons.model2 import TestResult, TestResultContainer
from allure_commons.types import AttachmentType, Severity
from attr import asdict

from .. import __version__
from ..contract.model import Language
from ..letter import exchange_text
from ..run import Run
from ..scrubber import Scrubber
from ..verdict import Finding, Waiver
from ..wording import word

_SEVERITY = {"must": Severity.CRITICAL, "should": Severity.MINOR, "observe": Severity.TRIVIAL}
_MOST_ATTACHED = 3
_PREFIX = re.compile(r"^(?:Failed|XFailed|Skipped): ")


def label_item(item: pytest.Item, run: Run, language: Language) -> None:
    """Give a test its title in the chosen language and its place in the tree of the page."""
    if not isinstance(item, pytest.Function) or not hasattr(item, "callspec"):
        return
    params = item.callspec.params
    case = run.contract.cases.get(str(params.get("case_id", "")))
    drawn = str(params.get("draw_clause_id", ""))
    clause_id = case.clause if case else str(params.get("clause_id", "")) or drawn
    clause = run.contract.clauses.get(clause_id)
    if clause is None:
        return
    name = f"{clause.id} {clause.title[language]}"
    group = f"{clause.group} {word(f'group-{clause.group}', language)}"
    title = word("title-draws", language, clause=name) if drawn else name
    allure.dynamic.title(case.title[language] if case else title)
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
    allure.dynamic.description(
        f"{clause.title[language]}\n\n{clause.place}\n\n{clause.rationale[language]}"
    )


def attach_exchanges(run: Run, findings: tuple[Finding, ...], language: Language) -> None:
    """Attach the request and the answer of the first exchange of each finding."""
    for finding in findings[:_MOST_ATTACHED]:
        first = finding.exchanges[0]
        sent, came = exchange_text(run, first)
        for label, text in (("label-request", sent), ("label-answer", came)):
            allure.attach(text, f"{first} {word(label, language)}", AttachmentType.TEXT)


def link_ticket(waiver: Waiver) -> None:
    """Link the result of a test to the ticket of the waiver that covers it."""
    allure.dynamic.issue(waiver.ticket, waiver.ticket)


def clean_results(directory: Path) -> None:
    """Remove the results of an earlier run, and nothing that Allure did not write."""
    for pattern in ("*-result.json", "*-container.json", "*-attachment", "*-attachment.*"):
        for path in directory.glob(pattern):
            path.unlink()


def write_environment(run: Run, directory: Path) -> None:
    """Write what the report shows beside the results: the target, the versions, the labels."""
    target = run.target
    rows = {
        "target": target.name or target.kind,
        "base_url": target.base_url,
        "suite": __version__,
        "page": run.contract.edition,
        "depth": run.depth,
        "seed": run.seed,
        **{f"label.{name}": value for name, value in target.labels.items()},
    }
    # A line end within a value would begin another row.
    lines = [f"{name}={' '.join(str(value).split())}\n" for name, value in rows.items()]
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / "environment.properties"
    path.write_text(run.scrubber.scrub("".join(lines)), encoding="utf-8")


def scrub_results(scrubber: Scrubber) -> None:
    """Let everything that Allure writes pass the scrubber, and leave out the results of fixtures.

    Fixtures are machinery and no part of what the page promises.  Allure's file logger has no public
    seam for this; `selftest/` fails when a new version moves the one used here.
    """
    for plugin in allure_commons.plugin_manager.get_plugins():
        if isinstance(plugin, AllureFileLogger):
            directory = Path(plugin._report_dir)  # noqa: SLF001 - see the docstring
            write = partial(_write_result, directory, scrubber)
            setattr(plugin, "_report_item", write)  # noqa: B010 - a method of Allure's, replaced


def _write_result(
    directory: Path, scrubber: Scrubber, item: TestResult | TestResultContainer
) -> None:
    if isinstance(item, TestResultContainer):
        return
    data = asdict(item, filter=lambda _attribute, value: bool(value) or value is False)
    details = data.get("statusDetails", {})
    # pytest puts the name of its own exception before the letter.
    details["message"] = _PREFIX.sub("", details.get("message", ""))
    if data["status"] != "broken":
        # Where in the suite a test ended says nothing about the target.
        details.pop("trace", None)
    path = directory / item.file_pattern.format(prefix=uuid.uuid4())
    scratch = path.with_name(path.name + ".tmp")
    scratch.write_text(scrubber.scrub(json.dumps(data, ensure_ascii=False)), encoding="utf-8")
    scratch.replace(path)
