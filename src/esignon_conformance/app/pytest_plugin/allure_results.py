"""What the Allure results say: titles, place in the tree, labels, links, the letter, attachments.

pytest's plugin of Allure measures; what a result says is put in here, once, as it is written.
"""

from __future__ import annotations

import ast
import hashlib
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import allure
from allure_commons.model2 import Status, TestResult
from allure_commons.types import AttachmentType

from ...contract.model import Clause
from ...contract.skip_reason import COULD_NOT
from ...contract.waiver import Waiver
from ...i18n.catalogue import word
from ...i18n.language import Language
from ...reports.finding_html import letter_page, promise_page
from ...reports.finding_text import brief, exchange_text
from ...runner.run import Run
from ...target.settings import setting_names
from ...verdicts.model import Finding
from .told_findings import drawn_findings, findings_of_case, findings_of_clause

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


@dataclass(frozen=True)
class Measured:
    """What Allure measured of a test; `told` is the message and the trace of how it ended."""

    uuid: str
    name: str
    full_name: str
    test_case_id: str
    history_id: str
    status: str | None
    start: int
    stop: int
    attachments: tuple[tuple[str, str, str], ...]
    parameters: tuple[tuple[str, str], ...]
    told: tuple[str, str] | None


@dataclass(frozen=True)
class Scope:
    """What a result is said of: the run, in which language, and the runs before it."""

    run: Run
    language: Language
    former: list[Any]


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


def measured(item: TestResult) -> Measured:
    """Return what Allure measured of a test, without the labels of the machinery."""
    details = item.statusDetails
    return Measured(
        uuid=item.uuid,
        name=item.name,
        full_name=item.fullName,
        test_case_id=item.testCaseId,
        history_id=item.historyId,
        status=item.status,
        start=item.start,
        stop=item.stop,
        attachments=tuple((one.name, one.source, one.type) for one in item.attachments),
        parameters=tuple((one.name, one.value) for one in item.parameters),
        told=None if details is None else (details.message or "", details.trace or ""),
    )


def result_of(scope: Scope, test: Measured) -> dict[str, Any]:
    """Return the result of a test as plain data: what the suite says of it, over what was measured."""
    data = _plain(test, scope.run)
    subject = _subject(test, scope.run)
    return data if subject is None else data | _said(scope, subject, data)


def _plain(test: Measured, run: Run) -> dict[str, Any]:
    scrub = run.scrubber.scrub
    data: dict[str, Any] = {
        "uuid": test.uuid,
        "name": test.name,
        "fullName": test.full_name,
        "testCaseId": test.test_case_id,
        "historyId": test.history_id,
        "status": test.status,
        "start": test.start,
        "stop": test.stop,
        "attachments": [
            {"name": name, "source": source, "type": kind}
            for name, source, kind in test.attachments
        ],
    }
    if test.told is not None:
        message, trace = test.told
        # pytest puts the name of its own exception before the letter.
        told = {"message": _PREFIX.sub("", scrub(message))}
        if test.status == Status.BROKEN:
            # Where in the suite a test ended says nothing about the target, but of an error of ours.
            told["trace"] = scrub(trace)
        data["statusDetails"] = told
    return data


def _subject(test: Measured, run: Run) -> _Subject | None:
    params = {name: str(ast.literal_eval(value)) for name, value in test.parameters}
    clauses, case_id = run.contract.clauses, params.get("case_id", "")
    operation = run.contract.operation.id
    if case_id in run.contract.cases:
        return _Subject(operation, clauses[run.contract.cases[case_id].clause], case_id)
    drawn = params.get("draw_clause_id", "")
    clause = clauses.get(drawn or params.get("clause_id", ""))
    return None if clause is None else _Subject(operation, clause, draws=bool(drawn))


def _said(scope: Scope, subject: _Subject, data: dict[str, Any]) -> dict[str, Any]:
    """Return what the suite says of a test, over what Allure measured."""
    run, language, clause = scope.run, scope.language, subject.clause
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
        else _description(scope, subject, findings),
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


def _description(scope: Scope, subject: _Subject, findings: tuple[Finding, ...]) -> str:
    run, clause = scope.run, subject.clause
    verdict = run.by_clause[clause.id]
    if findings:
        return letter_page(run, verdict, findings, scope.former, scope.language)
    cases = (subject.case_id,) if subject.case_id else verdict.cases[:1]
    sent = (one for name in cases for one in run.recording.of_case(name))
    return promise_page(run, clause, next(sent, None), scope.language)
