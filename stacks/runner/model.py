"""A stack as data: `stack.yaml` says how it starts and what its defaults break."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from esignon_conformance.contract.schema_validation import validator_for
from esignon_conformance.contract.yaml_document import ContractError, read

HERE = Path(__file__).resolve().parents[1]
STACK_FILE, EXPECTED_FILE = "stack.yaml", "expected.yaml"
Command = tuple[str, ...]


@dataclass(frozen=True)
class Process:
    """One program of a variant, and what runs to its end before and after it listens."""

    start: Command
    prepare: tuple[Command, ...] = ()
    settle: tuple[Command, ...] = ()
    listens: str = "port"
    unprivileged: bool = False


@dataclass(frozen=True)
class Variant:
    """A stack as its defaults have it, or with the least mend: its programs in order."""

    name: str
    processes: tuple[Process, ...]
    options: Command = ()


@dataclass(frozen=True)
class Broken:
    """Something that the defaults break, the clauses that say so, and what mends it."""

    what: str
    clauses: tuple[str, ...]
    mend: str
    variants: tuple[str, ...] = ("default",)


@dataclass(frozen=True)
class Needs:
    """The packages of a stack, by registry."""

    python: bool = False
    node: bool = False
    debian: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stack:
    """A folder below `stacks/`."""

    name: str
    title: str
    kind: str
    needs: Needs
    files: tuple[str, ...]
    variants: tuple[Variant, ...]
    breaks: tuple[Broken, ...]
    quick: bool

    @property
    def folder(self) -> Path:
        """Return the folder of its sources."""
        return HERE / self.name


def load_stacks() -> tuple[Stack, ...]:
    """Return every stack, by name.  Raises `ContractError` with all that is wrong in one file."""
    return tuple(_stack(path.parent.name) for path in sorted(HERE.glob(f"*/{STACK_FILE}")))


def load_expected(stack: Stack) -> dict[str, dict[str, Any]]:
    """Return the expected verdicts of a stack by variant; none where nothing is recorded yet."""
    if not (stack.folder / EXPECTED_FILE).is_file():
        return {}
    expected: dict[str, dict[str, Any]] = _checked(
        stack.folder / EXPECTED_FILE, "expected.schema.json"
    )
    return expected


def _stack(name: str) -> Stack:
    value = _checked(HERE / name / STACK_FILE, "stack.schema.json")
    needs = value["needs"]
    return Stack(
        name=name,
        title=value["title"],
        kind=value["kind"],
        needs=Needs("python" in needs, "node" in needs, tuple(needs.get("debian", ()))),
        files=tuple(value.get("files", ())),
        variants=tuple(_variant(name, one) for name, one in value["variants"].items()),
        breaks=tuple(_broken(one) for one in value["breaks"]),
        quick=value.get("quick", False),
    )


def _variant(name: str, value: Mapping[str, Any]) -> Variant:
    processes = tuple(_process(one) for one in value["processes"])
    return Variant(name, processes, tuple(value.get("options", ())))


def _process(value: Mapping[str, Any]) -> Process:
    return Process(
        start=tuple(value["start"]),
        prepare=_commands(value.get("prepare", ())),
        settle=_commands(value.get("settle", ())),
        listens=value.get("listens", "port"),
        unprivileged=value.get("unprivileged", False),
    )


def _commands(value: Sequence[Sequence[str]]) -> tuple[Command, ...]:
    return tuple(tuple(one) for one in value)


def _broken(value: Mapping[str, Any]) -> Broken:
    variants = tuple(value.get("variants", ("default",)))
    return Broken(value["what"], tuple(value["clauses"]), value["mend"], variants)


def _checked(path: Path, schema: str) -> Any:
    """Read a YAML file and hold it to a schema that lies in `stacks/`."""
    document = read(path, HERE.parent)
    shape = json.loads((HERE / schema).read_text(encoding="utf-8"))
    violations = sorted(validator_for({schema: shape})(schema).iter_errors(document.value), key=str)
    if violations:
        raise ContractError(document.problem(one.message, tuple(one.path)) for one in violations)
    return document.value
