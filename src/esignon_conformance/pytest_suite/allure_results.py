"""What the Allure results say: titles, place in the tree, labels, links, the letter, attachments.

pytest's plugin of Allure measures and writes; what a result says is put in here, once, as it is
written.
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
import uuid
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

import allure
import allure_commons
from allure_commons.logger import AllureFileLogger
from allure_commons.model2 import Status, TestResult, TestResultContainer
from allure_commons.types import AttachmentType

from ..contract.model import Clause, Language
from ..letter import brief, exchange_text
from ..letter_page import letter_page, promise_page
from ..recording import COULD_NOT
from ..run import Run
from ..scrubber import Scrubber
from ..settings import setting_names
from ..verdict import Finding, Waiver
from ..verdict_history import former_runs, target_name
from ..wording import word
from .settled import drawn_findings, findings_of_case, findings_of_clause

_SEVERITY = {"must": "critical", "should": "minor", "observe": "trivial"}
_MOST_ATTACHED = 3
_PREFIX = re.compile(r"^(?:Failed|XFailed|Skipped): ")


@dataclass(frozen=True)
class _Subject:
    """What a test is about: a clause, and the case of it or its draws."""

    operation: str
    clause: Clause
    case_id: str = ""
    draws: bool = False

    @property
    def name(self) -> str:
        """Return the stable name, which its history hangs on: the same in every language."""
        tail = f"/{self.case_id}" if self.case_id else "/draws" if self.draws else ""
        return f"{self.operation}/{self.clause.id}{tail}"


def attach_exchanges(run: Run, findings: tuple[Finding, ...], language: Language) -> None:
    """Attach the request and the answer of the first exchange of each finding, and a list of all."""
    for finding in findings[:_MOST_ATTACHED]:
        first = finding.exchanges[0]
        sent, came = exchange_text(run, first)
        try:
            for label, text in (("label-request", sent), ("label-answer", came)):
                allure.attach(text, f"{first} {word(label, language)}", AttachmentType.TEXT)
            if len(finding.exchanges) > 1:
                name = word("all-exchanges", language, count=len(finding.exchanges))
                allure.attach(_all_of(run, finding), name, AttachmentType.CSV)
        except OSError as error:
            run.note_unwritten(error)


def _all_of(run: Run, finding: Finding) -> str:
    """Return a table of the exchanges of a finding: what `exchanges.jsonl` is to be searched for."""
    rows = ["exchange,case,situation,http_status,request_id"]
    for exchange in (run.exchanges[one] for one in finding.exchanges):
        status = (
            exchange.answer.status if exchange.answer else exchange.fault and exchange.fault.kind
        )
        cells = (exchange.id, exchange.case, exchange.situation, status, exchange.request_id)
        rows.append(",".join(map(str, cells)))
    return "\n".join(rows)


def clean_results(directory: Path) -> None:
    """Remove the results of an earlier run, and nothing that Allure did not write."""
    patterns = ("*-result.json", "*-container.json", "*-attachment", "*-attachment.*")
    for pattern in (*patterns, "environment.properties", "executor.json"):
        for path in directory.glob(pattern):
            path.unlink()


def write_results(run: Run, language: Language) -> None:
    """Let what Allure writes say what the suite has to say, every secret masked, and no fixtures.

    Fixtures are machinery and no part of what the page promises.  Allure's file logger has no public
    seam for this; `selftest/` fails when a new version moves the one used here.
    """
    former = former_runs(
        run.report_dir, target_name({"kind": run.target.kind, "base_url": run.target.base_url})
    )
    for plugin in allure_commons.plugin_manager.get_plugins():
        if isinstance(plugin, AllureFileLogger):
            directory = Path(plugin._report_dir)  # noqa: SLF001 - see the docstring
            writer = _Writer(run, language, former, directory)
            setattr(plugin, "_report_item", partial(_write, writer))  # noqa: B010 - a method of Allure's, replaced
            _scrub_attachments(plugin, run.scrubber)


def _scrub_attachments(plugin: AllureFileLogger, scrubber: Scrubber) -> None:
    """Let attachments pass the scrubber: registered anew, since hooks are looked up once."""
    manager, attach = allure_commons.plugin_manager, cast("Any", plugin.report_attached_data)
    name = manager.get_name(plugin)

    @allure_commons.hookimpl
    def report_attached_data(body: str | bytes, file_name: str) -> None:
        masked = scrubber.scrub(body) if isinstance(body, str) else scrubber.scrub_bytes(body)
        attach(body=masked, file_name=file_name)

    manager.unregister(plugin)
    setattr(plugin, "report_attached_data", report_attached_data)  # noqa: B010 - as above
    manager.register(plugin, name)


@dataclass(frozen=True)
class _Writer:
    run: Run
    language: Language
    former: list[Any]
    directory: Path


def _write(writer: _Writer, item: TestResult | TestResultContainer) -> None:
    if isinstance(item, TestResultContainer):
        return
    data = _plain(item, writer.run)
    subject = _subject(item, writer.run)
    if subject is not None:
        data |= _said(writer, subject, data)
    path = writer.directory / f"{uuid.uuid4()}-result.json"
    scratch = path.with_name(path.name + ".tmp")
    try:
        masked = writer.run.scrubber.scrub_all(data)
        scratch.write_text(json.dumps(masked, ensure_ascii=False), encoding="utf-8")
        scratch.replace(path)
    except OSError as error:
        writer.run.note_unwritten(error)
        scratch.unlink(missing_ok=True)


def _plain(item: TestResult, run: Run) -> dict[str, Any]:
    """Return what Allure measured, without parameters and without the labels of the machinery."""
    scrub = run.scrubber.scrub
    details = item.statusDetails
    data: dict[str, Any] = {
        "uuid": item.uuid,
        "name": item.name,
        "fullName": item.fullName,
        "testCaseId": item.testCaseId,
        "historyId": item.historyId,
        "status": item.status,
        "start": item.start,
        "stop": item.stop,
        "attachments": [
            {"name": one.name, "source": one.source, "type": one.type} for one in item.attachments
        ],
    }
    if details is not None:
        # pytest puts the name of its own exception before the letter.
        told = {"message": _PREFIX.sub("", scrub(details.message or ""))}
        if item.status == Status.BROKEN:
            # Where in the suite a test ended says nothing about the target, but of an error of ours.
            told["trace"] = scrub(details.trace or "")
        data["statusDetails"] = told
    return data


def _subject(item: TestResult, run: Run) -> _Subject | None:
    params = {one.name: str(ast.literal_eval(one.value)) for one in item.parameters}
    clauses, case_id = run.contract.clauses, params.get("case_id", "")
    operation = run.contract.operation.id
    if case_id in run.contract.cases:
        return _Subject(operation, clauses[run.contract.cases[case_id].clause], case_id)
    drawn = params.get("draw_clause_id", "")
    clause = clauses.get(drawn or params.get("clause_id", ""))
    return None if clause is None else _Subject(operation, clause, draws=bool(drawn))


def _said(writer: _Writer, subject: _Subject, data: dict[str, Any]) -> dict[str, Any]:
    """Return what the suite says of a test, over what Allure measured."""
    run, language, clause = writer.run, writer.language, subject.clause
    findings = _findings(run, subject) if data["status"] in (Status.FAILED, Status.SKIPPED) else ()
    # After an error of ours there may be no verdicts to ask for.
    broken = data["status"] == Status.BROKEN
    tag = "" if broken else _tag(run, subject, str(data["status"]), findings)
    waivers = [] if broken else _waivers(run, subject, findings)
    name = f"{clause.id} {clause.title[language]}"
    group = f"{clause.group} {word(f'group-{clause.group}', language)}"
    title = word("title-draws", language, clause=name) if subject.draws else name
    identity = hashlib.sha256(subject.name.encode()).hexdigest()[:32]
    feature = subject.operation if run.contract_folder else word("feature", language)
    labels = [
        ("epic", word("epic", language)),
        ("feature", feature),
        ("story", name),
        ("parentSuite", feature),
        ("suite", group),
        ("subSuite", name),
        ("severity", _SEVERITY[clause.level]),
        ("clause", clause.id),
        *((("tag", tag),) if tag else ()),
        *(("owner", one.owner) for one in waivers),
        *((("tag", "fuzz"),) if subject.draws and findings else ()),
    ]
    details = data.setdefault("statusDetails", {"message": ""})
    if findings:
        details["message"] = brief(run, clause.id, findings, language)
    elif tag == "not-judged":
        details["message"] = _missing(run, subject, language) + details["message"]
    return {
        "name": run.contract.cases[subject.case_id].title[language] if subject.case_id else title,
        "fullName": subject.name,
        "testCaseId": identity,
        "historyId": identity,
        "labels": [{"name": key, "value": value} for key, value in labels],
        "links": _links(run, clause, waivers, language),
        "descriptionHtml": promise_page(run, clause, None, language)
        if broken
        else _description(writer, subject, findings),
    }


def _findings(run: Run, subject: _Subject) -> tuple[Finding, ...]:
    if subject.case_id:
        return findings_of_case(run, subject.case_id)
    return (drawn_findings if subject.draws else findings_of_clause)(run, subject.clause.id)


def _tag(run: Run, subject: _Subject, status: str, findings: tuple[Finding, ...]) -> str:
    """Return the verdict of a test by itself: a case may be unjudged while its clause fails."""
    verdict = run.by_clause[subject.clause.id]
    if status == Status.PASSED:
        return "observed" if verdict.verdict == "observed" else "holds"
    if status == Status.FAILED:
        return "fails"
    if findings:
        return "waived" if all(one.waiver for one in findings) else "advisory"
    if any(subject.case_id in one.cases for one in verdict.findings):
        # It deviates as another case does, which tells it.
        return ""
    unsent = run.recording.unsent.get(subject.case_id)
    if unsent is not None and unsent.word == "waived":
        return "waived"
    if unsent is not None:
        return "could-not-judge" if unsent.word in COULD_NOT else "not-judged"
    return verdict.verdict if verdict.reason is not None else "not-judged"


def _missing(run: Run, subject: _Subject, language: Language) -> str:
    """Return the settings that a test lacks, empty where it lacks something else.

    They come first in its text, since the report groups by that and cuts it short.
    """
    reason, unsent = (
        run.by_clause[subject.clause.id].reason,
        run.recording.unsent.get(subject.case_id),
    )
    group = ""
    if unsent is not None:
        group = unsent.about if unsent.word == "no-account" else ""
    elif reason is not None and reason.key == "reason-no-account":
        group = dict(reason.words)["about"]
    names = ", ".join(setting_names(group))
    return f"{word('missing-settings-here', language, names=names)}\n" if names else ""


def _waivers(run: Run, subject: _Subject, findings: tuple[Finding, ...]) -> list[Waiver]:
    """Return the waivers that a test comes under: those of its findings, or that of its clause."""
    found = [one.waiver for one in findings if one.waiver is not None]
    waiver = run.by_clause[subject.clause.id].waiver
    if subject.case_id:
        found += [one for one in run.waivers if one.case == subject.case_id and not one.send]
    elif not found and waiver is not None:
        found = [waiver]
    return list(dict.fromkeys(found))


def _links(
    run: Run, clause: Clause, waivers: list[Waiver], language: Language
) -> list[dict[str, str]]:
    """Return the links to the clause's place in the documentation and to the tickets of waivers."""
    links = [{"type": "issue", "name": one.ticket, "url": one.ticket} for one in waivers]
    page = run.contract.operation.documentation
    if page:
        # The heading that the place names; a browser scrolls to its text.
        heading = re.split(r"[:,;]", clause.place)[0].strip()
        name = f"{word('label-place', language)}: {clause.place}"
        links.append({"type": "link", "name": name, "url": f"{page}#:~:text={quote(heading)}"})
    return links


def _description(writer: _Writer, subject: _Subject, findings: tuple[Finding, ...]) -> str:
    run, clause = writer.run, subject.clause
    verdict = run.by_clause[clause.id]
    if findings:
        return letter_page(run, verdict, findings, writer.former, writer.language)
    cases = (subject.case_id,) if subject.case_id else verdict.cases[:1]
    sent = (one for name in cases for one in run.recording.of_case(name))
    return promise_page(run, clause, next(sent, None), writer.language)
