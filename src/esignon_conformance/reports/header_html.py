"""The section at the top of the report: the verdict, every clause at a glance, what the run exercised."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from ..contract.model import Contract
from ..i18n.catalogue import word
from ..i18n.language import Language
from .charts import Statement, clauses_svg, codes_svg
from .history import FormerRun
from .styles import style
from .trend_chart import trend_svg

# The report puts the address of the test of a clause here, once it knows it.
ADDRESS = "#clause-{clause}"
_LISTED = ("fails", "advisory", "waived", "could-not-judge", "not-judged", "holds")


def verdict_section(
    statement: Statement, contract: Contract, runs: Sequence[FormerRun], language: Language
) -> str:
    """Return the section as HTML.  Addresses of clauses are `ADDRESS`, for the report to fill in.

    `runs` are the runs against the target, the one that the statement tells of last.
    """
    grid = clauses_svg(statement, contract, language, lambda one: ADDRESS.format(clause=one))
    status = statement["exit_status"]
    kind = ' class="bad"' if status else ""
    parts = [
        f'<section id="ec-verdict" lang="{language}" aria-label="{word("picture-clauses", language)}">',
        f"<style>{style('picture')}{style('section')}</style>",
        f"<h2{kind}>{escape(statement['headline'])}</h2>",
        f"<p>{escape(_about(statement, language))}</p>",
        *_what_answered(statement),
        grid,
        *(_list(statement, contract, verdict, language) for verdict in _LISTED),
        trend_svg(runs, language),
        _details("picture-codes", codes_svg(statement, contract, language), language),
        _details("coverage-title", "".join(_coverage(statement, contract, language)), language),
        "</section>",
    ]
    return "".join(parts)


def _about(statement: Statement, language: Language) -> str:
    asked = [one for one in statement["clauses"] if one["level"] != "observe"]
    judged = sum(1 for one in asked if one["verdict"] in ("holds", "fails", "advisory", "waived"))
    parts = [
        word("judged-count", language, judged=judged, all=len(asked)),
        word(
            "requests-count",
            language,
            requests=statement["requests"],
            seconds=f"{statement['seconds']:.1f}",
        ),
    ]
    if not statement["complete"]:
        parts.append(word("part-run", language))
    return " · ".join(parts)


def _what_answered(statement: Statement) -> Iterator[str]:
    """Yield who answered in the application's place; statements of older versions do not say it."""
    for one in statement.get("what_answered", ()):
        lines = "".join(f"<li><span>{escape(line)}</span></li>" for line in one["lines"])
        yield f"<h3>{escape(one['title'])}</h3><ul>{lines}</ul>"


def _list(statement: Statement, contract: Contract, verdict: str, language: Language) -> str:
    """Return the clauses of a verdict: each finding in a line, or why there is no verdict."""
    chosen = [
        one
        for one in statement["clauses"]
        if one["verdict"] == verdict and one["level"] != "observe" and one["id"] in contract.clauses
    ]
    if verdict == "holds":
        chosen = [one for one in chosen if one.get("left_out")]
    if not chosen:
        return ""
    rows = "".join(_row(one, contract, language) for one in chosen)
    title = word(f"list-{verdict}", language)
    if verdict in ("could-not-judge", "not-judged", "holds"):
        summary = f"<summary>{escape(title)} ({len(chosen)})</summary>"
        return f"<details>{summary}<ul>{rows}</ul></details>"
    return f"<h3>{escape(title)}</h3><ul>{rows}</ul>"


def _row(one: Mapping[str, Any], contract: Contract, language: Language) -> str:
    clause = contract.clauses[one["id"]]
    address = escape(ADDRESS.format(clause=clause.id))
    lines = [
        f"{word('label-expected', language)}: {finding['expected']} · "
        f"{word('label-got', language)}: {finding['got']}"
        for finding in one["findings"]
    ]
    lines += [one["reason"]] if one["reason"] else []
    for left_out in one.get("left_out", ()):
        names = ", ".join(left_out["cases"])
        lines.append(f"{word('label-left-out', language)}: {names} ({left_out['reason']})")
    waiver = one.get("waiver")
    if waiver:
        lines.append(
            f"{waiver['until']} · {waiver['owner']} · {waiver['ticket']}: {waiver['reason']}"
        )
    inside = "".join(f"<span>{escape(line)}</span>" for line in lines)
    title = escape(clause.title[language])
    link = f'<a href="{address}"><b>{clause.id}</b> {title}</a>'
    return f'<li class="{one["verdict"]}">{link}{inside}</li>'


def _details(key: str, inside: str, language: Language) -> str:
    return f"<details><summary>{escape(word(key, language))}</summary>{inside}</details>"


def _coverage(statement: Statement, contract: Contract, language: Language) -> Iterator[str]:
    """Yield the tables of what the run exercised: codes, keywords of the schema, clauses."""
    found = statement["coverage"]
    codes = [(f'"{code}"', (count,)) for code, count in found["result_codes"].items()]
    yield _table(("label-code", "label-seen"), codes, language)
    keywords = [
        (name, (one["violated"], one["satisfied"])) for name, one in found["keywords"].items()
    ]
    yield _table(("label-keyword", "label-violated", "label-satisfied"), keywords, language)
    clauses = [
        (f"{name} {contract.clauses[name].title[language]}", (count,))
        for name, count in found["clauses"].items()
        if name in contract.clauses
    ]
    yield _table(("label-clause", "label-exchanges"), clauses, language)


def _table(
    heads: tuple[str, ...], rows: Sequence[tuple[str, tuple[int, ...]]], language: Language
) -> str:
    head = "".join(f"<th>{escape(word(key, language))}</th>" for key in heads)
    body = "".join(
        f"<tr><td>{escape(name)}</td>"
        + "".join(f'<td class="n">{count}</td>' for count in counts)
        + "</tr>"
        for name, counts in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
