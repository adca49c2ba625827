"""`python -m stacks.runner`: start each stack, judge it, and compare with what is expected of it."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from esignon_conformance.contract.yaml_document import ContractError
from esignon_conformance.reports.html_report.errors import ReportError

from .comparing import differences, judge, record, verdicts_of
from .installing import CannotInstallError, install_debian, missing_debian
from .model import Stack, Variant, load_expected, load_stacks
from .page import write_page
from .processes import DidNotStartError, running

_DIFFERS, _INTERRUPTED, _CONFIGURATION = 1, 2, 4


def main(arguments: Sequence[str] | None = None) -> int:
    """Judge the chosen stacks; return 0 when every verdict is the expected one."""
    options = _parser().parse_args(arguments)
    # A request to end must reach what was started, too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        stacks = load_stacks()
    except ContractError as error:
        print(error, file=sys.stderr)
        return _CONFIGURATION
    if options.write_page:
        write_page(stacks)
        return 0
    chosen = [one for one in stacks if _is_chosen(one, options.only, quick=options.quick)]
    if not chosen:
        print(f"stacks: no stack is named {', '.join(options.only)}", file=sys.stderr)
        return _CONFIGURATION
    if options.install:
        missing = missing_debian(chosen)
        try:
            if missing:
                print(f"Installing {', '.join(missing)} ...", flush=True)
                install_debian(missing)
        except CannotInstallError as error:
            print(f"stacks: {error}", file=sys.stderr)
            return _CONFIGURATION
    try:
        judged = [_judge_stack(one, options.report_dir, recording=options.record) for one in chosen]
    except KeyboardInterrupt:
        print("stacks: interrupted", file=sys.stderr)
        return _INTERRUPTED
    skipped = [one.name for one, good in zip(chosen, judged, strict=True) if good is None]
    differing = [one.name for one, good in zip(chosen, judged, strict=True) if good is False]
    print(f"{len(chosen) - len(skipped)} stacks judged, {len(differing)} not as expected.")
    if skipped:
        print(f'SKIPPED, not judged: {", ".join(skipped)}. ARGS="--install" installs packages.')
    return _DIFFERS if differing or len(skipped) == len(chosen) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m stacks.runner", description=__doc__)
    parser.add_argument("only", nargs="*", help="the stacks to judge, by name (all)")
    parser.add_argument("--quick", action="store_true", help="those that run in .ci/run")
    parser.add_argument("--install", action="store_true", help="install Debian's packages, as root")
    parser.add_argument("--record", action="store_true", help="write what was found as expected")
    parser.add_argument("--write-page", action="store_true", help="write docs/stacks.md, and end")
    parser.add_argument(
        "--report-dir",
        type=Path,
        default=Path("reports/stacks"),
        metavar="DIR",
        help="where each report goes (%(default)s)",
    )
    return parser


def _is_chosen(stack: Stack, only: Sequence[str], *, quick: bool) -> bool:
    return (not only or stack.name in only) and (stack.quick or not quick)


def _judge_stack(stack: Stack, report_dir: Path, *, recording: bool) -> bool | None:
    """Judge each variant of a stack; return whether all are as expected, None where none could be."""
    missing = missing_debian([stack])
    if missing:
        print(f"{stack.name}: SKIPPED, these packages are not installed: {', '.join(missing)}")
        return None
    expected = load_expected(stack)
    found = {}
    good = True
    for variant in stack.variants:
        try:
            verdicts = _judge_variant(stack, variant, report_dir)
        except (CannotInstallError, ReportError) as error:
            print(f"{stack.name}: SKIPPED, {error}")
            return None
        except (DidNotStartError, RuntimeError) as error:
            print(f"{stack.name} {variant.name}: {error}")
            good = False
            continue
        found[variant.name] = verdicts
        if recording:
            record(stack, {**expected, **found})
        wrong = [] if recording else differences(expected.get(variant.name), verdicts)
        print(f"{stack.name} {variant.name}: {_told(verdicts)}", flush=True)
        for line in wrong:
            print(f"  {line}", flush=True)
        good = good and not wrong
    return good


def _judge_variant(stack: Stack, variant: Variant, report_dir: Path) -> dict[str, object]:
    with running(stack, variant) as base_url:
        statement = judge(base_url, variant, (report_dir / stack.name / variant.name).resolve())
    return verdicts_of(statement)


def _told(verdicts: dict[str, object]) -> str:
    said = [f"exit status {verdicts['exit_status']}"]
    for name, clauses in verdicts.items():
        if isinstance(clauses, list):
            said.append(f"{name} {' '.join(clauses)}")
    return "; ".join(said)


if __name__ == "__main__":
    sys.exit(main())
