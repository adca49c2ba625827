"""Every clause that draws are judged by: what requests made by chance show, and no case shows."""

import pytest

from esignon_conformance.pytest_suite.settling import settle_draws
from esignon_conformance.pytest_suite.stash import RUN
from esignon_conformance.wording import chosen_language


def test_draws(draw_clause_id: str, request: pytest.FixtureRequest) -> None:
    """The clause holds on every draw that falls under it."""
    settle_draws(
        request.config.stash[RUN], draw_clause_id, chosen_language(request.config.option.lang)
    )
