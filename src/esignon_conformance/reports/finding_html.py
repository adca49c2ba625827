"""The description of a test in the report: for a deviation the whole letter, else the promise.

Everything passes the scrubber before it gets here or is scrubbed here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from ..contract.model import Clause
from ..i18n.catalogue import render, word
from ..i18n.language import Language
from ..recording.response import read
from ..runner.run import Run
from ..transport.messages import Exchange
from ..verdicts.model import Finding, Verdict
from .curl import curl_line
from .exchange_html import answer_html, request_html
from .finding_text import command_again, waiver_text
from .history import FormerRun, since
from .html_text import in_element
from .styles import style

_MOST_DIFFERENT = 6


def letter_page(
    run: Run,
    verdict: Verdict,
    findings: tuple[Finding, ...],
    former: list[FormerRun],
    language: Language,
) -> str:
    """Return the letter about the findings of a test as HTML."""
    clause = run.contract.clauses[verdict.clause]
    parts = [_promise(clause, language, "h3")]
    for number, finding in enumerate(findings):
        parts += ["<hr>"] if number else []
        parts += _finding(run, verdict, finding, former, language)
    return f'<div class="ec"><style>{style("letter")}</style>{"".join(parts)}</div>'


def promise_page(run: Run, clause: Clause, exchange: Exchange | None, language: Language) -> str:
    """Return the promise as HTML, and one exchange that was judged where there is one."""
    parts = [_promise(clause, language, "b")]
    if exchange is not None:
        row = _row(run, exchange)
        parts.append(f"<p>{_title(run, exchange, language)}</p>")
        parts.append(f"<pre>{request_html(row)}</pre>")
        parts.append(f"<pre>{answer_html(exchange, row, None, language)}</pre>")
    return "\n".join(parts)


def _row(run: Run, exchange: Exchange) -> dict[str, Any]:
    """Return an exchange masked by all that is known now: a body may be cut short after this."""
    row = run.recording.row(exchange)
    if "answer" in row:
        row["answer"]["body"] = run.scrubber.scrub(row["answer"]["body"])
    return row


def _promise(clause: Clause, language: Language, tag: str) -> str:
    level = word(f"level-{clause.level}", language)
    place = f"{word('label-place', language)}: {clause.place}"
    reference = f" · {clause.reference}" if clause.reference else ""
    return (
        f"<{tag}>{clause.id} ({level}): {in_element(clause.title[language])}</{tag}>"
        f"<p>{in_element(place + reference)}</p><p>{in_element(clause.rationale[language])}</p>"
    )


def _title(run: Run, exchange: Exchange, language: Language) -> str:
    title = in_element(run.contract.cases[exchange.case].title[language])
    return f"{title} [{in_element(exchange.case)}], {exchange.id}"


def _finding(
    run: Run,
    verdict: Verdict,
    finding: Finding,
    former: list[FormerRun],
    language: Language,
) -> Iterator[str]:
    def heading(key: str, more: str = "") -> str:
        return f"<h4>{in_element(word(key, language))}{more}</h4>"

    first = run.exchanges[finding.exchanges[0]]
    row = _row(run, first)
    yield heading("label-sent", f": {_title(run, first, language)}")
    yield f"<pre>{request_html(row)}</pre>"
    scrub = run.scrubber.scrub
    rows = [
        ("label-expected", f"<b>{in_element(scrub(render(finding.expected, language)))}</b>"),
        ("label-got", f"<b>{in_element(scrub(render(finding.got, language)))}</b>"),
    ]
    if finding.pointer:
        rows.append(("label-where", f"<code>{in_element(scrub(finding.pointer))}</code>"))
    yield _rows(rows, language)
    yield heading("label-came")
    yield f"<pre>{answer_html(first, row, finding, language)}</pre>"
    rows = [("label-shown-by", in_element(_shown_by(verdict, finding, language)))]
    different = "<br>".join(in_element(one) for one in _differences(run, finding, language))
    rows += [("label-differ", different)] if different else []
    rows.append(("label-since", in_element(_since(run, verdict, former, language))))
    if first.request_id:
        rows.append(("label-request-id", f"<code>{in_element(first.request_id)}</code>"))
    if finding.waiver is not None:
        text = scrub(waiver_text(finding.waiver, language))
        rows.append(("label-waiver", in_element(text)))
    if finding.unstable:
        rows.append(("label-reason", in_element(word("unstable", language))))
    yield _rows(rows, language)
    yield heading("label-again")
    yield from _again(run, first, finding, language)


def _rows(rows: list[tuple[str, str]], language: Language) -> str:
    inside = "".join(
        f"<span>{in_element(word(key, language))}</span><div>{value}</div>" for key, value in rows
    )
    return f'<div class="rows">{inside}</div>'


def _shown_by(verdict: Verdict, finding: Finding, language: Language) -> str:
    count, cases = len(finding.exchanges), len(finding.cases)
    text = word("shown-by-of", language, count=count, all=verdict.exchanges, cases=cases)
    first = ", ".join(finding.cases[:_MOST_DIFFERENT])
    return f"{text}: {first}{' …' if cases > _MOST_DIFFERENT else ''}"


def _differences(run: Run, finding: Finding, language: Language) -> Iterator[str]:
    """Yield in what the exchanges of a finding differ, most frequent first; nothing where in nothing."""
    exchanges = [run.exchanges[one] for one in finding.exchanges]
    kinds: tuple[tuple[str, Callable[[Exchange], str]], ...] = (
        ("label-situation", lambda one: word(f"situation-{one.situation}", language)),
        ("label-http-status", lambda one: str(one.answer.status) if one.answer else "-"),
        ("label-code", lambda one: f'"{read(one).result_code or "-"}"'),
        ("label-account", lambda one: word(f"account-{one.request.account}", language)),
    )
    for key, value_of in kinds:
        counts = Counter(map(value_of, exchanges))
        if len(counts) > 1:
            shown = " · ".join(f"{one} × {count}" for one, count in counts.most_common(8))
            more = " …" if len(counts) > 8 else ""
            yield run.scrubber.scrub(f"{word(key, language)}: {shown}{more}")


def _since(run: Run, verdict: Verdict, former: list[FormerRun], language: Language) -> str:
    found = since(former, verdict.clause, verdict.verdict, _day(run))
    if not found.is_known:
        return word("since-unknown", language)
    if found.runs == 1:
        return word("since-now", language, day=found.day, before=former[-1].day)
    return word("since-day", language, day=found.day, runs=found.runs)


def _again(run: Run, first: Exchange, finding: Finding, language: Language) -> Iterator[str]:
    case = run.contract.cases[first.case]
    made = None
    # A signature is made for one request at one moment.
    if run.target.kind == "server" and run.sign is None:
        made = curl_line(first, case, run.target, run.scrubber)
    if made is not None:
        line, variables = made
        key = "again-curl" if variables else "again-curl-without"
        text = word(key, language, variables=", ".join(variables))
        if variables and run.target.accounts_of_the_box:
            text += f" {word('again-accounts-of-box', language)}"
        yield f"<p>{in_element(text)}</p><pre>{in_element(line)}</pre>"
    for path in (run.found[name] for name in finding.cases if name in run.found):
        yield f"<p>{in_element(word('kept-as-case', language, path=path))}</p>"
    text = word("again-command" if made is not None else "again-command-only", language)
    yield f"<p>{in_element(text)}</p><pre>{in_element(command_again(run, finding))}</pre>"


def _day(run: Run) -> str:
    return datetime.fromtimestamp(run.started, UTC).strftime("%Y-%m-%d")
