"""What a limit of the pace does and nothing names as one: it comes after many requests, never after few.

Pure.
"""

from __future__ import annotations

import itertools
import math
from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ..recording.response import read
from ..runner.run import Run
from ..transport.messages import Exchange

# Seconds over which limits count.
_WINDOWS = (1, 10)
# Fewer requests in a second are no haste.
_FEWEST = 5
# Where refusals hang on no pace, those after many requests alone come by chance more rarely than this.
_RARE = -4.0
# So many logins of each kind are enough to tell; and how many standard deviations are far.
_LEAST, _FAR = 5, 4.0


@dataclass(frozen=True)
class Haste:
    """At least so many requests in the seconds before each that was found; `spared` came after fewer."""

    seconds: int
    count: int
    spared: int


def haste_of_refusals(run: Run, shown: Sequence[Exchange]) -> Haste | None:
    """Return after how many requests the logins that are shown were refused, and others never.

    None where refusals do not hang on that: where they came by chance, or by what was sent before.
    """
    logins = _logins_of_all_accounts(run, shown)
    return _haste(run.recording.exchanges, logins, {one.id for one in shown}) if logins else None


def come_in_stretches(run: Run, shown: Sequence[Exchange]) -> bool:
    """Tell whether logins were refused for a while, one after the other, and let in again.

    A limit of so many in each second does so to whoever is too quick all the time.
    """
    found = {one.id for one in shown}
    logins = [one for one in _logins_of_all_accounts(run, shown) if not one.burst]
    row = [one.id in found for one in sorted(logins, key=lambda one: one.began)]
    row = row[row.index(True) :] if True in row else []
    refused, let_in = row.count(True), row.count(False)
    stretches = sum(1 for _ in itertools.groupby(row))
    if refused < _LEAST or let_in < _LEAST:
        return False
    # The test of runs by Wald and Wolfowitz: by chance there would be more and shorter ones.
    expected = 2 * refused * let_in / len(row) + 1
    spread = math.sqrt((expected - 1) * (expected - 2) / (len(row) - 1))
    return stretches < expected - _FAR * spread


def _logins_of_all_accounts(run: Run, shown: Sequence[Exchange]) -> Sequence[Exchange]:
    """Return the right logins where those that are shown were refused by a code, whatever their account."""
    codes = run.contract.codes
    if run.traffic is not None or not shown:
        return ()
    if not all(codes.documented(read(one).result_code) in codes.refused for one in shown):
        return ()
    cases = run.contract.cases
    logins = [one for one in run.recording.exchanges if cases[one.case].is_plain_right_login]
    # A lock of an account, or a fault of one, hangs on no pace.
    return logins if len(_accounts(shown)) >= min(2, len(_accounts(logins))) else ()


def haste_of_silence(run: Run, shown: Sequence[Exchange]) -> Haste | None:
    """Return after how many requests those that are shown got no answer, and others never.

    None where no right login is among them that was answered at other times: else what it says may be why.
    """
    every = run.recording.exchanges
    if run.traffic is not None or any(one.answer is not None for one in shown):
        return None
    logins = {one.request for one in shown if run.contract.cases[one.case].is_plain_right_login}
    if not any(one.request in logins and one.answer is not None for one in every):
        return None
    return _haste(every, every, {one.id for one in shown})


def _haste(
    every: Sequence[Exchange], compared: Sequence[Exchange], found: Collection[str]
) -> Haste | None:
    """Return after how many requests those that were found came, where it never hit one after fewer."""
    moments = sorted(one.began for one in every)
    # What has begun at some request hangs on no pace: before it there may have been less haste by chance.
    first = min((one.began for one in compared if one.id in found), default=math.inf)
    since = [one for one in compared if one.began >= first]
    for seconds in _WINDOWS if since else ():
        counts = [(_before(moments, one.began, seconds), one.id in found) for one in since]
        fewest = min((count for count, is_found in counts if is_found), default=0)
        spared = sum(count < fewest for count, _ in counts)
        chance = len(found) * math.log10(1 - spared / len(counts))
        if fewest >= _FEWEST * seconds and chance < _RARE:
            return Haste(seconds, fewest, spared)
    return None


def _accounts(exchanges: Sequence[Exchange]) -> set[str]:
    return {one.request.account for one in exchanges}


def _before(moments: Sequence[float], moment: float, seconds: float) -> int:
    return bisect_right(moments, moment) - bisect_right(moments, moment - seconds)
