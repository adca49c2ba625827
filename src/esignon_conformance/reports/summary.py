"""What a run came to, in words: for the last screen and for the summary of a CI step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..contract.model import groups_of
from ..i18n.catalogue import render, word
from ..i18n.language import Language
from ..i18n.message import say
from ..recording.response import is_refusal, outcome
from ..recording.traffic import Traffic
from ..resources import shown_path
from ..runner.run import Run
from ..runner.skipped import lost, not_sent_lines
from ..target.settings import setting_names
from ..verdicts.exit_status import (
    EXIT_COULD_NOT_JUDGE,
    EXIT_FAILS,
    EXIT_INTERNAL,
    EXIT_INTERRUPTED,
    EXIT_NOTHING_RAN,
    EXIT_WAIVERS,
    failing_run,
    uncovered_codes,
)
from ..verdicts.model import Verdict, is_broken_down
from ..verdicts.not_judged import account_name
from .coverage import codes_that_came
from .finding_text import waiver_text
from .load_figures import load_object
from .load_tables import load_line, load_lines
from .waiver_usage import stale_waivers, standing

_COLUMNS = ("holds", "fails", "advisory", "not-judged", "could-not-judge", "observed")
NONE = "·"
# Which clauses have no verdict, and the title over them.
UNJUDGED_TITLES = {"could-not-judge": "title-could-not", "not-judged": "title-not-judged"}


def headline(run: Run, status: int | None, language: Language) -> str:
    """Return the first line of the verdict; no status is that of a run which has not ended.

    A run of a few cases says so in the same breath.
    """
    verdict = _headline(run, status, language)
    if run.depth != "smoke" or not run.is_whole or status in (None, EXIT_INTERNAL):
        return verdict
    written = [name for name, case in run.contract.cases.items() if not case.is_drawn]
    sent = sum(name not in run.recording.unsent for name in written)
    return word("headline-smoke", language, verdict=verdict, sent=sent, all=len(written))


def _headline(run: Run, status: int | None, language: Language) -> str:
    if status is None:
        return word("title-unended", language)
    failed = [one for one in run.verdicts if one.verdict == "fails"]
    if status == EXIT_INTERNAL and run.unwritten and not run.internal_error:
        where = shown_path(run.report_dir)
        return render(say("headline-unwritten", reason=run.unwritten, directory=where), language)
    if status == EXIT_INTERNAL:
        broken = [one.clause for one in run.verdicts if is_broken_down(one)]
        key = "headline-broke-down" if broken else "headline-internal"
        return word(key, language, clauses=", ".join(broken))
    if status == EXIT_INTERRUPTED:
        return word("headline-interrupted", language)
    if status == EXIT_FAILS and not failed:
        never = uncovered_codes(run.fail_on, codes_that_came(run))
        of_codes = [word("fail-on-uncovered", language, code=code) for code in never]
        named = [*failing_run(run.verdicts, run.fail_on), *of_codes]
        return word("headline-fail-on", language, clauses=", ".join(named))
    if status == EXIT_FAILS:
        return word("headline-fails", language, count=len(failed))
    if status == EXIT_COULD_NOT_JUDGE:
        return word("headline-could-not-judge", language, reason=_could_not_reason(run, language))
    if status == EXIT_WAIVERS:
        return word("headline-waivers", language)
    if status == EXIT_NOTHING_RAN:
        return word("headline-nothing-ran", language)
    return word(_headline_without_deviation(run), language)


def _headline_without_deviation(run: Run) -> str:
    if run.traffic is not None:
        return "headline-traffic" if run.traffic.load is None else "headline-load"
    return "headline-conforms" if run.complete else "headline-part"


def _could_not_reason(run: Run, language: Language) -> str:
    for verdict in run.verdicts:
        if verdict.verdict == "could-not-judge" and verdict.level == "must" and verdict.reason:
            return render(verdict.reason, language)
    return word("part-could-not", language)


def login_notice(run: Run, language: Language) -> str | None:
    """Return the line that names the causes when every right login of an account was refused."""
    unsent = run.recording.unsent.values()
    refused = {one.about for one in unsent if one.word == "first-login-refused"}
    for exchange in run.recording.exchanges:
        result = outcome(exchange, frozenset(), run.contract.codes)
        account = exchange.request.account
        if exchange.role == "login" and account in refused and is_refusal(result):
            got = word("code", language, code=result)
            return word(
                "headline-login-refused",
                language,
                account=render(account_name(account), language),
                got=got,
            )
    return None


def target_line(run: Run, language: Language) -> str:
    """Return the line that says what was tested; the server in the box says that it is one."""
    if run.traffic is not None:
        load = run.traffic.load
        if load is not None:
            servers = ", ".join(sorted(run.traffic.servers)) or NONE
            return load_line(load_object(load), servers, language)
        return traffic_line(run.traffic, language)
    if run.target.kind == "box":
        return word("box-notice", language)
    if run.target.name:
        return word("target-named", language, name=run.target.name, url=run.target.base_url)
    return word("target-notice", language, url=run.target.base_url)


def traffic_line(traffic: Traffic, language: Language) -> str:
    """Return the line that says which traffic was judged, and how much of it."""
    files = ", ".join(traffic.files)
    # A recording of the suite keeps no scheme.
    names = (one.removeprefix("unknown://") for one in sorted(traffic.servers))
    servers = ", ".join(one for one in names if one and not one.endswith("://"))
    counts = {"requests": traffic.requests, "entries": traffic.entries, "others": traffic.others}
    key = "traffic-notice" if servers else "traffic-notice-nowhere"
    key = key if traffic.requests else "traffic-notice-none"
    return word(key, language, files=files, servers=servers, **counts)


def lines_of_traffic(run: Run, language: Language) -> Iterator[str]:
    """Yield what recorded traffic lacks, what of it was set aside, and what the clauses hold by."""
    if run.traffic is None:
        return
    if run.traffic.load is not None:
        yield from load_lines(load_object(run.traffic.load), language)
    for name, count in sorted(run.traffic.set_aside.items()):
        yield word(f"aside-{name}", language, count=count)
    lost = run.traffic.losses if run.traffic.load is None else {}
    for loss, count in sorted(lost.items()):
        yield word(f"loss-{loss}", language, count=count)
    held = [one for one in run.verdicts if one.verdict == "holds"]
    if held:
        # "A verdict says only what was judged": never of how many requests the suite would have sent.
        shown = ", ".join(f"{one.clause} ({_count_of(one, language)})" for one in held)
        key = "traffic-held" if run.traffic.load is None else "load-held"
        yield word(key, language, clauses=shown)


def _count_of(verdict: Verdict, language: Language) -> str:
    """Return by how many exchanges a clause holds, and of how many where some came to nothing."""
    if not verdict.without_outcome:
        return str(verdict.exchanges)
    every = verdict.exchanges + verdict.without_outcome
    return word("traffic-count-of", language, count=verdict.exchanges, all=every)


def sent_line(run: Run, language: Language) -> str:
    """Return how many requests there were, and in which time: of a load run, that of its answers."""
    load = run.traffic.load if run.traffic is not None else None
    seconds = f"{run.seconds:.1f}" if load is None else str(load.duration)
    return word("requests-count", language, requests=run.requests, seconds=seconds)


def part_line(run: Run, language: Language) -> str | None:
    """Return the line that says that this is no whole run of the suite; None where it is one."""
    if run.traffic is not None:
        is_load = run.traffic.load is not None
        return word("part-load" if is_load else "part-traffic", language)
    return None if run.is_whole else word("part-run", language)


def columns_of(verdicts: Sequence[Verdict]) -> tuple[str, ...]:
    """Return the verdicts that a table counts; where nothing is waived the word is left out."""
    waived = ("waived",) if any(one.verdict == "waived" for one in verdicts) else ()
    return (*_COLUMNS[:3], *waived, *_COLUMNS[3:])


def table_rows(verdicts: Sequence[Verdict], language: Language) -> list[list[str]]:
    """Return the table by clause group, its head first: counts by verdict."""
    columns = columns_of(verdicts)
    names = [word("table-group", language), *(word(f"verdict-{one}", language) for one in columns)]
    rows = [names]
    for group in (*groups_of(one.clause for one in verdicts), None):
        chosen = [one for one in verdicts if group is None or one.clause.startswith(f"{group}-")]
        label = word(f"group-{group}", language) if group else word("table-total", language)
        counts = [sum(1 for one in chosen if one.verdict == column) for column in columns]
        rows.append([label, *(str(count) if count else NONE for count in counts)])
    return rows


def lines_of_unjudged(run: Run, wanted: str, language: Language) -> Iterator[str]:
    """Yield the clauses with a verdict that says why there is none, one text a reason."""
    by_reason: dict[str, list[str]] = {}
    for verdict in run.verdicts:
        if verdict.verdict == wanted and verdict.reason:
            by_reason.setdefault(render(verdict.reason, language), []).append(verdict.clause)
    for reason, clauses in by_reason.items():
        yield f"{', '.join(clauses)}: {reason}"


def waived_items(run: Run, language: Language) -> Iterator[tuple[str, str]]:
    """Yield what is waived, and what its waiver says."""
    for verdict in run.verdicts:
        for finding in verdict.findings:
            if finding.waiver is not None:
                got = f"{word('label-got', language)}: {render(finding.got, language)}"
                told = waiver_text(finding.waiver, language)
                yield f"{verdict.clause}  {got}  [{finding.case}]", told
    for waiver in run.waivers:
        if not waiver.send and waiver in run.waivers_in_force:
            left_out = word("waiver-left-out", language)
            yield f"{waiver.about}  {left_out}", waiver_text(waiver, language)


def stale_items(run: Run, language: Language) -> Iterator[str]:
    """Yield the waivers that have to be removed or renewed, and why."""
    told = dict.fromkeys(stale_waivers(run), "waiver-not-needed")
    for waiver in run.waivers:
        if standing(run, waiver) == "expired":
            told[waiver] = "waiver-expired" if waiver.send else "waiver-expired-left-out"
    for waiver, key in told.items():
        words = {"about": waiver.about, "ticket": waiver.ticket, "until": waiver.until}
        yield f"{waiver.place}: {word(key, language, **words)}"


def missing_settings(run: Run) -> list[str]:
    """Return the names of the settings that would let more clauses or cases be judged."""
    groups = {one.about for one in run.recording.unsent.values() if one.word == "no-account"}
    return [name for group in sorted(groups) for name in setting_names(group)]


def lines_of_not_sent(run: Run, language: Language) -> Iterator[str]:
    """Yield how many cases limits left out or the end of the run did, one text a reason."""
    yield from not_sent_lines(lost(run.recording.unsent).values(), language)


def labels_line(run: Run, language: Language) -> str | None:
    """Return the line that tells the labels of the run; None without any."""
    if not run.target.labels:
        return None
    labels = ", ".join(f"{name}={value}" for name, value in run.target.labels.items())
    return word("labels", language, labels=labels)
