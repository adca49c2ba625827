"""What a run has exercised: result codes, keywords of the request's schema, exchanges a clause."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterator
from typing import Any

from ..i18n.catalogue import word
from ..i18n.language import Language
from ..recording.response import read
from ..runner.fuzzing.keywords import all_keywords, applied
from ..runner.run import Run
from ..transport.json_reader import read_json
from ..transport.messages import Exchange
from .code_matrix import seen_codes


def coverage(run: Run) -> dict[str, Any]:
    """Return the coverage of a run as plain data, as the statement holds it."""
    if run.traffic is not None:
        clauses = {one.clause: one.exchanges for one in run.verdicts}
        return {
            "draws": 0,
            "result_codes": codes_that_came(run),
            "situations": {},
            "keywords": {},
            "clauses": clauses,
        }
    posts = _posts(run)
    return {
        "draws": len({one.case for one in posts if run.contract.cases[one.case].is_drawn}),
        "result_codes": codes_that_came(run),
        "situations": seen_codes(run),
        "keywords": _keywords(run, posts),
        "clauses": {one.clause: one.exchanges for one in run.verdicts},
    }


def _posts(run: Run) -> list[Exchange]:
    method = run.contract.operation.method
    return [one for one in run.recording.exchanges if one.request.method == method]


def codes_that_came(run: Run) -> dict[str, int]:
    """Return how often each documented code came, 0 for one that did not."""
    if run.traffic is not None:
        # Of recorded traffic only some exchanges are kept, and nothing is counted by these.
        came = run.traffic.codes
    else:
        codes = (read(one).result_code for one in _posts(run))
        came = Counter(code for code in codes if code is not None)
    return {code: came[code] for code in run.contract.documented_texts}


def _keywords(run: Run, posts: list[Exchange]) -> dict[str, dict[str, int]]:
    """Return by how many bodies each keyword was violated and satisfied."""
    schema = run.contract.operation.request_schema
    counts: dict[str, Counter[bool]] = {name: Counter() for name in all_keywords(schema)}
    for body in {one.request.body for one in posts}:
        text = read_json(body)
        if text.readable:
            for one in applied(schema, text.value):
                counts[one.name][one.satisfied] += 1
    return {
        name: {"violated": count[False], "satisfied": count[True]} for name, count in counts.items()
    }


def coverage_lines(run: Run, language: Language) -> Iterator[str]:
    """Yield the lines of the last screen that tell the coverage."""
    found = coverage(run)
    codes = ", ".join(f'"{code}" × {count}' for code, count in found["result_codes"].items())
    if codes:
        # A drafted operation may tell success by its status, and have no codes.
        yield word("coverage-codes", language, codes=codes)
    keywords = found["keywords"].values()
    if run.traffic is None:
        yield word(
            "coverage-keywords",
            language,
            all=len(keywords),
            violated=sum(1 for one in keywords if one["violated"]),
            satisfied=sum(1 for one in keywords if one["satisfied"]),
            draws=found["draws"],
            depth=word(f"depth-{run.depth}", language),
        )
    clauses = run.contract.clauses
    judged = {
        name: count
        for name, count in found["clauses"].items()
        if count and clauses[name].level != "observe"
    }
    if judged:
        fewest = min(judged, key=lambda name: judged[name])
        yield word(
            "coverage-clauses",
            language,
            judged=len(judged),
            fewest=judged[fewest],
            clause=fewest,
            middle=round(statistics.median(judged.values())),
            most=max(judged.values()),
        )
