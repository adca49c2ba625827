"""Every clause that is judged over the whole recording, such as those that hold for every answer."""

import pytest

from esignon_conformance.pytest_suite.settling import settle_clause
from esignon_conformance.run import Run
from esignon_conformance.wording import chosen_language


def test_clause(clause_id: str, conformance: Run, pytestconfig: pytest.Config) -> None:
    """The clause holds on every exchange that it looks at."""
    settle_clause(conformance, clause_id, chosen_language(pytestconfig.option.lang))
