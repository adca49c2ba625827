"""`summary.md`: the verdict as GitHub-flavoured Markdown, for the summary of a CI step."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping

from ...i18n.catalogue import render, word
from ...i18n.language import Language
from ...runner.run import Run
from ...verdicts.exit_status import EXIT_CONFORMS, EXIT_COULD_NOT_JUDGE, EXIT_FAILS, EXIT_WAIVERS
from ...verdicts.model import Verdict
from ..answer_origin_text import lines_of_what_answered
from ..finding_text import finding_lines, impact_lines
from ..left_out_cases import lines_of_part
from ..load_figures import load_object
from ..load_tables import latency_rows, load_lines
from ..markdown import code, escaped, fenced, table
from ..priorities import deviating, mending_lines, mending_order
from ..summary import (
    UNJUDGED_TITLES,
    headline,
    labels_line,
    lines_of_not_sent,
    lines_of_unjudged,
    login_notice,
    part_line,
    sent_line,
    stale_items,
    table_rows,
    target_line,
    waived_items,
)

_MARKS = {EXIT_CONFORMS: "✅", EXIT_FAILS: "❌", EXIT_COULD_NOT_JUDGE: "⚠️", EXIT_WAIVERS: "⚠️"}
_OTHER_MARK = "⚪"


def step_summary(
    run: Run, exit_status: int, language: Language, environment: Mapping[str, str] = os.environ
) -> str:
    """Return the summary of a run, every secret masked.

    `environment` holds the variables of a CI server, from which the link to its build is made.
    """
    return "\n".join(_lines(run, exit_status, language, environment)) + "\n"


def _lines(
    run: Run, exit_status: int, language: Language, environment: Mapping[str, str]
) -> Iterator[str]:
    says_nothing = exit_status == EXIT_CONFORMS and not run.complete
    mark = _OTHER_MARK if says_nothing else _MARKS.get(exit_status, _OTHER_MARK)
    yield f"## {mark} {_escaped(run, headline(run, exit_status, language))}"
    yield ""
    part = part_line(run, language)
    if part:
        yield from (escaped(part), "")
    notice = login_notice(run, language)
    if notice:
        yield from (f"> {_escaped(run, notice)}", "")
    yield from (_escaped(run, target_line(run, language)), "")
    labels = labels_line(run, language)
    if labels:
        yield from (_escaped(run, labels), "")
    for title, texts in lines_of_what_answered(run, language):
        yield from (f"### {_escaped(run, title)}", "")
        yield from (*(f"- {_escaped(run, text)}" for text in texts), "")
    yield from _load(run, language)
    yield from table(table_rows(run.verdicts, language), numbers=True)
    yield from _failed(run, language)
    yield from _advisories(run, language)
    yield from _waived(run, language)
    found = [
        (title, list(lines_of_unjudged(run, one, language)))
        for one, title in UNJUDGED_TITLES.items()
    ]
    for title, reasons in (*found, ("title-part", list(lines_of_part(run, language)))):
        if reasons:
            yield from ("", f"### {word(title, language)}", "")
            yield from (f"- {_escaped(run, line)}" for line in reasons)
    left_out = list(lines_of_not_sent(run, language))
    if left_out:
        yield ""
        yield from (f"- {_escaped(run, line)}" for line in left_out)
    mending = list(mending_lines(mending_order(run.contract, run.verdicts), language))
    if mending:
        yield from ("", f"### {word('title-mend', language)}", "")
        yield from (f"- {escaped(text)}" for text in mending)
    yield ""
    yield from _end(run, language, environment)


def _load(run: Run, language: Language) -> Iterator[str]:
    """Yield what a load run measured: latency by situation and code, and how it went."""
    if run.traffic is None or run.traffic.load is None:
        return
    load = load_object(run.traffic.load)
    rows = latency_rows(load, language)
    if rows:
        cells = [[escaped(cell) for cell in row] for row in rows]
        yield from (*table(cells, numbers=True), "")
    yield from (*(f"- {escaped(text)}" for text in load_lines(load, language)), "")


def _failed(run: Run, language: Language) -> Iterator[str]:
    failed = deviating(run.contract, run.verdicts, "fails")
    if failed:
        yield from ("", f"### {word('title-failed', language)}")
    for verdict in failed:
        yield from ("", _clause(run, verdict, language))
        impact = list(impact_lines(run, verdict, language))
        if impact:
            yield from ("", *(f"- {escaped(text)}" for text in impact))
        for finding in verdict.findings:
            text = "\n".join(finding_lines(run, finding, language))
            yield from ("", *fenced(run.scrubber.scrub(text)))


def _advisories(run: Run, language: Language) -> Iterator[str]:
    advisories = deviating(run.contract, run.verdicts, "advisory")
    if advisories:
        yield from ("", f"### {word('title-advisories', language)}", "")
    for verdict in advisories:
        yield f"- {_clause(run, verdict, language)}"
        for finding in verdict.findings:
            got = code(run.scrubber.scrub(render(finding.got, language)))
            expected = code(run.scrubber.scrub(render(finding.expected, language)))
            told = f"{word('label-expected', language)}: {expected}"
            yield f"  - {told} · {word('label-got', language)}: {got} {code(finding.case)}"


def _waived(run: Run, language: Language) -> Iterator[str]:
    items = list(waived_items(run, language))
    if items:
        yield from ("", f"### {word('title-waived', language)}", "")
    for what, why in items:
        yield from (f"- {_escaped(run, what)}", f"  - {_escaped(run, why)}")
    stale = list(stale_items(run, language))
    if stale:
        yield from ("", f"### {word('title-stale-waivers', language)}", "")
    yield from (f"- {_escaped(run, text)}" for text in stale)


def _clause(run: Run, verdict: Verdict, language: Language) -> str:
    clause = run.contract.clauses[verdict.clause]
    level = word(f"level-{verdict.level}", language)
    return f"**{clause.id}** ({level}) {escaped(clause.title[language])}"


def _end(run: Run, language: Language, environment: Mapping[str, str]) -> Iterator[str]:
    parts = [sent_line(run, language)]
    if run.traffic is None:
        # Nothing was drawn from a seed, and no depth chosen, for what others sent.
        parts += [word("seed-line", language, seed=run.seed), word(f"depth-{run.depth}", language)]
    yield " · ".join(parts)
    build = build_url(environment)
    if build:
        yield ""
        yield f"[{word('label-build', language)}](<{build}>)"


def build_url(environment: Mapping[str, str]) -> str | None:
    """Return where the build that runs this keeps its files: GitHub, GitLab or Jenkins."""
    server, repository, run_id = (
        environment.get(f"GITHUB_{name}", "") for name in ("SERVER_URL", "REPOSITORY", "RUN_ID")
    )
    if server and repository and run_id:
        url = f"{server}/{repository}/actions/runs/{run_id}#artifacts"
    elif environment.get("CI_JOB_URL"):
        url = f"{environment['CI_JOB_URL']}/artifacts/browse"
    elif environment.get("BUILD_URL"):
        url = environment["BUILD_URL"]
    else:
        return None
    # Between < and > a link may hold anything but these and line ends.
    return (
        url if not re.search(r"[<>\s]", url) and url.startswith(("http://", "https://")) else None
    )


def _escaped(run: Run, text: str) -> str:
    return escaped(run.scrubber.scrub(text))
