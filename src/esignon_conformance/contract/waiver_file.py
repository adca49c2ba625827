"""Reads a file of waivers, `waivers/NAME.yaml`, and holds it against its schema and the contract."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .model import DRAW, Contract
from .schema_validation import validator_for
from .waiver import Waiver
from .yaml_document import ContractError, Document, Problem, read

if TYPE_CHECKING:
    from jsonschema import ValidationError

_NEAR = 3


def read_waivers(path: Path, contract: Contract) -> tuple[Waiver, ...]:
    """Return the waivers of a file.

    Raises `ContractError`, which lists every problem with its line: what the schema refuses, a clause
    or case that the contract does not have, and what can waive nothing.
    """
    file = read(path, Path.cwd())
    errors = list(validator_for(contract.schemas)("waivers.json").iter_errors(file.value))
    if errors:
        raise ContractError(
            file.problem(_told(error), tuple(error.absolute_path)) for error in errors
        )
    problems = list(_problems(file, contract))
    if problems:
        raise ContractError(problems)
    return tuple(_waiver(file, index) for index in range(len(file.value["waivers"])))


def _told(error: ValidationError) -> str:
    if error.validator == "anyOf":
        return "it names neither a clause nor a case"
    return str(error.message)[:300]


def _waiver(file: Document, index: int) -> Waiver:
    entry: dict[str, Any] = dict(file.value["waivers"][index])
    entry["until"] = date.fromisoformat(entry["until"])
    return Waiver(**entry, place=f"{file.file}:{file.line(('waivers', index))}")


def _problems(file: Document, contract: Contract) -> Iterator[Problem]:
    seen: set[tuple[str, str]] = set()
    for index, entry in enumerate(file.value["waivers"]):
        clause, case = entry.get("clause", ""), entry.get("case", "")
        for name, message in (
            ("clause", _clause_problem(clause, contract) if clause else None),
            ("case", _case_problem(case, entry, contract) if case else None),
            ("until", _date_problem(entry["until"])),
            (
                "case" if case else "clause",
                "it is waived twice" if (clause, case) in seen else None,
            ),
        ):
            if message is not None:
                yield file.problem(message, ("waivers", index, name))
        seen.add((clause, case))


def _clause_problem(name: str, contract: Contract) -> str | None:
    known = contract.known_clauses
    if name not in known:
        return f"there is no clause {name}{_near(name, known)}"
    if known[name].level == "observe":
        return f"{name} is observed and never judged, so there is nothing to waive"
    return None


def _case_problem(name: str, entry: Mapping[str, Any], contract: Contract) -> str | None:
    if name.startswith(f"{DRAW}-"):
        return f"{name} was drawn by chance: waive the clause that it shows"
    if name not in contract.cases:
        return f"there is no case {name}{_near(name, contract.cases)}"
    case, is_left_out = contract.cases[name], entry.get("send") is False
    if is_left_out and case.is_plain_right_login:
        return f"{name} is a right login, without which nothing can be judged: it has to be sent"
    if case.burst and not is_left_out:
        return f"{name} sends other cases at once: waive its clause, {case.clause}"
    return None


def _date_problem(text: str) -> str | None:
    try:
        date.fromisoformat(text)
    except ValueError:
        return f"{text} is no date"
    return None


def _near(name: str, names: Mapping[str, object]) -> str:
    near = difflib.get_close_matches(name, names, n=_NEAR, cutoff=0.5)
    return f". Near: {', '.join(near)}" if near else ""
