"""Every clause that is judged over the whole recording, such as those that hold for every answer."""

from esignon_conformance.app.pytest_plugin.fixtures import Judged
from esignon_conformance.app.pytest_plugin.outcomes import settle_clause


def test_clause(clause_id: str, judged: Judged) -> None:
    """The clause holds on every exchange that it looks at."""
    settle_clause(judged.run, clause_id, judged.language)
