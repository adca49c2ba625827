"""Which findings of a clause a test tells: every finding is told once."""

from __future__ import annotations

from ...checks import looks_at_draws
from ...runner.run import Run
from ...verdicts.model import Finding


def findings_of_clause(run: Run, clause_id: str) -> tuple[Finding, ...]:
    """Return the findings of a clause judged over the recording, but for those that draws tell."""
    findings = run.by_clause[clause_id].findings
    if not looks_at_draws(run.contract.clauses[clause_id]):
        return findings
    return tuple(one for one in findings if not is_drawn(run, one))


def drawn_findings(run: Run, clause_id: str) -> tuple[Finding, ...]:
    """Return the findings that only draws show, where no case shows one."""
    findings = run.by_clause[clause_id].findings
    return findings if all(is_drawn(run, one) for one in findings) else ()


def is_drawn(run: Run, finding: Finding) -> bool:
    """Tell whether a draw shows a finding, and no case that stands in a file."""
    return run.contract.cases[finding.case].is_drawn
