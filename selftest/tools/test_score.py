"""The score of a proof, from results that are made up."""

from __future__ import annotations

import pytest

from esignon_conformance.tools.proof.score import Kind, Result, Score, Shown, lines


def _result(
    name: str,
    *failed: str,
    kind: Kind = "fault",
    advised: tuple[str, ...] = (),
    problem: str = "",
) -> Result:
    clauses: dict[Kind, tuple[str, ...]] = {"fault": ("ENV-7",), "advisory": ("ENV-8",)}
    return Result(
        name,
        kind,
        "A server.",
        clauses.get(kind, ()),
        failed=failed,
        advised=advised,
        exit_status=1 if failed else 0,
        shown=tuple(Shown(clause, "case", "got") for clause in (*failed, *advised)),
        problem=problem,
    )


@pytest.mark.parametrize(
    ("spoiling", "word"),
    [
        (_result("unseen"), "missed"),
        (_result("elsewhere", "ENV-6"), "wrong clause"),
        (_result("all-over", "ENV-7", "ENV-6", "ENV-5", "ENV-4"), "spread"),
        (_result("good", "ENV-7", kind="liberty"), "blamed"),
        (_result("good", kind="liberty", problem="it broke down"), "blamed"),
        (_result("unadvised", kind="advisory"), "missed"),
        (_result("advised-of-else", kind="advisory", advised=("ENV-9",)), "wrong clause"),
        (_result("failing", "ENV-7", kind="advisory", advised=("ENV-8",)), "blamed"),
        (
            _result("all-over", kind="advisory", advised=("ENV-8", "SUC-6", "SUC-7", "SUC-11")),
            "spread",
        ),
    ],
)
def test_a_server_that_spoils_the_score_has_a_line_and_fails_it(
    spoiling: Result, word: str
) -> None:
    right = tuple(_result(f"right-{number}", "ENV-7") for number in range(3))
    score = Score((*right, spoiling), "quick", 1.0)
    assert not score.passes
    assert [row for row in lines(score) if row.startswith(f"{word}: {spoiling.name} ")]


def test_what_quick_depth_cannot_find_is_listed_and_does_not_count() -> None:
    rare = Result("rare", "fault", "A server.", ("ENV-7",), "standard")
    score = Score((_result("right", "ENV-7"), rare), "quick", 1.0)
    assert score.passes
    assert list(lines(score))[-1].startswith("not sought at quick depth by design: rare")
    assert not Score(score.results, "standard", 1.0).passes


def test_both_levels_count_apart() -> None:
    advised = _result("slight", kind="advisory", advised=("ENV-8",))
    good = _result("good", kind="liberty", advised=("ENV-8",))
    score = Score((_result("right", "ENV-7"), advised, good), "quick", 1.0)
    assert score.passes
    assert (score.named, len(score.faults), len(score.advisories), len(score.blamed)) == (
        1,
        1,
        1,
        0,
    )
    counts = {"all": 1, "advised": 1, "named": 1, "blamed": 0}
    assert score.as_json()["should_faults"] == counts
