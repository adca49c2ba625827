"""`make mocks`: write the mock of each tool, start it there, judge it, and hold it to what is expected."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

from esignon_conformance.tools.mocks.catalogue import Tool, tools
from selftest.mock_tools.installing import CannotInstallError, missing, relock
from selftest.mock_tools.judging import expected, judged, record
from selftest.mock_tools.page import write_page
from selftest.mock_tools.serving import DidNotStartError, logins_a_second, started
from stacks.runner.comparing import differences

_DIFFERS, _INTERRUPTED, _CONFIGURATION = 1, 2, 4


def main() -> int:
    """Judge the chosen mocks; return 0 when every verdict is the expected one."""
    options = _parser().parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    unknown = [name for name in options.only if name not in tools()]
    if unknown:
        print(f"mocks: there is no tool {', '.join(unknown)}", file=sys.stderr)
        return _CONFIGURATION
    chosen = [one for name, one in tools().items() if not options.only or name in options.only]
    try:
        if options.lock:
            for tool in chosen:
                relock(tool)
            return 0
        if options.write_page:
            write_page()
            return 0
        came_to = [_judge(one, options.report_dir, recording=options.record) for one in chosen]
    except KeyboardInterrupt:
        print("mocks: interrupted", file=sys.stderr)
        return _INTERRUPTED
    differing = came_to.count(False)
    print(f"{len(came_to) - came_to.count(None)} mocks judged, {differing} not as expected.")
    return _DIFFERS if differing or all(one is None for one in came_to) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m selftest.mock_tools", description=__doc__)
    parser.add_argument("only", nargs="*", help="the tools to judge, by name (all)")
    parser.add_argument("--record", action="store_true", help="write what was found as expected")
    parser.add_argument("--lock", action="store_true", help="write the locks anew, and end")
    parser.add_argument("--write-page", action="store_true", help="write docs/mocks.md, and end")
    parser.add_argument(
        "--report-dir",
        type=Path,
        default=Path("reports/mocks"),
        metavar="DIR",
        help="where each report goes (%(default)s)",
    )
    return parser


def _judge(tool: Tool, report_dir: Path, *, recording: bool) -> bool | None:
    """Judge one mock; return whether it is as expected, None where it could not be had here."""
    lacking = missing(tool)
    if lacking:
        print(f"{tool.name}: SKIPPED, there is no {lacking}")
        return None
    try:
        with started(tool) as mock:
            found = judged(mock, (report_dir / tool.name).resolve())
            pace = logins_a_second(mock.base_url) if recording else 0
    except CannotInstallError as error:
        print(f"{tool.name}: SKIPPED, {error}")
        return None
    except (DidNotStartError, RuntimeError) as error:
        print(f"{tool.name}: {error}")
        return False
    print(f"{tool.name}: {found}", flush=True)
    if recording:
        figures = {"starts_in_seconds": round(mock.seconds, 1), "logins_a_second": round(pace)}
        record({tool.name: found | figures})
        if set(expected()) == set(tools()):
            write_page()
        return True
    wrong = differences(expected().get(tool.name), found)
    for line in wrong:
        print(f"  {line}", flush=True)
    return not wrong


if __name__ == "__main__":
    sys.exit(main())
