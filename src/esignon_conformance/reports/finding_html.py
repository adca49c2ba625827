"""The description of a test in the report: for a deviation the whole letter, else the promise.

Everything passes the scrubber before it gets here or is scrubbed here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from ..contract.model import Case, Clause
from ..i18n.catalogue import render, word
from ..i18n.language import Language
from ..recording.response import read
from ..recording.traffic import STRANGER
from ..runner.run import Run
from ..target.target import REAL_ACCOUNTS
from ..transport.messages import Exchange
from ..verdicts.model import Finding, Verdict
from .advice import advice_of
from .curl import curl_line
from .finding_text import command_again, finding_title, waiver_text
from .history import FormerRun, since
from .load_again import load_again
from .marked_exchange import Line, answer_lines, request_lines
from .masks_in_words import masks_in_words
from .observed_text import flat_observed, observed_name, observed_value
from .styles import style
from .templates import rendered
from .unseen_characters import shown

_MOST_DIFFERENT = 6
# What one request may not show: these checks compare answers to the same request.
_AT_TIMES = frozenset({"same-code-each-time", "steady-success"})


def letter_page(
    run: Run,
    verdict: Verdict,
    findings: tuple[Finding, ...],
    former: list[FormerRun],
    language: Language,
) -> str:
    """Return the letter about the findings of a clause as HTML.

    The promise stands in the title above it: what deviates, how to see it again, the exchange and what
    is known of it follow, each of them once.
    """
    return rendered(
        "letter",
        language,
        style=style("letter"),
        clause=run.contract.clauses[verdict.clause],
        impact=advice_of(run, verdict),
        findings=[_finding(run, verdict, one, former, language) for one in findings],
        with_title=False,
    )


def promise_page(
    run: Run,
    clause: Clause,
    exchange: Exchange | None,
    language: Language,
    observed: Mapping[str, Any] | None = None,
) -> str:
    """Return the promise as HTML, what was observed, and one exchange that was judged, if there are any."""
    example = None
    if exchange is not None:
        row = _row(run, exchange)
        title = _title(run, exchange, language)
        lines = {
            "request": _in_words(request_lines(row), language),
            "answer": _in_words(answer_lines(exchange, row, None, language), language),
        }
        example = {"title": title, **lines}
    return rendered(
        *("promise", language),
        style=style("letter"),
        clause=clause,
        exchange=example,
        observed=[
            (
                observed_name(name, language),
                run.scrubber.scrub(observed_value(name, value, language)),
            )
            for name, value in flat_observed(observed or {})
        ],
    )


def _row(run: Run, exchange: Exchange) -> dict[str, Any]:
    """Return an exchange masked by all that is known now: a body may be cut short after this."""
    row = run.recording.row(exchange)
    if "answer" in row:
        row["answer"]["body"] = run.scrubber.scrub(row["answer"]["body"])
    return row


def _in_words(lines: list[Line], language: Language) -> list[Line]:
    return [
        tuple(replace(piece, text=shown(masks_in_words(piece.text, language))) for piece in line)
        for line in lines
    ]


def _title(run: Run, exchange: Exchange, language: Language) -> str:
    return f"{run.contract.cases[exchange.case].title[language]} [{exchange.case}]"


def _finding(
    run: Run,
    verdict: Verdict,
    finding: Finding,
    former: list[FormerRun],
    language: Language,
) -> dict[str, Any]:
    """Return what the template says of a finding, every secret masked."""
    first = run.exchanges[finding.exchanges[0]]
    row = _row(run, first)
    scrub = run.scrubber.scrub
    return {
        "title": finding_title(run, finding, language),
        "expected": masks_in_words(scrub(render(finding.expected, language)), language),
        "got": masks_in_words(scrub(render(finding.got, language)), language),
        "pointer": scrub(finding.pointer),
        "again": list(_again(run, verdict, first, finding, language)),
        "exchange": first.id,
        "request": _in_words(request_lines(row), language),
        "answer": _in_words(answer_lines(first, row, finding, language), language),
        "rows": list(_rows(run, verdict, finding, former, language)),
    }


def _rows(
    run: Run, verdict: Verdict, finding: Finding, former: list[FormerRun], language: Language
) -> Iterator[tuple[str, list[str]]]:
    """Yield since when a finding stands and what shows it, by the key of its label."""
    yield "label-since", [_since(run, verdict, former, language)]
    yield "label-shown-by", [_shown_by(verdict, finding, language)]
    different = list(_differences(run, finding, language))
    if different:
        yield "label-differ", different
    request_id = run.exchanges[finding.exchanges[0]].request_id
    if request_id:
        yield ("label-request-id" if run.traffic is None else "label-entry"), [request_id]
    if finding.waiver is not None:
        yield "label-waiver", [run.scrubber.scrub(waiver_text(finding.waiver, language))]
    if finding.unstable:
        yield "label-reason", [word("unstable", language)]


def _shown_by(verdict: Verdict, finding: Finding, language: Language) -> str:
    count, cases = finding.count, len(finding.cases)
    # Exchanges that were set aside join a finding without being among those that were judged.
    key = "shown-by-of" if count < verdict.exchanges else "shown-by-every"
    if count > verdict.exchanges:
        key = "shown-by-all"
    text = word(key, language, count=count, all=verdict.exchanges, cases=cases)
    first = ", ".join(finding.cases[:_MOST_DIFFERENT])
    return f"{text}: {first}{' …' if cases > _MOST_DIFFERENT else ''}"


def _differences(run: Run, finding: Finding, language: Language) -> Iterator[str]:
    """Yield in what the exchanges of a finding differ, most frequent first; nothing where in nothing."""
    exchanges = [run.exchanges[one] for one in finding.exchanges]
    kinds: tuple[tuple[str, Callable[[Exchange], str]], ...] = (
        ("label-situation", lambda one: word(f"situation-{one.situation}", language)),
        ("label-http-status", lambda one: str(one.answer.status) if one.answer else "-"),
        ("label-code", lambda one: f'"{read(one).result_code or "-"}"'),
        ("label-account", lambda one: _account(run, one.request.account, language)),
    )
    for key, value_of in kinds:
        counts = Counter(map(value_of, exchanges))
        if len(counts) > 1:
            first = " · ".join(f"{one} × {count}" for one, count in counts.most_common(8))
            more = " …" if len(counts) > 8 else ""
            yield run.scrubber.scrub(f"{word(key, language)}: {first}{more}")


def _since(run: Run, verdict: Verdict, former: list[FormerRun], language: Language) -> str:
    found = since(former, verdict.clause, verdict.verdict, _day(run))
    if not found.is_known:
        return word("since-unknown", language)
    if found.runs == 1:
        return word("since-now", language, day=found.day, before=former[-1].day)
    return word("since-day", language, day=found.day, runs=found.runs)


def _again(
    run: Run, verdict: Verdict, first: Exchange, finding: Finding, language: Language
) -> Iterator[dict[str, str]]:
    """Yield the ways to see a finding again: what to know, and what to type.  Files send nothing again."""
    if run.traffic is not None:
        if run.traffic.load is not None:
            text = word("again-load", language)
            yield {"text": text, "command": load_again(run, run.traffic.load)}
        return
    if run.contract.clauses[verdict.clause].check in _AT_TIMES:
        yield {"text": word("again-at-times", language), "command": ""}
    case = run.contract.cases[first.case]
    made = None
    # A signature is made for one request at one moment.
    if run.target.kind == "server" and run.sign is None:
        made = curl_line(first, case, run.target, run.scrubber, _before(run, first, case))
    if made is not None:
        line, variables = made
        key = "again-curl" if variables else "again-curl-without"
        text = word(key, language, variables=", ".join(variables))
        if variables and run.target.accounts_of_the_box:
            text += f" {word('again-accounts-of-box', language)}"
        if case.follows is not None:
            text += f" {word('again-follows', language, case=case.follows)}"
        yield {"text": text, "command": line}
    for path in (run.found[name] for name in finding.cases if name in run.found):
        yield {"text": word("kept-as-case", language, path=path), "command": ""}
    text = word("again-command" if made is not None else "again-command-only", language)
    yield {"text": text, "command": command_again(run, finding)}


def _before(run: Run, exchange: Exchange, case: Case) -> tuple[Exchange, Case] | None:
    """Return what was sent directly before an exchange for the sake of its case."""
    if case.follows is None:
        return None
    sent = run.recording.exchanges
    earlier = (one for one in reversed(sent[: sent.index(exchange)]) if one.case == case.follows)
    found = next(earlier, None)
    return None if found is None else (found, run.contract.cases[found.case])


def _day(run: Run) -> str:
    return datetime.fromtimestamp(run.started, UTC).strftime("%Y-%m-%d")


def _account(run: Run, name: str, language: Language) -> str:
    """Return an account in words; one of recorded traffic or of a load run has its name alone."""
    is_load = run.traffic is not None and run.traffic.load is not None
    if is_load and name.startswith(STRANGER):
        # What a load run sends beside the accounts that it was given is made up.
        name = "made-up"
    is_known = name in (*REAL_ACCOUNTS, "made-up")
    return word(f"account-{name}", language) if is_known else name
