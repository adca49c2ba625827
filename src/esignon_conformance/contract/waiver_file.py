"""Reads a file of waivers, `waivers/NAME.yaml`, and holds it against its schema and the contract."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..i18n.message import Message, say
from ..i18n.near_names import near_names
from .model import DRAW, Contract
from .schema_validation import validator_for
from .waiver import Waiver
from .yaml_document import ContractError, Document, Problem, read

if TYPE_CHECKING:
    from jsonschema import ValidationError

# The waivers are members of the list of that name.
_DEPTH_OF_ENTRIES = 2
# What a text that does not fit is told as, by the member that it stands under.
_OF_A_TEXT = {"until": "waiver-no-date", "ticket": "waiver-no-ticket"}


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


def _told(error: ValidationError) -> str | Message:
    if error.validator == "anyOf":
        return say("waiver-of-nothing")
    if error.validator == "dependentRequired":
        return say("waiver-send-of-clause")
    if error.validator == "type" and len(error.absolute_path) < _DEPTH_OF_ENTRIES:
        return say("waiver-no-list")
    if error.validator == "type":
        return say("waiver-type", wanted=say(f"type-{error.validator_value}"))
    if error.validator == "pattern":
        # What the schema says of a text is for programs.
        key = _OF_A_TEXT.get(str(error.absolute_path[-1]), "waiver-blank")
        return say(key, text=str(error.instance)[:80])
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
                say("waiver-twice") if (clause, case) in seen else None,
            ),
        ):
            if message is not None:
                yield file.problem(message, ("waivers", index, name))
        seen.add((clause, case))


def _clause_problem(name: str, contract: Contract) -> Message | None:
    known = contract.known_clauses
    if name not in known:
        return _unknown("waiver-no-clause", name, known)
    if known[name].level == "observe":
        return say("waiver-observed", clause=name)
    return None


def _case_problem(name: str, entry: Mapping[str, Any], contract: Contract) -> Message | None:
    if name.startswith(f"{DRAW}-"):
        return say("waiver-drawn", case=name)
    if name not in contract.cases:
        return _unknown("waiver-no-case", name, contract.cases)
    case, is_left_out = contract.cases[name], entry.get("send") is False
    if is_left_out and case.is_plain_right_login:
        return say("waiver-right-login", case=name)
    if case.burst and not is_left_out:
        return say("waiver-burst", case=name, clause=case.clause)
    return None


def _date_problem(text: str) -> Message | None:
    try:
        date.fromisoformat(text)
    except ValueError:
        return say("waiver-no-date", text=text)
    return None


def _unknown(key: str, name: str, names: Mapping[str, object]) -> Message:
    return say(key, name=name, near=near_names(name, names, alike=0.5))
