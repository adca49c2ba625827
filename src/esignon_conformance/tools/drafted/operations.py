"""The drafted operations of a contract folder, with the answers that their pages give as examples."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import jsonpatch
import yaml

from ...contract.facts import members
from ...contract.loading import Seen
from ...contract.model import Contract
from ...contract.schema_validation import validator_for
from ...runner.requests.contract_check import load
from ...transport.json_reader import member

_VARIABLE = re.compile(r"\{([^{}]+)\}")
# An operation without an envelope: what a refusal says then, under an HTTP status of its own.
_PROBLEM: Mapping[str, Any] = {"message": "The request was refused."}
_OTHER_CODE = "99"


@dataclass(frozen=True)
class Asked:
    """A request to a drafted operation, and what of it was read."""

    path: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    raw: bytes
    value: Any
    is_json: bool


@dataclass(frozen=True)
class Answer:
    """An answer before it is written: its status, its value, and whether it is a success."""

    status: int
    value: Any
    is_success: bool


class Drafted:
    """One drafted operation: when a request is right, and what it gets."""

    def __init__(self, contract: Contract, described: Mapping[str, Any]) -> None:
        self.contract = contract
        self.operation = contract.operation
        self.has_envelope = contract.codes.outcomes != "status"
        self._path = re.compile(_pattern(contract.operation.path))
        file = f"{contract.operation.id}/request.json"
        self._validator = (
            validator_for(contract.schemas)(file) if file in contract.schemas else None
        )
        self._examples = dict(_examples(described))
        self.equal = [
            (clause.parameters["pointer"], clause.parameters["equals"])
            for clause in contract.clauses.values()
            if clause.check == "success-equals"
        ]

    def path_of(self, method: str, path: str) -> dict[str, str] | None:
        """Return the path parameters of a request to this operation, None where it is to another."""
        match = self._path.fullmatch(path) if method == self.operation.method else None
        return match.groupdict() if match is not None else None

    def names_itself(self, asked: Asked) -> bool:
        """Tell whether a body names this operation by its code, readable or not."""
        code = member(self.operation.request_example, "/header/request_code")[1]
        return isinstance(code, str) and code != "" and f'"{code}"'.encode() in asked.raw

    def is_exactly(self, asked: Asked) -> bool:
        """Tell whether a body has the members of this operation's example, and no others."""
        own = {at for at, _ in members(self.operation.request_example)}
        return bool(own) and {at for at, _ in members(asked.value)} == own

    def likeness(self, asked: Asked) -> int:
        """Return how many members a body shares with this operation's example."""
        value = asked.value
        if isinstance(value, list) and value:
            value = value[0]
        own = {at for at, _ in members(self.operation.request_example)}
        return sum(at in own for at, _ in members(value))

    def takes(self, answer: Answer) -> bool:
        """Tell whether an answer is a success as the page of this operation describes it."""
        file = f"{self.operation.id}/success.json"
        return bool(validator_for(self.contract.schemas)(file).is_valid(answer.value))

    def refuses(self, answer: Answer) -> bool:
        """Tell whether an answer is a refusal as the page of this operation describes it."""
        file = f"{self.operation.id}/refusal.json"
        if file not in self.contract.schemas:
            return False
        return bool(validator_for(self.contract.schemas)(file).is_valid(answer.value))

    def fits(self, asked: Asked) -> bool:
        """Tell whether a body is as the page describes it."""
        if self._validator is None or not self.operation.media_type:
            return True
        return asked.is_json and self._validator.is_valid(asked.value)

    def success(self, asked: Asked) -> Answer:
        """Return the page's example, with what the page says is that which was sent."""
        issued = self.contract.codes.issued
        value = copy.deepcopy(self._examples.get(issued, self._examples.get("documented", {})))
        for pointer, equals in self.equal:
            sent = _sent(equals, asked)
            if sent is not None and member(value, pointer)[0]:
                jsonpatch.JsonPointer(pointer).set(value, sent)
        return Answer(self._status, value, is_success=True)

    def refusal(self, *, is_about_token: bool = False) -> Answer:
        """Return a documented refusal: under the status of a success, or under one of its own."""
        codes = sorted(self.contract.codes.refused)
        if not self.has_envelope:
            return Answer(401 if is_about_token else 400, dict(_PROBLEM), is_success=False)
        if codes and codes[0] in self._examples:
            return Answer(self._status, copy.deepcopy(self._examples[codes[0]]), is_success=False)
        header = dict(self._examples[self.contract.codes.issued]["header"])
        header |= {"result_code": codes[0] if codes else _OTHER_CODE}
        header |= {"result_msg": "-"} if "result_msg" in header else {}
        return Answer(self._status, {"header": header}, is_success=False)

    @property
    def _status(self) -> int:
        clause = self.contract.clauses.get("REQ-1")
        return int(clause.parameters.get("status", 200)) if clause is not None else 200


def without_items(answer: Answer) -> Answer:
    """Return an answer whose lists are empty: one that pages with other items both describe."""

    def emptied(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: emptied(one) for name, one in value.items()}
        return [] if isinstance(value, list) else value

    return replace(answer, value=emptied(answer.value))


def _pattern(path: str) -> str:
    """Return the pattern of a path whose variables are groups by their names where those can be."""
    parts = _VARIABLE.split(path)
    found = ""
    for index, part in enumerate(parts):
        is_variable = index % 2 == 1
        group = rf"(?P<{part}>[^/]+)" if part.isidentifier() else "[^/]+"
        found += group if is_variable else re.escape(part)
    return found


def _sent(place: str, asked: Asked) -> Any:
    kind, _, name = place.partition(" ")
    if kind == "request":
        return member(asked.value, name)[1]
    known = {"path": asked.path, "query": asked.query, "header": asked.headers}.get(kind, {})
    return known.get(name.lower() if kind == "header" else name)


def _examples(described: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for response in described.get("responses", {}).values():
        for content in response.get("content", {}).values():
            for name, example in content.get("examples", {}).items():
                yield name, example["value"]


def read_operations(folder: Path, names: Sequence[str] = ()) -> tuple[Drafted, ...]:
    """Read the drafted operations of a folder, all of them or those of some names.

    Raises `ContractError` where the folder holds no such contract.
    """
    known = sorted(path.parent.name for path in (folder / "contracts").glob("*/clauses.yaml"))
    seen = Seen()
    wanted = [name for name in known if not names or name in names]
    contracts = [load(folder, name, seen) for name in wanted]
    document = yaml.load(
        (folder / "contracts" / "openapi.yaml").read_text(encoding="utf-8"),
        Loader=yaml.CSafeLoader,
    )
    described = {
        one["operationId"]: one
        for items in (document.get("paths", {}), document.get("webhooks", {}))
        for item in items.values()
        for one in item.values()
        if isinstance(one, dict) and "operationId" in one
    }
    return tuple(Drafted(one, described[one.operation.id]) for one in contracts)
