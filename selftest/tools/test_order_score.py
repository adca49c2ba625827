"""What an order is worth: pure, on a few servers; and the picture of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from xml.etree import ElementTree as ET

import pytest

from esignon_conformance.runner.requests import contract_check
from esignon_conformance.runner.schedule.sparing import kept_for_findings
from esignon_conformance.tools.proof.case_order import Measured
from esignon_conformance.tools.proof.order_score import (
    TOLD_AT,
    Series,
    found_by,
    halves,
    lines,
    sizes,
)
from esignon_conformance.tools.proof.requests_picture import Curve, Point, picture
from esignon_conformance.tools.reference.faults import FAULTS

CONTRACT = contract_check.load()


def test_the_halves_have_as_many_servers_of_each_clause() -> None:
    one, other = halves(FAULTS, list(FAULTS))
    assert sorted([*one, *other]) == sorted(FAULTS)
    of_one, of_other = (Counter(FAULTS[name].clauses[0] for name in half) for half in (one, other))
    assert all(abs(of_one[clause] - of_other[clause]) <= 1 for clause in of_one | of_other)


def test_a_server_is_found_when_the_first_case_that_shows_it_is_sent() -> None:
    shown = {
        "early": frozenset({"b", "c"}),
        "late": frozenset({"c"}),
        "at-once": frozenset({"d"}),
        "by-nothing": frozenset[str](),
    }
    found = Measured(shown, frozenset({"at-once"}), dict.fromkeys(shown, 1.0))
    scored = found_by(
        ["a", "b", "c", "d"], found, list(shown), lambda requests: min(4, requests // 10)
    )
    assert [scored[requests] for requests in (10, 20, 30, 600)] == [0.25, 0.5, 0.75, 0.75]


def test_how_many_cases_fit_is_counted_and_something_is_left_for_findings() -> None:
    names = list(CONTRACT.cases)[:100]
    plain = sum(CONTRACT.cases[name].is_plain_right_login for name in names)

    def count(first: Sequence[str]) -> int:
        return 20 + 2 * len(first)

    size = sizes(CONTRACT, names, count)
    for requests in (60, 150, 201):
        assert size(requests) == pytest.approx(
            (requests - kept_for_findings(requests) - 20) / 2, abs=1
        )
    assert size(1000) == len(names)
    assert size(20 + 2 * plain - 1) == 0


def test_the_figures_are_a_table_and_the_picture_is_readable_xml() -> None:
    found = {step: step / 700 for step in range(10, 601, 10)}
    (head, row) = lines([Series("some order", 7, found)])
    assert [int(cell) for cell in head.split()[2:]] == list(TOLD_AT)
    assert row.split()[:3] == ["some", "order", "7"]
    assert "21.4%" in row
    curves = [Curve(f"order {number} <of five>", found) for number in range(5)]
    text = picture(curves, [Point("another tool", 129, 0.7), Point("", 147, 0.9)])
    drawn = ET.fromstring(text)  # noqa: S314 - our own picture
    words = [one.text for one in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert {one.name for one in curves} <= set(words)
    assert "another tool (108 other servers, counted once)" in words
