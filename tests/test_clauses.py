"""Every clause that is judged over the whole recording, such as those that hold for every answer."""

import pytest

from esignon_conformance.pytest_suite.settling import settle_clause
from esignon_conformance.pytest_suite.stash import RUN
from esignon_conformance.wording import chosen_language


def test_clause(clause_id: str, request: pytest.FixtureRequest) -> None:
    """The clause holds on every exchange that it looks at."""
    settle_clause(request.config.stash[RUN], clause_id, chosen_language(request.config.option.lang))
