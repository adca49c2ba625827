"""`statement.json`: what the run came to, for machines.  Its schema is `schemas/statement.json`."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

from .. import __version__
from ..contract.waiver import Waiver
from ..i18n.catalogue import render
from ..i18n.language import Language
from ..recording.traffic import Traffic
from ..runner.run import Run
from ..runner.skipped import not_sent_rows
from ..verdicts.model import Finding, Verdict
from .advice import advice_of
from .answer_origin_text import lines_of_what_answered, lock_rows, own_limit_rows, stop_row
from .coverage import coverage
from .left_out_cases import cases_by_reason
from .load_figures import load_object, passing_gateway_errors
from .priorities import mending_order
from .summary import headline, login_notice
from .waiver_usage import is_stale, standing

FORMAT = 1
STATEMENT_NAME = "statement.json"


def statement(run: Run, exit_status: int | None, language: Language) -> dict[str, Any]:
    """Return the statement of a run as plain data, every secret masked.

    `exit_status` is None for a run that has not come to its end.
    """
    target: dict[str, Any] = {"kind": run.target.kind, "base_url": run.target.base_url}
    main = run.target.accounts.get("main")
    target["company_id"] = main.company if main is not None else ""
    target["accounts"] = [name for name in run.target.accounts if name != "made-up"]
    if run.target.name:
        target["name"] = run.target.name
    passing = passing_gateway_errors(run)
    document = {
        "format": FORMAT,
        "complete": run.complete,
        "depth": _depth(run),
        "exit_status": exit_status,
        "headline": headline(run, exit_status, language),
        "login_notice": login_notice(run, language),
        "target": target,
        "suite": {"name": "esignon-conformance", "version": __version__},
        "contract": {"operation": run.contract.operation.id, "sha256": run.contract.fingerprint},
        "page": _page(run),
        "seed": run.seed,
        "language": language,
        "started": datetime.fromtimestamp(run.started, UTC).isoformat(timespec="seconds"),
        "seconds": round(run.seconds, 3),
        "requests": run.requests,
        "passing_gateway_errors": passing,
        "labels": dict(run.target.labels),
        "stop": stop_row(run, language),
        "locks": lock_rows(run),
        "own_limits": own_limit_rows(run),
        "what_answered": [
            {"title": title, "lines": lines}
            for title, lines in lines_of_what_answered(run, language)
        ],
        "not_sent": not_sent_rows(run.recording.unsent, language),
        "coverage": coverage(run),
        "waivers": [_waiver_of_run(run, waiver) for waiver in run.waivers],
        "mend_first": [
            {"clause": one.clause, "unlocks": list(one.unlocks)}
            for one in mending_order(run.contract, run.verdicts)
        ],
        "clauses": [_clause(verdict, run, language) for verdict in run.verdicts],
    }
    if run.token_proof is not None:
        document["token_proof"] = {
            "header": run.token_proof.header,
            "statuses": dict(run.token_proof.statuses),
            "accepted": sorted(run.token_proof.accepted),
        }
    if run.traffic is not None:
        # Limits are those of who sent it.
        document["traffic"] = _traffic(run.traffic)
    else:
        document["limits"] = asdict(run.target.limits)
    masked: dict[str, Any] = run.scrubber.scrub_all(document)
    return masked


def _page(run: Run) -> dict[str, Any]:
    """Return the fingerprint of the page, and how old its edition was on the day of the run (UTC)."""
    found: dict[str, Any] = {"edition": run.contract.edition, "sha256": run.contract.page_sha256}
    dated = _date_of(run.contract.edition)
    if dated is not None:
        found["dated"] = dated.isoformat()
        found["age_in_days"] = (datetime.fromtimestamp(run.started, UTC).date() - dated).days
    return found


def _date_of(edition: str) -> date | None:
    """Return the day that an edition is named after, such as ``kor_20210407``."""
    digits = edition[-len("YYYYMMDD") :]
    try:
        return datetime.strptime(digits, "%Y%m%d").replace(tzinfo=UTC).date()
    except ValueError:
        return None


def _depth(run: Run) -> str:
    """Return how much of the contract was sent; of what load sends, or others sent, that is no measure."""
    if run.traffic is None:
        return run.depth
    return "traffic" if run.traffic.load is None else "load"


def _traffic(traffic: Traffic) -> dict[str, Any]:
    return {
        "files": list(traffic.files),
        "entries": traffic.entries,
        "others": traffic.others,
        "servers": dict(traffic.servers),
        "losses": dict(traffic.losses),
        "set_aside": dict(traffic.set_aside),
        "kept": traffic.kept,
        **({} if traffic.load is None else {"load": load_object(traffic.load)}),
    }


def _clause(verdict: Verdict, run: Run, language: Language) -> dict[str, Any]:
    return {
        "id": verdict.clause,
        "level": verdict.level,
        "verdict": verdict.verdict,
        "reason": render(verdict.reason, language) if verdict.reason else None,
        "observed": dict(verdict.observed) if verdict.observed else None,
        "cases": list(verdict.cases),
        "exchanges": verdict.exchanges,
        "left_out": [
            {"reason": reason, "cases": cases}
            for reason, cases in cases_by_reason(verdict, language).items()
        ],
        **({"without_outcome": verdict.without_outcome} if verdict.without_outcome else {}),
        "waiver": _waiver(verdict.waiver),
        "impact": _impact(verdict, run, language) if verdict.findings else None,
        "findings": [_finding(finding, run, language) for finding in verdict.findings],
    }


def _impact(verdict: Verdict, run: Run, language: Language) -> dict[str, str] | None:
    impact = advice_of(run, verdict)
    if impact is None:
        return None
    consequence, action = impact.consequence[language], impact.action[language]
    return {"kind": impact.kind, "consequence": consequence, "action": action}


def _finding(finding: Finding, run: Run, language: Language) -> dict[str, Any]:
    return {
        "case": finding.case,
        "cases": list(finding.cases),
        "pointer": finding.pointer,
        "expected": render(finding.expected, language),
        "got": render(finding.got, language),
        "exchanges": list(finding.exchanges),
        "request_ids": [run.exchanges[name].request_id for name in finding.exchanges],
        "unstable": finding.unstable,
        **({"more": finding.more} if finding.more else {}),
        "waiver": _waiver(finding.waiver),
    }


def _waiver(waiver: Waiver | None) -> dict[str, str] | None:
    if waiver is None:
        return None
    return {
        "reason": waiver.reason,
        "owner": waiver.owner,
        "ticket": waiver.ticket,
        "until": waiver.until.isoformat(),
    }


def _waiver_of_run(run: Run, waiver: Waiver) -> dict[str, Any]:
    about = {"clause": waiver.clause or None, "case": waiver.case or None}
    became = {"standing": standing(run, waiver), "stale": is_stale(run, waiver)}
    return {**about, **(_waiver(waiver) or {}), **became}
