"""What the Allure results say: one result a clause, with its tests as steps.

So the report counts what the verdict counts.  pytest's plugin of Allure measures the tests; titles,
labels, links and the letter are put in here, once, as a result is written.
"""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from allure_commons.model2 import Status

from ...contract.model import Clause
from ...contract.skip_reason import COULD_NOT
from ...contract.waiver import Waiver
from ...i18n.catalogue import render, word
from ...i18n.language import Language
from ...reports.finding_html import letter_page, promise_page
from ...reports.finding_text import brief
from ...runner.run import Run
from ...target.settings import setting_names
from ...verdicts.model import Verdict
from .measured_test import Measured
from .told_findings import drawn_findings, is_drawn

# A status of Allure for each verdict; mending.py gives the statuses the names of the verdicts.
_STATUS: Mapping[str, str] = {
    "fails": Status.FAILED,
    "advisory": "unknown",
    "could-not-judge": Status.BROKEN,
    "not-judged": Status.SKIPPED,
    "waived": Status.SKIPPED,
    "holds": Status.PASSED,
    "observed": Status.PASSED,
}
_SEVERITY = {"must": "critical", "should": "minor", "observe": "trivial"}
_PREFIX = re.compile(r"^(?:Failed|XFailed|Skipped): ")


@dataclass(frozen=True)
class _Subject:
    """What a test is about: a clause, and the case of it or its draws."""

    clause: Clause
    case_id: str = ""
    draws: bool = False


@dataclass(frozen=True)
class Scope:
    """What a result is said of: the run, in which language, and the runs before it."""

    run: Run
    language: Language
    former: list[Any]


def clause_of(run: Run, test: Measured) -> str:
    """Return the clause that a test is about, empty for another's test that ran beside."""
    subject = _subject(test, run)
    return "" if subject is None else subject.clause.id


def plain_result(test: Measured, run: Run) -> dict[str, Any]:
    """Return the result of a test that is none of the suite's, as Allure measured it."""
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
        "attachments": _attachments(test.attachments),
    }
    if test.told is not None:
        data["statusDetails"] = {"message": _PREFIX.sub("", scrub(test.told[0]))}
        data["statusDetails"] |= {"trace": scrub(test.told[1])} if test.told[1] else {}
    return data


def _times(run: Run, tests: Sequence[Measured]) -> dict[str, int]:
    """Return from when to when a clause was tested, in milliseconds; the first is the report's date.

    A load run is judged when all has been sent: its clauses have the time of the sending.
    """
    load = run.traffic.load if run.traffic is not None else None
    if load is not None and load.seconds:
        return {"start": min(load.seconds) * 1000, "stop": (max(load.seconds) + 1) * 1000}
    return {"start": min(one.start for one in tests), "stop": max(one.stop for one in tests)}


def result_of(scope: Scope, clause_id: str, tests: Sequence[Measured]) -> dict[str, Any]:
    """Return the result of a clause as plain data; its tests are the steps."""
    run, language, clause = scope.run, scope.language, scope.run.contract.clauses[clause_id]
    broken = next((one for one in tests if one.status == Status.BROKEN), None)
    # After an error of ours there may be no verdicts to ask for.
    verdict = None if broken else run.by_clause[clause_id]
    operation = run.contract.operation.id
    stable = f"{operation}/{clause_id}"
    identity = hashlib.sha256(stable.encode()).hexdigest()[:32]
    waivers = _waivers(run, verdict) if verdict else []
    return {
        "uuid": tests[0].uuid,
        "name": f"{clause.id} {clause.title[language]}",
        "fullName": stable,
        "testCaseId": identity,
        "historyId": identity,
        "status": _STATUS[verdict.verdict] if verdict else Status.BROKEN,
        "statusDetails": _details(run, verdict, broken, language),
        "stage": "finished",
        **_times(run, tests),
        "labels": [
            {"name": key, "value": value} for key, value in _labels(scope, clause, verdict, waivers)
        ],
        "links": _links(run, clause, waivers, language),
        "descriptionHtml": _description(scope, clause, verdict),
        "steps": list(_steps(scope, verdict, tests)),
        "attachments": [
            one
            for test in tests
            if not _is_step(_subject(test, run))
            for one in _attachments(test.attachments)
        ],
    }


