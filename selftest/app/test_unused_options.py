"""Options that change nothing are told, since whoever gave them believes that they count."""

from __future__ import annotations

import argparse
from typing import Any

import pytest

from esignon_conformance.app.pytest_plugin.unused_options import unused_options
from esignon_conformance.i18n.catalogue import render
from esignon_conformance.runner.depth import FUZZ_TIME, MAX_EXAMPLES

USUAL = {
    "depth": "standard",
    "max_examples": MAX_EXAMPLES,
    "fuzz_time": FUZZ_TIME,
    "requests": None,
    "base_path": "",
    "accounts_are_all": False,
    "traffic": [],
}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, []),
        (
            {"max_examples": 7},
            ["Without effect: --max-examples, which counts with --depth deep only"],
        ),
        ({"fuzz_time": 7.0}, ["Without effect: --fuzz-time, which counts with --depth deep only"]),
        ({"max_examples": 7, "fuzz_time": 7.0, "depth": "deep"}, []),
        (
            {"requests": 900, "depth": "smoke"},
            ["--depth smoke sends at most 150 requests: --max-requests 900 does not raise that"],
        ),
        ({"requests": 90, "depth": "smoke"}, []),
        ({"requests": 900}, []),
        ({"base_path": "/x"}, ["Without effect: --base-path, which counts with judge only"]),
        ({"base_path": "/x", "accounts_are_all": True, "traffic": ["a.har"]}, []),
    ],
)
def test_what_has_no_effect_is_told(given: dict[str, Any], told: list[str]) -> None:
    option = argparse.Namespace(**{**USUAL, **given})
    assert [render(one, "en") for one in unused_options(option)] == told
