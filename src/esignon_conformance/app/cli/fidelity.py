"""`esignon-conformance diff --mock MOCK SERVER`: where a mock is kinder than the server, where stricter."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from ...contract.model import Contract
from ...contract.yaml_document import ContractError
from ...i18n.catalogue import chosen_language, word
from ...i18n.errors import ConfigurationError
from ...i18n.language import Language
from ...reports.console import Terminal, is_terminal
from ...reports.fidelity import Fidelity, Kindness, fidelity
from ...reports.markdown import escaped
from ...reports.statement_diff import Statement, compare
from ...reports.styled_text import EMPTY, Line, line_of
from ...runner.requests.contract_check import load
from ...verdicts.exit_status import EXIT_CONFIGURATION, EXIT_CONFORMS, EXIT_FAILS
from .statement_file import read_statement

_CLAUSE_INDENT = 2


def compare_mock(mock: str, server: str, language: str | None, *, markdown: bool) -> int:
    """Print how a mock differs from the server it stands for.

    Returns 1 if it is kinder in a must clause, 0 if it is not, and 4 with one message where a file is no
    statement.
    """
    chosen = chosen_language(language)
    names = mock, server
    try:
        statements = read_statement(Path(mock)), read_statement(Path(server))
        contract = load()
    except (ConfigurationError, ContractError) as error:
        print(error.text(chosen), file=sys.stderr)
        return EXIT_CONFIGURATION
    found = fidelity(*statements, contract.clauses, contract.codes)
    lines = _lines(names, statements, found, contract, chosen)
    if markdown:
        print("\n".join(_markdown(lines)))
    elif is_terminal(sys.stdout):
        Terminal(sys.stdout, chosen).print(lines)
    else:
        for line in lines:
            print(line.text)
    return EXIT_FAILS if found.kinder_musts else EXIT_CONFORMS


def _lines(
    names: tuple[str, str],
    statements: tuple[Statement, Statement],
    found: Fidelity,
    contract: Contract,
    language: Language,
) -> Iterator[Line]:
    """Yield the lines for the terminal, the result first."""
    count = found.kinder_musts
    if count:
        yield line_of(word("fidelity-kinder-musts", language, count=count), "bad")
    else:
        yield line_of(word("fidelity-kind-enough", language), "good")
    yield EMPTY
    for letter, name, one in zip("AB", names, statements, strict=True):
        words = {"target": one.target.base_url, "started": one.started, "seed": one.seed}
        yield line_of(word("fidelity-of", language, letter=letter, name=name, **words))
    differences = [*compare(*statements).differences]
    if statements[0].seed != statements[1].seed:
        differences.append("seed")
    for difference in differences:
        yield line_of(word(f"differs-{difference}", language), "warning")
    for key, kindnesses in (
        ("fidelity-kinder", found.kinder),
        ("fidelity-stricter", found.stricter),
    ):
        if kindnesses:
            yield from (EMPTY, line_of(word(key, language), "title"))
        for kindness in kindnesses:
            yield from _lines_of(kindness, contract, language)
    for key, clauses in (
        ("fidelity-otherwise", found.otherwise),
        ("fidelity-not-compared", found.not_compared),
    ):
        if clauses:
            yield EMPTY
            yield line_of(f"{word(key, language)}: {', '.join(clauses)}")


def _markdown(lines: Iterable[Line]) -> Iterator[str]:
    """Yield the lines as GitHub-flavoured Markdown: the first is the heading, indented ones are lists."""
    for number, line in enumerate(lines):
        text = line.text
        indent = len(text) - len(text.lstrip())
        shown = escaped(text.strip())
        if not number:
            yield f"## {shown}"
        elif not text:
            yield ""
        elif not indent:
            # A blank line before and after, so that each is a paragraph of its own.
            yield from ("", shown, "")
        else:
            yield f"- {shown}" if indent == _CLAUSE_INDENT else f"  - {shown}"


def _lines_of(one: Kindness, contract: Contract, language: Language) -> Iterator[Line]:
    level = word(f"level-{one.level}", language)
    title = contract.clauses[one.clause].title[language]
    yield line_of(f"  {one.clause} ({level})  {title}")
    yield Line(((f"      {', '.join(one.cases)}", "faint"),))
