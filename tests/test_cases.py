"""Every case whose clause is judged case by case: what was sent, and the outcome that may come."""

from esignon_conformance.app.pytest_plugin.fixtures import Judged
from esignon_conformance.app.pytest_plugin.outcomes import settle_case


def test_case(case_id: str, judged: Judged) -> None:
    """The case comes to one of the outcomes that its clause allows."""
    settle_case(judged.run, case_id, judged.language)
