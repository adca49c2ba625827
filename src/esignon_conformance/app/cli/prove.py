"""`esignon-conformance prove`: the suite against every known-bad and known-good server."""

from __future__ import annotations

import argparse
import gc
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Collection, Mapping
from pathlib import Path
from types import MappingProxyType

from ... import resources
from ...files import write_json
from ...i18n.catalogue import chosen_language, render
from ...i18n.errors import ConfigurationError
from ...i18n.message import Message, say
from ...i18n.near_names import near_names
from ...reports.command_name import command_name
from ...reports.statement import STATEMENT_NAME
from ...runner.depth import Depth
from ...runner.fuzzing.corpus import with_corpus
from ...runner.requests import contract_check
from ...tools.proof.judged_server import How, Server, judge_all, serving
from ...tools.proof.matrix import merge, read
from ...tools.proof.parts import all_servers, part_number, part_of
from ...tools.proof.proven import fingerprints_of, unless_proven
from ...tools.proof.proven import merge as merge_proven
from ...tools.proof.proven import read as read_proven
from ...tools.proof.score import Result, Score, lines
from ...tools.reference.faults import FAULTS, Fault
from ...verdicts.exit_status import EXIT_CONFIGURATION, EXIT_CONFORMS, EXIT_FAILS, EXIT_INTERRUPTED
from ..argparse_language import refusal

DEPTHS: tuple[Depth, ...] = ("smoke", "quick", "standard")
SEED = 20210407
# After how many servers the matrix is written: what an interrupted proof has found is kept.
_AT_A_TIME = 20
_COMMAND = "import sys; from esignon_conformance.app.cli.main import main; sys.exit(main())"


def prove(
    names: Collection[str],
    depth: Depth,
    jobs: int,
    report_dir: Path | None = None,
    *,
    seed: int = SEED,
    tell: bool = False,
    matrix: Path | None = None,
    limits: Mapping[str, float] = MappingProxyType({}),
) -> Score:
    """Run the suite on the servers of these names, `jobs` at a time, and return the score.

    The score is written to `prove.json` in the report directory, and which cases show each fault is
    merged into the file `matrix`, a few servers at a time.  `tell` shows how far it is.
    """
    servers = [server for name, server in all_servers().items() if name in names]
    contract = contract_check.load()
    if depth not in ("smoke", "quick"):
        contract = with_corpus(contract)
    # What is there by now is never collected, so that no child copies it.
    gc.freeze()
    began, results = time.monotonic(), dict[str, Result]()
    # Those that wait for answers that never come start first, and the others fill the time.
    how = How(contract, seed, depth, limits)
    for result in judge_all(sorted(servers, key=lambda one: one.answer_timeout), how, jobs):
        results[result.name] = result
        if matrix is not None and len(results) in (
            len(servers),
            *range(0, len(servers), _AT_A_TIME),
        ):
            merge(matrix, contract, results.values(), depth)
        if tell:
            print(f"\r{len(results)} / {len(servers)}", end="", file=sys.stderr, flush=True)
    if tell:
        print(file=sys.stderr)
    in_order = tuple(results[server.name] for server in servers)
    score = Score(in_order, depth, time.monotonic() - began, jobs)
    if report_dir is not None:
        write_json(report_dir / "prove.json", score.as_json())
    return score


def print_score(score: Score) -> None:
    """Print the score, and a line for each server that spoils it."""
    for row in lines(score):
        print(row)


def prove_one(name: str, depth: str, report_dir: Path, seed: int = SEED) -> int:
    """Run the command line on one server and keep its report; return 0 if it is as it should be."""
    server = all_servers()[name]
    with serving(server) as base_url:
        command = [
            *(sys.executable, "-c", _COMMAND, "run", "--accounts", "box"),
            *("--base-url", base_url, "--report-dir", str(report_dir), "--lang", "en"),
            *("--depth", depth),
            *("--seed", str(seed), "--answer-timeout", str(server.answer_timeout)),
        ]
        status = subprocess.run(command, check=False).returncode
    is_should = isinstance(server, Fault) and server.level == "should"
    clauses = server.clauses if isinstance(server, Fault) else ()
    wanted = EXIT_FAILS if clauses and not is_should else EXIT_CONFORMS
    what = "to be advised of" if is_should else "to fail"
    expected = " or ".join(clauses) or "none"
    print(f"{name} ({server.docstring}) expected {what}: {expected}; exit status {status}")
    if isinstance(server, Fault):
        # It has ended, so the lines above that send a case again reach nobody.
        port = base_url.rpartition(":")[2]
        print(f"The server again: {command_name()} serve --port {port} --fault {name}")
    right = status == wanted and (not is_should or bool(_advised(report_dir) & set(clauses)))
    return EXIT_CONFORMS if right else EXIT_FAILS


def _advised(report_dir: Path) -> set[str]:
    """Return the clauses that a written statement holds an advisory of."""
    document = json.loads((report_dir / STATEMENT_NAME).read_text(encoding="utf-8"))
    return {one["id"] for one in document["clauses"] if one["verdict"] == "advisory"}


