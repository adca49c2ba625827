"""Every case whose clause is judged case by case: what was sent, and the outcome that may come."""

import pytest

from esignon_conformance.pytest_suite.settling import settle_case
from esignon_conformance.run import Run
from esignon_conformance.wording import chosen_language


def test_case(case_id: str, conformance: Run, pytestconfig: pytest.Config) -> None:
    """The case comes to one of the outcomes that its clause allows."""
    settle_case(conformance, case_id, chosen_language(pytestconfig.option.lang))
