"""What the tests of the suite are handed."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from ..contract.model import Language
from ..run import Run


@dataclass(frozen=True)
class Judged:
    """The run whose verdicts the tests tell, and the language that they tell them in."""

    run: Run
    language: Language


class Fixtures:
    """The fixtures of one run.  They ask for no other fixture: pytest would look for it at each test."""

    def __init__(self, run: Run, language: Language) -> None:
        self._judged = Judged(run, language)

    @pytest.fixture(scope="session")
    def judged(self) -> Judged:
        """Return the run and the language."""
        return self._judged

    @pytest.fixture(scope="session", name="_verify_url")
    def base_url_is_verified_by_the_run(self) -> None:
        """Take the place of pytest-base-url's own request to the base URL.

        It knows no limit, no allowed host and no proxy of the run, whose first request tells as much.
        """
