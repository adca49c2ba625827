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
from ...verdicts.model import Verdict
from ..finding_text import letter

# XML 1.0 §2.2: no document can hold these, not even as character references.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_KINDS = ("failure", "error", "skipped")


def junit(run: Run, language: Language) -> str:
    """Return the verdicts of a run as JUnit XML, every secret masked.

    A clause that fails is a *failure*; a must clause that could not be judged is an *error*; an
    advisory, a waived clause and one without a verdict are *skipped*, with the reason.
    """
    suites = ET.Element("testsuites", name="esignon-conformance", time=f"{run.seconds:.3f}")
    seconds = seconds_by_case(run.recording)
    for group in groups_of(one.clause for one in run.verdicts):
        chosen = [one for one in run.verdicts if one.clause.startswith(f"{group}-")]
        suites.append(_suite(run, group, chosen, seconds, language))
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


def _suite(
    run: Run,
    group: str,
    verdicts: Sequence[Verdict],
    seconds: Mapping[str, float],
    language: Language,
) -> ET.Element:
    operation = run.contract.operation.id
    started = datetime.fromtimestamp(run.started, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    suite = ET.Element("testsuite", name=f"{operation}.{group}", timestamp=started)
    properties = ET.SubElement(suite, "properties")
    for name, value in (
        ("target", run.target.base_url),
        ("target.kind", run.target.kind),
        ("seed", str(run.seed)),
        ("complete", str(run.complete).lower()),
    ):
        ET.SubElement(properties, "property", name=name, value=_xml(run.scrubber.scrub(value)))
    # A group takes each case once, however many of its clauses look at it.
    suite.set("time", _seconds(seconds, (case for one in verdicts for case in one.cases)))
    cases = [_case(run, one, _seconds(seconds, one.cases), language) for one in verdicts]
    suite.extend(cases)
    counts = {kind: sum(1 for one in cases if one.find(kind) is not None) for kind in _KINDS}
    suite.set("tests", str(len(cases)))
    suite.set("failures", str(counts["failure"]))
    suite.set("errors", str(counts["error"]))
    suite.set("skipped", str(counts["skipped"]))
    return suite


def _case(run: Run, verdict: Verdict, seconds: str, language: Language) -> ET.Element:
    clause = run.contract.clauses[verdict.clause]
    of_group = f"{run.contract.operation.id}.{clause.group}"
    case = ET.Element("testcase", name=clause.id, classname=of_group, time=seconds)
    kind = _kind(verdict)
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
