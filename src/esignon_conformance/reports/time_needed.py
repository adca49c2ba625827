"""How long a run would have taken whose time was up before its end.  Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator

from ..i18n.catalogue import word
from ..i18n.language import Language
from ..runner.run import Run

# What deviates is sent again, and what a limit met, too.
_MARGIN = 1.1
_A_MINUTE = 60


def lines_of_time_needed(run: Run, language: Language) -> Iterator[str]:
    """Yield how many cases the time left out, the pace that was measured, and the time that all take."""
    left, sent, pace = _left(run), _sent(run), _pace(run)
    if not left or not pace or run.requests_in_all is None:
        return
    limit = f"{run.target.limits.max_time:g}"
    counts = {
        "left": len(left),
        "all": len(left | sent),
        "rate": f"{pace:.{0 if pace >= 10 else 1}f}",
    }
    lacking = max(len(left), run.requests_in_all - run.requests)
    needed = _A_MINUTE * math.ceil((run.seconds + _MARGIN * lacking / pace) / _A_MINUTE)
    yield word("time-up-look", language, **counts, limit=limit, needed=needed)
    if run.depth != "smoke":
        yield word("time-up-smoke", language)


def _left(run: Run) -> set[str]:
    """Return the cases that the time left out; draws use the room that there is, and lack nothing."""
    return {
        name
        for name, reason in run.recording.unsent.items()
        if reason.word == "time-up" and not run.contract.cases[name].is_drawn
    }


def _sent(run: Run) -> set[str]:
    names = {one.case for one in run.recording.exchanges}
    return {name for name in names if not run.contract.cases[name].is_drawn}


def _pace(run: Run) -> float:
    """Return how many requests a second went out in the second half of the sending.

    What a limit slowed down goes on as slowly as at the end, and not as quickly as at first.
    """
    exchanges = run.recording.exchanges
    if not exchanges:
        return 0.0
    half = (exchanges[-1].ended - exchanges[0].began) / 2
    sent = sum(one.tries for one in exchanges if one.began >= exchanges[-1].ended - half)
    return sent / half if half > 0 else 0.0
