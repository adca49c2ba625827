"""`junit.xml`: one test a clause, for the test views of CI servers.

The names are clause ids, which never change, so that a server's history of a test goes on.  One
failure holds every finding of its clause, since most readers show the first failure of a test only.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from ...contract.model import groups_of
from ...i18n.catalogue import render, word
from ...i18n.language import Language
from ...recording.recording import Recording
from ...runner.run import Run
from ...verdicts.exit_status import EXIT_CONFORMS, EXIT_FAILS, EXIT_WAIVERS, failing_run
from ...verdicts.model import Verdict
from ..finding_text import letter
from ..summary import headline

# XML 1.0 §2.2: no document can hold these, not even as character references.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# A waiver that is to be removed says nothing against the target.
_PASSING = (EXIT_CONFORMS, EXIT_WAIVERS)
_RUN = "run"


def junit(run: Run, exit_status: int, language: Language) -> str:
    """Return the verdicts of a run as JUnit XML, every secret masked.

    A clause that fails, or that `--fail-on` names, is a *failure*; a must clause that could not be
    judged is an *error*; an advisory, a waived clause and one without a verdict are *skipped*, with the
    reason.  A run that fails by none of its clauses has a test of its own, which is an *error*.
    """
    suites = ET.Element("testsuites", name="esignon-conformance", time=f"{run.seconds:.3f}")
    seconds = seconds_by_case(run.recording)
    named = frozenset(failing_run(run.verdicts, run.fail_on) if exit_status == EXIT_FAILS else ())
    for group in groups_of(one.clause for one in run.verdicts):
        chosen = [one for one in run.verdicts if one.clause.startswith(f"{group}-")]
        # A group takes each case once, however many of its clauses look at it.
        taken = _seconds(seconds, (case for one in chosen for case in one.cases))
        cases = [_case(run, one, _seconds(seconds, one.cases), named, language) for one in chosen]
        suites.append(_suite(run, group, taken, cases))
    # A CI server that reads this file alone must not show a run as green that did not end with 0.
    if exit_status not in _PASSING and not _counts(suites.iter("testcase"), "failure", "error"):
        suites.append(_suite_of_run(run, exit_status, language))
    # Schemas in use know no count of skipped tests here, but one in each suite.
    for count in ("tests", "failures", "errors"):
        suites.set(count, str(sum(int(one.get(count, "0")) for one in suites)))
    ET.indent(suites)
    text = ET.tostring(suites, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def seconds_by_case(recording: Recording) -> dict[str, float]:
    """Return how many seconds the exchanges of each case took, those of its right logins not counted."""
    found: dict[str, float] = defaultdict(float)
    for one in recording.exchanges:
        found[one.case] += max(0.0, one.ended - one.began)
    return found


def _seconds(seconds: Mapping[str, float], cases: Iterable[str]) -> str:
    return f"{sum(seconds.get(case, 0.0) for case in set(cases)):.3f}"


def _suite_of_run(run: Run, exit_status: int, language: Language) -> ET.Element:
    case = ET.Element("testcase", name=_RUN, classname=_of_group(run, _RUN), time="0.000")
    message = _xml(run.scrubber.scrub(headline(run, exit_status, language)))
    ET.SubElement(case, "error", type=f"exit-status-{exit_status}", message=message)
    return _suite(run, _RUN, "0.000", [case])


def _suite(run: Run, group: str, taken: str, cases: Sequence[ET.Element]) -> ET.Element:
    started = datetime.fromtimestamp(run.started, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    suite = ET.Element("testsuite", name=_of_group(run, group), timestamp=started)
    properties = ET.SubElement(suite, "properties")
    for name, value in (
        ("target", run.target.base_url),
        ("target.kind", run.target.kind),
        ("seed", str(run.seed)),
        ("complete", str(run.complete).lower()),
    ):
        ET.SubElement(properties, "property", name=name, value=_xml(run.scrubber.scrub(value)))
    suite.set("time", taken)
    suite.extend(cases)
    suite.set("tests", str(len(cases)))
    suite.set("failures", str(_counts(cases, "failure")))
    suite.set("errors", str(_counts(cases, "error")))
    suite.set("skipped", str(_counts(cases, "skipped")))
    return suite


def _counts(cases: Iterable[ET.Element], *kinds: str) -> int:
    return sum(any(one.find(kind) is not None for kind in kinds) for one in cases)


def _of_group(run: Run, group: str) -> str:
    return f"{run.contract.operation.id}.{group}"


def _case(
    run: Run, verdict: Verdict, seconds: str, named: frozenset[str], language: Language
) -> ET.Element:
    clause = run.contract.clauses[verdict.clause]
    of_group = _of_group(run, clause.group)
    case = ET.Element("testcase", name=clause.id, classname=of_group, time=seconds)
    kind = "failure" if clause.id in named else _kind(verdict)
    if kind:
        message = _xml(run.scrubber.scrub(_message(run, verdict, language)))
        told = ET.SubElement(case, kind, type=verdict.verdict, message=message)
        if verdict.findings:
            told.text = _xml(letter(run, clause.id, verdict.findings, language))
    else:
        ET.SubElement(case, "system-out").text = f"{clause.id}: {clause.title[language]}"
    return case


def _kind(verdict: Verdict) -> str:
    """Return the element that tells of a verdict, empty for one that passes."""
    if verdict.verdict == "fails":
        return "failure"
    if verdict.verdict == "could-not-judge" and verdict.level == "must":
        return "error"
    return "" if verdict.verdict in ("holds", "observed") else "skipped"


def _message(run: Run, verdict: Verdict, language: Language) -> str:
    title = run.contract.clauses[verdict.clause].title[language]
    told = word(f"verdict-{verdict.verdict}", language)
    if verdict.findings:
        # What is not waived is why the clause fails.
        first = next((one for one in verdict.findings if not one.waiver), verdict.findings[0])
        got = f"{word('label-got', language)}: {render(first.got, language)}"
        more = len(verdict.findings) - 1
        also = f" · {word('more-findings', language, count=more)}" if more else ""
        return f"{title} · {got}{also}"
    reason = render(verdict.reason, language) if verdict.reason else ""
    return f"{title} · {told}: {reason}"


def _xml(text: str) -> str:
    return _NOT_XML.sub(lambda match: f"\\u{ord(match.group()):04x}", text)
