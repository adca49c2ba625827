"""`make mutants`: which changes of the server in the box the suite does not see."""

from __future__ import annotations

import argparse
import gc
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from esignon_conformance import resources
from esignon_conformance.contract.model import Contract
from esignon_conformance.runner.requests import contract_check
from esignon_conformance.tools.proof.parts import part_number
from selftest.mutants.judging import Judged, Stated, judged, stated, steady
from selftest.mutants.making import SERVER, all_mutants
from selftest.mutants.mutant import Mutant, Name
from selftest.mutants.serving import serving_changed
from selftest.mutants.session import Session, opened, usual_path
from selftest.mutants.survivors import KINDS, Tally, read, tally

SEED = 20210407
EXIT_ALL_TOLD, EXIT_UNTOLD, EXIT_INTERRUPTED = 0, 1, 2


def main() -> int:
    """Judge what was not judged yet; return 0 if every survivor has its reason."""
    options = _options()
    # A request to end must reach what was started, too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    listed = read()
    print("Making the mutants, about half a minute ...", file=sys.stderr)
    mutants = {mutant.name: mutant for mutant in all_mutants()}
    with opened(options.session or usual_path(resources.reports())) as session:
        session.add(mutants, SERVER)
        chosen = [
            name for name in chosen_of(list(mutants), *options.part) if options.only in str(name)
        ]
        interrupted = False
        try:
            _judge(chosen, mutants, session, options.minutes * 60)
        except KeyboardInterrupt:
            interrupted = True
        fates = {name: fate for name, fate in session.fates().items() if name in mutants}
    told = tally(fates, mutants, listed)
    for row in lines(fates, len(mutants), told):
        print(row)
    if interrupted:
        return EXIT_INTERRUPTED
    broke = any(fate.fate == "suite-broke" for fate in fates.values())
    return EXIT_UNTOLD if told.unlisted or broke else EXIT_ALL_TOLD


def chosen_of(names: list[Name], part: int, parts: int) -> list[Name]:
    """Return every so many-th mutant, in an order that shows something of each file early."""
    shuffled = sorted(names)
    random.Random(SEED).shuffle(shuffled)  # noqa: S311 - an order, no secret
    return shuffled[part - 1 :: parts]


def _judge(
    chosen: list[Name], mutants: Mapping[Name, Mutant], session: Session, seconds: float
) -> None:
    known = session.fates()
    pending = [name for name in chosen if name not in known]
    if not pending:
        return
    contract = contract_check.load()
    # What is there by now is never collected, so that no child copies it.
    gc.freeze()
    right = steady(*(_right(contract) for _ in range(2)))
    ends = time.monotonic() + seconds
    for done, name in enumerate(pending):
        if time.monotonic() > ends:
            return
        fate = _fate(mutants[name], contract, right)
        # Another verdict that is no failure may be one of the machine: it must come twice.
        if fate.fate in ("other-verdict", "only-observed", "no-end", "suite-broke"):
            fate = _fate(mutants[name], contract, right)
        session.note(name, fate)
        print(f"{done + 1} / {len(pending)} {fate.fate}: {name}", file=sys.stderr, flush=True)


def _right(contract: Contract) -> Stated:
    """Return what the suite states of the server as it is, served as its mutants are."""
    path = next(SERVER.glob("login.py"))
    with serving_changed(path.name, path.read_text("utf-8")) as base_url:
        seen = stated(base_url, contract)
    if isinstance(seen, Judged) or "fails" in seen.verdicts.values():
        raise RuntimeError(f"the server in the box itself is not as it should be: {seen}")
    return seen


def _fate(mutant: Mutant, contract: Contract, right: Stated) -> Judged:
    with serving_changed(mutant.name.file, mutant.change.text) as base_url:
        return judged(base_url, contract, right)


def lines(fates: Mapping[Name, Judged], of_all: int, told: Tally) -> Iterator[str]:
    """Yield what it comes to in lines."""
    counts = Counter(judged.fate for judged in fates.values())
    yield f"mutants                     {len(fates)} of {of_all} judged"
    yield f"not one right login         {counts['no-login']}"
    yield f"a clause fails              {counts['failed']}"
    yield f"another verdict, or no end  {counts['other-verdict'] + counts['no-end']}"
    yield f"only observed               {counts['only-observed']}"
    yield f"survived                    {counts['survived']}"
    reasons = Counter(entry.reason for entry in told.listed.values())
    for reason, meaning in KINDS.items():
        if reasons[reason]:
            yield f"  {reason:12} {reasons[reason]:4}  {meaning}"
    for name, entry in told.listed.items():
        if entry.reason == "gap":
            yield f"gap of the suite: {name} ({entry.why})"
    for name in told.unlisted:
        yield f"without a reason, {fates[name].fate}: {name} {fates[name].shown}".rstrip()
    for entry in told.killed:
        yield f"listed, and killed by now: {entry}"
    for entry in told.gone:
        yield f"listed, and no such mutant: {entry}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument(
        "--part",
        type=part_number,
        default=(1, 1),
        metavar="K/N",
        help="every N-th from the K-th (1/1)",
    )
    parser.add_argument("--only", metavar="TEXT", default="", help="those whose name has a text")
    parser.add_argument(
        "--minutes", type=float, default=float("inf"), help="begin no other after that many"
    )
    parser.add_argument(
        "--session",
        type=Path,
        metavar="FILE",
        help="go on with this one, whatever has changed since",
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
