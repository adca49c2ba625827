"""`esignon-conformance explain REJ-1`: a clause with its place, its cases and its check; or a case."""

from __future__ import annotations

import argparse
import difflib
import json
import sys
from collections.abc import Iterator, Mapping

from ...checks import CHECKS, judged_by_case
from ...contract.model import Case, Clause, Contract
from ...contract.yaml_document import ContractError
from ...i18n.catalogue import chosen_language, word
from ...i18n.language import Language
from ...reports.command_name import command_name
from ...runner.requests.contract_check import load
from ...verdicts.exit_status import EXIT_CONFIGURATION

# What a case changes of the valid request.
# fmt: off
_CHANGES = (
    "method", "company", "patch", "raw", "headers", "query", "follows", "burst", "repeat", "tags",
)
# fmt: on


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the clause and the language."""
    parser.add_argument("clause", metavar="ID", help="a clause such as REJ-1, or a case")
    parser.add_argument("--lang", choices=("ko", "en"), default=None, help="language of the text")


def main(options: argparse.Namespace) -> int:
    """Print a clause or a case; return the exit status."""
    return explain(options.clause, options.lang)


def explain(clause_id: str, language: str | None) -> int:
    """Print a clause or a case; return 4 with one message when there is none of that id."""
    chosen = chosen_language(language)
    try:
        contract = load()
    except ContractError as error:
        print(error.text(chosen), file=sys.stderr)
        return EXIT_CONFIGURATION
    wanted = clause_id.rpartition("/")[2]
    clause, case = contract.known_clauses.get(wanted.upper()), contract.cases.get(wanted)
    if clause is None and case is None:
        near = [
            *difflib.get_close_matches(wanted.upper(), contract.clauses, n=3),
            *difflib.get_close_matches(wanted.lower(), contract.cases, n=3),
        ]
        key, names = ("near", near) if near else ("clause", contract.clauses)
        told = word(f"no-such-{key}", chosen, id=clause_id, all=", ".join(names))
        print(told, file=sys.stderr)
        return EXIT_CONFIGURATION
    if clause is not None:
        lines = _lines(contract, clause, chosen)
    elif case is not None:
        lines = _case_lines(contract, case, chosen)
    for line in lines:
        print(line)
    return 0


def _case_lines(contract: Contract, case: Case, language: Language) -> Iterator[str]:
    """Yield a case: its clause, which account sends it, and what differs from the valid request."""

    def row(label: str, text: str) -> str:
        return f"  {word(f'label-{label}', language)}: {text}"

    clause = contract.clauses[case.clause]
    yield f"{case.id}  {case.title[language]}"
    yield row("clause", f"{clause.id} {clause.title[language]}")
    yield row("situation", word(f"situation-{case.situation}", language))
    yield row("account", word(f"account-{case.account}", language))
    changed = {
        name: value
        for name in _CHANGES
        if (value := getattr(case, name)) not in (None, (), {}, frozenset(), 1)
    }
    for name, value in changed.items():
        shown = dict(value) if isinstance(value, Mapping) else value
        yield f"  {name}: {json.dumps(shown, ensure_ascii=False, default=list)}"
    allowed = case.expect or clause.parameters.get("outcomes", ())
    if allowed and judged_by_case(clause):
        yield row("expected", ", ".join(allowed))
    yield row("again", f"{command_name()} run --case {case.id} --show")


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
        *filter(None, [clause.parameters.get("refused_by")]),
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
