"""Puts the tests of a run into a random order: `-p selftest.support.shuffling`."""

from __future__ import annotations

import random

import pytest


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Shuffle, in every worker alike."""
    random.Random(config.option.seed).shuffle(items)  # noqa: S311 - an order, and no secret
