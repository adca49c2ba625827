"""The section at the top of the report: the verdict, every clause at a glance, what the run exercised."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from ..contract.model import Contract
from ..i18n.catalogue import word
from ..i18n.language import Language
from .charts import Statement, clauses_svg, codes_svg
from .history import FormerRun
from .left_out_cases import first_of
from .load_chart import load_svg
from .load_tables import latency_rows, load_line, load_lines, load_of
from .priorities import KINDS, Mending, mending_lines
from .styles import style
from .templates import rendered
from .trend_chart import trend_svg

# The report puts the address of the test of a clause here, once it knows it.
ADDRESS = "#clause-{clause}"
_LISTED = ("fails", "advisory", "waived", "could-not-judge", "not-judged", "holds")
_FOLDED = frozenset({"could-not-judge", "not-judged", "holds"})


def verdict_section(
    statement: Statement, contract: Contract, runs: Sequence[FormerRun], language: Language
) -> str:
    """Return the section as HTML.  Addresses of clauses are `ADDRESS`, for the report to fill in.

    `runs` are the runs against the target, the one that the statement tells of last.
    """
    grid, narrow = (
        clauses_svg(
            statement, contract, language, lambda one: ADDRESS.format(clause=one), narrow=narrow
        )
        for narrow in (False, True)
    )
    return rendered(
        "verdict",
        language,
        style=style("picture") + style("section"),
        statement={"what_answered": (), "login_notice": None, **statement},
        about=about(statement, language),
        load=load_section(statement, language),
        grid=Markup(grid),  # noqa: S704 - SVG of our own, in which charts.py escapes the texts
        narrow=Markup(narrow),  # noqa: S704 - as above
        mending=mending(statement, language),
        lists=list(lists(statement, contract, language)),
        trend=Markup(trend_svg(runs, language)),  # noqa: S704 - as above
        codes=codes_picture(statement, contract, language),
        coverage=list(_coverage(statement, contract)),
        counting=word("counting", language, count=len(statement["clauses"])),
    )


def load_section(statement: Statement, language: Language) -> dict[str, Any] | None:
    """Return what the page says of a load run: who asked, latency, its picture; None of another run."""
    load = load_of(statement)
    if load is None:
        return None
    wide, narrow = (load_svg(load, language, narrow=one) for one in (False, True))
    return {
        "line": load_line(load, statement["target"]["base_url"], language),
        "rows": latency_rows(load, language),
        "lines": list(load_lines(load, language)),
        "wide": Markup(wide),  # noqa: S704 - SVG of our own, in which load_chart.py escapes the texts
        "narrow": Markup(narrow),  # noqa: S704 - as above
        "is_strained": any(one["busy"] for one in load["timeline"]),
    }


def codes_picture(statement: Statement, contract: Contract, language: Language) -> Markup | None:
    """Return the result codes by situation; None of recorded traffic, of which they are not counted."""
    if not statement["coverage"]["situations"]:
        return None
    return Markup(codes_svg(statement, contract, language))  # noqa: S704 - SVG of our own, in which charts.py escapes the texts


def mending(statement: Statement, language: Language) -> list[str]:
    """Return what to mend first, a line a clause."""
    order = [
        Mending(one["clause"], tuple(one["unlocks"])) for one in statement.get("mend_first", ())
    ]
    return list(mending_lines(order, language))


def about(statement: Statement, language: Language) -> str:
    """Return in a line how much was judged and sent."""
    asked = [one for one in statement["clauses"] if one["level"] != "observe"]
    judged = sum(1 for one in asked if one["verdict"] in ("holds", "fails", "advisory", "waived"))
    load = load_of(statement)
    seconds = f"{statement['seconds']:.1f}" if load is None else str(load["seconds"])
    parts = [
        word("judged-count", language, judged=judged, all=len(asked)),
        word("requests-count", language, requests=statement["requests"], seconds=seconds),
    ]
    if not statement["complete"]:
        parts.append(word(_part(statement), language))
    return " · ".join(parts)


def _part(statement: Statement) -> str:
    if load_of(statement) is not None:
        return "part-load"
    return "part-traffic" if statement.get("traffic") else "part-run"


def lists(statement: Statement, contract: Contract, language: Language) -> Iterator[dict[str, Any]]:
    """Yield the clauses of each verdict: every finding in a line, or why there is no verdict."""
    known = [one for one in statement["clauses"] if one["id"] in contract.clauses]
    for verdict in _LISTED:
        chosen = [one for one in known if one["verdict"] == verdict]
        if verdict == "holds":
            chosen = [one for one in chosen if one.get("left_out")]
        if chosen:
            chosen.sort(key=_weight(statement))
            clauses = [_row(one, contract, language) for one in chosen]
            yield {"verdict": verdict, "is_folded": verdict in _FOLDED, "clauses": clauses}


def _weight(statement: Statement) -> Callable[[Mapping[str, Any]], tuple[int, int]]:
    """Return the key by which clauses stand in the order of their consequence."""
    order = [one["clause"] for one in statement.get("mend_first", ())]

    def weight(one: Mapping[str, Any]) -> tuple[int, int]:
        impact = one.get("impact")
        kind = KINDS.index(impact["kind"]) if impact else len(KINDS)
        return kind, order.index(one["id"]) if one["id"] in order else len(order)

    return weight


def _row(one: Mapping[str, Any], contract: Contract, language: Language) -> dict[str, Any]:
    clause = contract.clauses[one["id"]]
    impact = one.get("impact")
    lines = [f"{impact['consequence']} {impact['action']}"] if impact else []
    lines += [
        f"{word('label-expected', language)}: {finding['expected']} · "
        f"{word('label-got', language)}: {finding['got']}"
        for finding in one["findings"]
    ]
    lines += [one["reason"]] if one["reason"] else []
    for left_out in one.get("left_out", ()):
        names = first_of(left_out["cases"], language)
        lines.append(f"{word('label-left-out', language)}: {names} ({left_out['reason']})")
    waiver = one.get("waiver")
    if waiver:
        lines.append(
            f"{waiver['until']} · {waiver['owner']} · {waiver['ticket']}: {waiver['reason']}"
        )
    return {
        "id": clause.id,
        "title": clause.title[language],
        "address": ADDRESS.format(clause=clause.id),
        "is_grave": bool(impact),
        "lines": lines,
    }


def _coverage(statement: Statement, contract: Contract) -> Iterator[dict[str, Any]]:
    """Yield the tables of what the run exercised: codes, keywords of the schema, clauses."""
    found = statement["coverage"]
    codes = [(f'"{code}"', (count,)) for code, count in found["result_codes"].items()]
    yield {"heads": ("label-code", "label-seen"), "rows": codes}
    keywords = [
        (name, (one["violated"], one["satisfied"])) for name, one in found["keywords"].items()
    ]
    yield {"heads": ("label-keyword", "label-violated", "label-satisfied"), "rows": keywords}
    clauses = [
        (f"{name} {contract.clauses[name].title[statement['language']]}", (count,))
        for name, count in found["clauses"].items()
        if name in contract.clauses
    ]
    yield {"heads": ("label-clause", "label-exchanges"), "rows": clauses}
