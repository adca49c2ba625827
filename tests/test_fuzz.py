"""Every clause that draws are judged by: what requests made by chance show, and no case shows."""

from esignon_conformance.app.pytest_plugin.fixtures import Judged
from esignon_conformance.app.pytest_plugin.outcomes import settle_draws


def test_draws(draw_clause_id: str, judged: Judged) -> None:
    """The clause holds on every draw that falls under it."""
    settle_draws(judged.run, draw_clause_id, judged.language)
