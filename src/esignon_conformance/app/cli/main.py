"""`esignon-conformance`: one command with a module of its own for each thing that it does."""

from __future__ import annotations

import argparse
import difflib
import importlib
import os
import sys
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

from ... import __version__
from ...i18n.catalogue import language_of_arguments, word
from ...i18n.language import Language
from ...target.process_environment import escape_what_a_console_lacks
from ...verdicts.exit_status import EXIT_CONFIGURATION, EXIT_INTERNAL, EXIT_INTERRUPTED
from ..argparse_language import speak, translate_help
from ..near_options import unknown_options

# What a shell shows for a process that SIGPIPE ended: no exit status of a verdict.
_EXIT_BROKEN_PIPE = 128 + 13
# How many places of an error are told, the last of which raised it.
_FRAMES = 3
# Each has a module of its name beside this one, with `add_arguments` and `main`.
COMMANDS: Mapping[str, str] = {
    "run": "judge a server clause by clause",
    "serve": "run the server in the box",
    "report": "build DIR/report.html from the last run",
    "explain": "tell a clause: its place, its cases, its check",
    "diff": "compare two statements",
    "judge": "judge recorded traffic, and send nothing",
    "load": "send many logins at once, and judge the answers",
    "matrix": "write one page from the statements of many targets",
    "waivers": "write the waivers with which a run would have passed",
    "prove": "score the suite on known-bad and known-good servers",
    "derive": "read the API page into facts, or tell what changed",
    "mock": "write the configuration of a mock tool",
}
# Options that the command does not know are for pytest.
_PASSES_ON = "run"


class _Parser(argparse.ArgumentParser):
    """A parser whose errors end with the suite's exit status for a wrong configuration."""

    def error(self, message: str) -> NoReturn:
        """Print what is wrong and how to get help; argparse itself would end with 2, *interrupted*."""
        language = language_of_arguments(sys.argv[1:])
        told = word("help-of", language, told=message, command=self.prog)
        self.exit(EXIT_CONFIGURATION, f"{self.prog}: {told}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    escape_what_a_console_lacks()
    try:
        return _main(list(sys.argv[1:] if arguments is None else arguments))
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # The reader of the output went away, as `| head` does. What a run writes was written before.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _EXIT_BROKEN_PIPE
    except Exception as error:  # noqa: BLE001 - whatever it is, Python's own 1 would be a verdict
        language = language_of_arguments(sys.argv[1:])
        # What the exception says may hold a secret, and nobody knows here what is to be masked.
        places = ", ".join(
            f"{Path(one.filename).name}:{one.lineno}"
            for one in traceback.extract_tb(error.__traceback__)[-_FRAMES:]
        )
        kind = type(error).__name__
        print(word("command-failed", language, kind=kind, places=places), file=sys.stderr)
        return EXIT_INTERNAL


def _main(given: list[str]) -> int:
    language = language_of_arguments(given)
    speak(language)
    parser, commands = _parser(given[:1], language)
    if given and not given[0].startswith("-") and given[0] not in COMMANDS:
        near = difflib.get_close_matches(given[0], COMMANDS, n=2)
        key = "no-such-command-near" if near else "no-such-command"
        parser.error(word(key, language, given=given[0], names=", ".join(near or COMMANDS)))
    options, rest = parser.parse_known_args(given)
    module = importlib.import_module(f".{options.command}", __package__)
    if options.command == _PASSES_ON:
        return int(module.main(options, rest))
    if rest:
        of_command = commands[options.command]
        of_command.error(unknown_options(of_command, rest, language))
    return int(module.main(options))


def _parser(command: Sequence[str], language: Language) -> tuple[_Parser, Mapping[str, _Parser]]:
    """Return the parser, and that of each command by its name."""
    parser = _Parser(
        prog="esignon-conformance",
        description="Contract and conformance tests for eSignon's POST /api/{companyId}/login.",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    added = {}
    for name, help_text in COMMANDS.items():
        added[name] = commands.add_parser(name, help=help_text)
        # The module of a command is loaded for that one alone.
        if name in command:
            importlib.import_module(f".{name}", __package__).add_arguments(added[name])
            translate_help(added[name], language)
    translate_help(parser, language)
    return parser, added


if __name__ == "__main__":
    sys.exit(main())
