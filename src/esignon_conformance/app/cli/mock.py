"""`esignon-conformance mock TOOL --out FOLDER`: the configuration of a mock tool, ready to start."""

from __future__ import annotations

import argparse
import difflib
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from ... import resources
from ...contract.yaml_document import ContractError
from ...i18n.catalogue import chosen_language, word
from ...i18n.errors import ConfigurationError
from ...i18n.language import Language
from ...i18n.message import say
from ...runner.requests.contract_check import load
from ...tools.mocks.accounts_file import read_accounts
from ...tools.mocks.catalogue import Tool, tools
from ...tools.mocks.material import material_of
from ...tools.mocks.writing import folder_files, write_folder
from ...verdicts.exit_status import EXIT_CONFIGURATION

_LAST_PORT = 65535


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `mock`."""
    parser.add_argument("tool", metavar="TOOL", help=", ".join(tools()))
    parser.add_argument(
        "--out", required=True, type=Path, metavar="FOLDER", help="a folder that is not there yet"
    )
    parser.add_argument(
        "--accounts",
        type=Path,
        metavar="FILE",
        help="companies and accounts in the shape of contracts/accounts.yaml (that file)",
    )
    parser.add_argument(
        "--port",
        type=int,
        default=4010,
        help="the port that the mock is to listen on (%(default)s)",
    )
    parser.add_argument("--lang", choices=("ko", "en"), default=None, help="language of the text")


def main(options: argparse.Namespace) -> int:
    """Write the configuration; return 4 with one message where that is not possible."""
    language = chosen_language(options.lang)
    try:
        tool = _tool(options.tool)
        _refuse_port(options.port, tool)
        accounts = options.accounts or resources.contracts() / "accounts.yaml"
        material = material_of(load(), read_accounts(accounts))
        files = folder_files(
            tool,
            material,
            options.port,
            _today(),
            language,
            own_accounts=options.accounts is not None,
        )
        write_folder(options.out, files)
    except ConfigurationError as error:
        print(error.text(language), file=sys.stderr)
        return EXIT_CONFIGURATION
    except ContractError as error:
        print(error.text(language), file=sys.stderr)
        return EXIT_CONFIGURATION
    _say_what_next(tool, options.out, language)
    return 0


def _tool(name: str) -> Tool:
    known = tools()
    if name not in known:
        near = difflib.get_close_matches(name.lower(), known, n=1)
        raise ConfigurationError(
            say("mock-unknown-tool", tool=name, all=", ".join(known), near=(near or list(known))[0])
        )
    return known[name]


def _refuse_port(port: int, tool: Tool) -> None:
    last = _LAST_PORT + 1 - tool.ports
    if not 1 <= port <= last:
        raise ConfigurationError(say("mock-port", port=port, last=last))


def _today() -> date:
    return datetime.now(UTC).date()


def _say_what_next(tool: Tool, folder: Path, language: Language) -> None:
    print(word("mock-written", language, title=tool.title, version=tool.version, folder=folder))
