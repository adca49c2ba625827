"""Every case whose clause is judged case by case: what was sent, and the outcome that may come."""

import pytest

from esignon_conformance.pytest_suite.settling import settle_case
from esignon_conformance.pytest_suite.stash import RUN
from esignon_conformance.wording import chosen_language


def test_case(case_id: str, request: pytest.FixtureRequest) -> None:
    """The case comes to one of the outcomes that its clause allows."""
    settle_case(request.config.stash[RUN], case_id, chosen_language(request.config.option.lang))
