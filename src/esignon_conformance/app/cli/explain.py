"""`esignon-conformance explain REJ-1`: a clause, its place on the page, its cases and its check."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from ...checks import CHECKS, judged_by_case
from ...contract.model import Clause, Contract
from ...contract.yaml_document import ContractError
from ...i18n.catalogue import chosen_language, word
from ...i18n.language import Language
from ...runner.requests.contract_check import load
from ...verdicts.exit_status import EXIT_CONFIGURATION


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the clause and the language."""
    parser.add_argument("clause", metavar="CLAUSE", help="such as REJ-1")
    parser.add_argument("--lang", choices=("ko", "en"), default=None, help="language of the text")


def main(options: argparse.Namespace) -> int:
    """Print a clause; return the exit status."""
    return explain(options.clause, options.lang)


def explain(clause_id: str, language: str | None) -> int:
    """Print a clause; return 4 with one message when there is none of that id."""
    chosen = chosen_language(language)
    try:
        contract = load()
    except ContractError as error:
        print(error, file=sys.stderr)
        return EXIT_CONFIGURATION
    clause = contract.clauses.get(clause_id.rpartition("/")[2].upper())
    if clause is None:
        message = word("no-such-clause", chosen, id=clause_id, all=", ".join(contract.clauses))
        print(message, file=sys.stderr)
        return EXIT_CONFIGURATION
    for line in _lines(contract, clause, chosen):
        print(line)
    return 0


def _lines(contract: Contract, clause: Clause, language: Language) -> Iterator[str]:
    def row(label: str, text: str) -> str:
        return f"  {word(f'label-{label}', language)}: {text}"

    yield f"{contract.operation.id}/{clause.id}  {clause.title[language]}"
    yield row("level", word(f"level-{clause.level}", language))
    yield row(
        "basis",
        word(f"basis-{clause.basis}", language)
        + (f" ({clause.reference})" if clause.reference else ""),
    )
    yield row("place", clause.place)
    yield row("rationale", clause.rationale[language])
    builds_on = [
        *clause.depends_on,
        *clause.sees,
        *clause.parameters.get("let_in_by", {}).values(),
    ]
    if builds_on:
        yield row("depends", ", ".join(builds_on))
    kind = CHECKS[clause.check].kind
    words = ", ".join(f"{name}: {value}" for name, value in clause.parameters.items())
    yield row("check", f"{clause.check} ({kind})" + (f" · {words}" if words else ""))
    cases = contract.cases_of(clause.id)
    if cases:
        yield row("cases", str(len(cases)))
    for case in cases:
        allowed = case.expect or (
            clause.parameters.get("outcomes", ()) if judged_by_case(clause) else ()
        )
        suffix = f"  → {', '.join(allowed)}" if allowed else ""
        yield f"    {case.id}  {case.title[language]}{suffix}"
