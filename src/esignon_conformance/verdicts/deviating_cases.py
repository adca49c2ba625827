"""Which cases deviate from what their own clause allows.  Pure."""

from __future__ import annotations

from collections.abc import Iterable

from ..checks import judged_by_case
from ..contract.model import Contract
from .model import Verdict


def deviating_cases(contract: Contract, verdicts: Iterable[Verdict]) -> list[str]:
    """Return the cases whose own clause has a finding, each once, in the order of the verdicts."""
    own = [one for one in verdicts if judged_by_case(contract.clauses[one.clause])]
    return list(
        dict.fromkeys(case for one in own for finding in one.findings for case in finding.cases)
    )