def _jobs() -> int:
    """Return one more than there are cores: a run rests while it looks for stray bytes."""
    return len(os.sched_getaffinity(0)) + 1 if hasattr(os, "sched_getaffinity") else 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.add_argument("--depth", choices=DEPTHS, default="quick", help="(%(default)s)")
    parser.add_argument("--jobs", type=int, default=_jobs(), help="servers at a time (%(default)s)")
    parser.add_argument(
        "--report-dir",
        type=Path,
        default=Path("reports/prove"),
        metavar="DIR",
        help="where the score, or with --fault the report, goes (%(default)s)",
    )
    parser.add_argument("--seed", type=int, default=SEED, help="seed of the made-up values")
    parser.add_argument("--fault", metavar="NAME", help="one server only, with its report kept")
    parser.add_argument(
        "--only", metavar="TEXT", default="", help="the servers whose name or clause holds a text"
    )
    parser.add_argument(
        "--part",
        type=_part,
        default=(1, 1),
        metavar="K/N",
        help="every N-th fault from the K-th on, and as many of the liberties, at least a quarter (1/1)",
    )
    parser.add_argument(
        "--matrix",
        type=Path,
        metavar="FILE",
        help="merge into a file which cases show each known-bad server; it may be made in parts",
    )
    parser.add_argument(
        "--missing",
        action="store_true",
        help="only the known-bad servers that the file of --matrix does not have",
    )
    parser.add_argument(
        "--proven",
        type=Path,
        metavar="FILE",
        help="merge into a file which servers were found as they should be, and what that rests on",
    )
    parser.add_argument(
        "--unless-proven",
        type=Path,
        metavar="FILE",
        help="of the part, most of what is as it was proven is left out; what is not joins it from "
        "elsewhere, 24 at most",
    )
    parser.add_argument(
        "--max-requests", type=int, metavar="N", help="requests a server in all, as of `run`"
    )
    parser.add_argument("--list", action="store_true", help="list the servers and end")


def _part(text: str) -> tuple[int, int]:
    try:
        return part_number(text)
    except ValueError:
        raise refusal("prove-part", text=repr(text)) from None


def _fingerprints() -> dict[str, str]:
    shown = read(resources.data_root() / "selftest" / "shown.jsonl.gz")
    return fingerprints_of(all_servers(), contract_check.load(), shown)


def _unless_proven(options: argparse.Namespace, part: Collection[str]) -> set[str]:
    """Return the servers of a part, and of others, that are not as they were proven; say how many are."""
    depths = DEPTHS[: DEPTHS.index(options.depth) + 1]
    sought = [one.name for one in FAULTS.values() if one.least_depth in depths]
    proven = read_proven(options.unless_proven)
    chosen = unless_proven(part, options.part[0], _fingerprints(), proven, sought)
    print(
        f"as they were proven, left out  {chosen.spared} of {len(part)}; changed elsewhere, not proven "
        f"here: {chosen.waiting}"
    )
    return set(chosen.names)


def _names(options: argparse.Namespace, chosen: Mapping[str, Server]) -> set[str]:
    names = part_of(chosen, *options.part)
    if options.missing:
        names &= set(FAULTS) - set(read(options.matrix))
    if options.unless_proven is not None:
        names = _unless_proven(options, names)
    return names


def _list(servers: Mapping[str, Server]) -> None:
    for server in servers.values():
        clauses = " ".join(getattr(server, "clauses", ())) or "liberty"
        level = "should" if getattr(server, "level", "") == "should" else ""
        print(f"{clauses:16} {level:6} {server.name}: {server.docstring}")


def _problem(options: argparse.Namespace, servers: Collection[str]) -> Message | None:
    """Return what is wrong with the options, None where nothing is."""
    if options.missing and options.matrix is None:
        return say("prove-missing")
    if options.matrix is not None and (options.max_requests or options.depth == "smoke"):
        return say("prove-matrix")
    if options.fault is not None and options.fault not in servers:
        return _no_server(options.fault, servers)
    return None


def main(options: argparse.Namespace) -> int:
    """Run the command; return 0 if every fault was found and named, and nobody was blamed."""
    servers = all_servers()
    if options.list:
        _list(servers)
        return EXIT_CONFORMS
    problem = _problem(options, servers)
    if problem is not None:
        _complain(problem)
        return EXIT_CONFIGURATION
    # A request to end must reach what was started, too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        if options.fault is not None:
            kept = options.report_dir / options.fault
            return prove_one(options.fault, options.depth, kept, options.seed)
        chosen = {
            name: server
            for name, server in servers.items()
            if options.only in name or options.only in getattr(server, "clauses", ())
        }
        if not chosen:
            _complain(say("prove-only", text=options.only))
            return EXIT_CONFIGURATION
        names = _names(options, chosen)
        score = prove(
            names,
            options.depth,
            max(1, options.jobs),
            options.report_dir,
            seed=options.seed,
            tell=sys.stderr.isatty(),
            matrix=options.matrix,
            limits={"requests": options.max_requests} if options.max_requests else {},
        )
    except ConfigurationError as error:
        _complain(error.message)
        return EXIT_CONFIGURATION
    except KeyboardInterrupt:
        _complain(say("reason-interrupted"))
        return EXIT_INTERRUPTED
    if options.proven is not None:
        merge_proven(options.proven, _fingerprints(), score.results)
    print_score(score)
    return EXIT_CONFORMS if score.passes else EXIT_FAILS


def _complain(message: Message | str) -> None:
    text = message if isinstance(message, str) else render(message, chosen_language(None))
    print(f"prove: {text}", file=sys.stderr)


def _no_server(name: str, servers: Collection[str]) -> Message:
    return say("prove-no-server", name=name, near=near_names(name, servers))


def _main() -> int:
    parser = argparse.ArgumentParser(prog="python -m esignon_conformance.app.cli.prove")
    add_arguments(parser)
    return main(parser.parse_args())


if __name__ == "__main__":
    sys.exit(_main())
