"""What the tests of the suite are handed."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from ...i18n.catalogue import chosen_language
from ...i18n.language import Language
from ...runner.run import Run
from .state import RUN


@dataclass(frozen=True)
class Judged:
    """The run whose verdicts the tests tell, and the language that they tell them in."""

    run: Run
    language: Language


@pytest.fixture(scope="session")
def judged(request: pytest.FixtureRequest) -> Judged:
    """Return the run and the language."""
    config = request.config
    return Judged(config.stash[RUN], chosen_language(config.option.lang))


@pytest.fixture(scope="session", name="_verify_url")
def base_url_is_verified_by_the_run() -> None:
    """Take the place of pytest-base-url's own request to the base URL.

    It knows no limit, no allowed host and no proxy of the run, whose first request tells as much.
    """