def _attachments(given: Iterable[tuple[str, str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "source": source, "type": kind} for name, source, kind in given]


def _subject(test: Measured, run: Run) -> _Subject | None:
    # Of a test that is parametrized over nothing, pytest's mark for that is the value.
    params = {
        name: str(ast.literal_eval(value))
        for name, value in test.parameters
        if not value.startswith("<NotSetType")
    }
    clauses, case_id = run.contract.clauses, params.get("case_id", "")
    if case_id in run.contract.cases:
        return _Subject(clauses[run.contract.cases[case_id].clause], case_id)
    drawn = params.get("draw_clause_id", "")
    clause = clauses.get(drawn or params.get("clause_id", ""))
    return None if clause is None else _Subject(clause, draws=bool(drawn))


def _is_step(subject: _Subject | None) -> bool:
    """Tell whether a test is one of several of its clause."""
    return subject is not None and bool(subject.case_id or subject.draws)


def _details(
    run: Run, verdict: Verdict | None, broken: Measured | None, language: Language
) -> dict[str, str]:
    """Return why there is no verdict, or what a finding is in two lines; the letter says the rest."""
    if broken is not None and broken.told is not None:
        # Where in the suite a test ended says nothing about the target, but of an error of ours.
        message, trace = (run.scrubber.scrub(one) for one in broken.told)
        return {"message": _PREFIX.sub("", message), "trace": trace}
    if verdict is None:
        return {"message": ""}
    if verdict.findings:
        return {"message": brief(run, verdict.findings, language)}
    if verdict.reason is None:
        return {"message": ""}
    return {"message": _missing(verdict, language) + render(verdict.reason, language)}


def _labels(
    scope: Scope, clause: Clause, verdict: Verdict | None, waivers: list[Waiver]
) -> Iterator[tuple[str, str]]:
    run, language = scope.run, scope.language
    feature = run.contract.operation.id if run.contract_folder else word("feature", language)
    yield "epic", word("epic", language)
    yield "feature", feature
    yield "parentSuite", feature
    yield "suite", f"{clause.group} {word(f'group-{clause.group}', language)}"
    yield "severity", _SEVERITY[clause.level]
    if verdict is not None:
        yield "tag", verdict.verdict
        if drawn_findings(run, clause.id):
            yield "tag", "fuzz"
    yield from (("owner", one.owner) for one in waivers)


def _steps(
    scope: Scope, verdict: Verdict | None, tests: Iterable[Measured]
) -> Iterator[dict[str, Any]]:
    """Yield the tests of a clause as steps: its cases, and what is drawn for it."""
    run, language = scope.run, scope.language
    found = [(test, _subject(test, run)) for test in tests]
    # What is drawn for a clause comes after its cases.
    found.sort(key=lambda one: one[1] is not None and not one[1].case_id)
    for test, subject in found:
        if subject is None or not _is_step(subject):
            continue
        status = _step_status(run, verdict, subject, test)
        name = word("step-draws", language)
        if subject.case_id:
            name = f"{run.contract.cases[subject.case_id].title[language]} [{subject.case_id}]"
        message = "" if test.told is None or test.attachments else run.scrubber.scrub(test.told[0])
        yield {
            "name": name,
            "status": status,
            "statusDetails": {"message": _PREFIX.sub("", message)} if message else {},
            "stage": "finished",
            "start": test.start,
            "stop": test.stop,
            "steps": [],
            "parameters": [],
            "attachments": _attachments(test.attachments),
        }


def _step_status(
    run: Run, verdict: Verdict | None, subject: _Subject, test: Measured
) -> str | None:
    """Return how a case came out by itself: it may be unjudged while its clause fails."""
    if verdict is None or test.status in (Status.PASSED, Status.BROKEN):
        return test.status
    shown = [
        one
        for one in verdict.findings
        if subject.case_id in one.cases or (subject.draws and is_drawn(run, one))
    ]
    if shown:
        if all(one.waiver for one in shown):
            return _STATUS["waived"]
        return _STATUS["fails" if verdict.level == "must" else "advisory"]
    unsent = run.recording.unsent.get(subject.case_id)
    could_not = unsent is not None and unsent.word in COULD_NOT
    return _STATUS["could-not-judge" if could_not else "not-judged"]


def _missing(verdict: Verdict, language: Language) -> str:
    """Return the settings that a clause lacks, empty where it lacks something else.

    They come first in its text, since the report groups by that and cuts it short.
    """
    reason = verdict.reason
    if reason is None or reason.key != "reason-no-account":
        return ""
    names = ", ".join(setting_names(dict(reason.words)["about"]))
    return f"{word('missing-settings-here', language, names=names)}\n" if names else ""


def _waivers(run: Run, verdict: Verdict) -> list[Waiver]:
    """Return the waivers that a clause comes under: of its findings, of its cases, or of itself."""
    found = [one.waiver for one in verdict.findings if one.waiver is not None]
    found += [one for one in run.waivers if one.case in verdict.cases and not one.send]
    found += [verdict.waiver] if verdict.waiver is not None else []
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


def _description(scope: Scope, clause: Clause, verdict: Verdict | None) -> str:
    run = scope.run
    if verdict is None:
        return promise_page(run, clause, None, scope.language)
    if verdict.findings:
        return letter_page(run, verdict, verdict.findings, scope.former, scope.language)
    sent = (one for name in verdict.cases[:1] for one in run.recording.of_case(name))
    return promise_page(run, clause, next(sent, None), scope.language, verdict.observed)
