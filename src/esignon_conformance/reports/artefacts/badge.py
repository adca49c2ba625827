"""`badge.json`: the verdict as a badge, in the form of shields.io's endpoint badge."""

from __future__ import annotations

from collections import Counter
from typing import Any

from ...i18n.catalogue import word
from ...i18n.language import Language
from ...runner.run import Run
from ...verdicts.exit_status import EXIT_CONFORMS, EXIT_COULD_NOT_JUDGE, EXIT_FAILS, EXIT_WAIVERS
from ...verdicts.model import VerdictWord

# What a reader should see first comes first.
_ORDER: tuple[VerdictWord, ...] = (
    "fails",
    "could-not-judge",
    "advisory",
    "waived",
    "not-judged",
    "holds",
)
_COLORS = {
    EXIT_CONFORMS: "brightgreen",
    EXIT_FAILS: "red",
    EXIT_COULD_NOT_JUDGE: "orange",
    EXIT_WAIVERS: "orange",
}
_NOTHING_SAID = "lightgrey"


def badge(run: Run, exit_status: int, language: Language) -> dict[str, Any]:
    """Return the badge of a run: counts of clauses by verdict, and a colour that says pass or fail.

    A part run and the server in the box are named, and never green: neither says that a server
    conforms.
    """
    counts = Counter(one.verdict for one in run.verdicts)
    parts = [
        f"{counts[verdict]} {word(f'verdict-{verdict}', language)}"
        for verdict in _ORDER
        if counts[verdict]
    ]
    is_part = not run.complete
    if is_part:
        is_load = run.traffic is not None and run.traffic.load is not None
        parts.insert(0, word("title-load" if is_load else "badge-part", language))
    label = word("badge-label", language)
    if run.target.kind == "box":
        label += f" ({word('title-box', language)})"
    color = _COLORS.get(exit_status, _NOTHING_SAID)
    if exit_status == EXIT_CONFORMS and (is_part or run.target.kind == "box"):
        color = _NOTHING_SAID
    return {
        "schemaVersion": 1,
        "label": label,
        "message": " · ".join(parts),
        "color": color,
        # Such a badge keeps its colour, whatever the page that shows it asks for.
        "isError": exit_status != EXIT_CONFORMS,
    }
