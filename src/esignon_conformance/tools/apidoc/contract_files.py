"""The files of a contract, made of recorded facts and the overlay: `openapi.yaml` and the schemas."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ... import resources
from ...contract.checked_files import violations
from ...contract.facts import Facts
from ...contract.facts_record import from_data, noted_yaml
from ...contract.loading import read_schemas
from ...contract.schema_validation import validator_for
from ...contract.yaml_document import ContractError, Document, read
from ...runner.requests.contract_check import note_checked
from .answers import add_examples
from .generation import contract_of
from .overlay import apply_overlay

OPENAPI = "contracts/openapi.yaml"
OVERLAY = "contracts/overlay.yaml"
_MARK = (
    "Generated from contracts/{name}/facts.yaml and contracts/overlay.yaml by `make contract`: "
    "edit those."
)
_REFERENCE = re.compile(r"^#/components/schemas/(.+)_([a-z]+)$")


def read_facts(path: Path, root: Path) -> Facts:
    """Read recorded facts.  Raises `ContractError` where they are not as `schemas/facts.json` says."""
    document = checked_file(path, root, "facts.json")
    return from_data(document.value)


def read_overlay(path: Path, root: Path) -> Document:
    """Read an overlay.  Raises `ContractError` where it is not as `schemas/overlay.json` says."""
    return checked_file(path, root, "overlay.json")


def operations_of(root: Path) -> dict[str, Facts]:
    """Return the recorded facts of each operation by its name, which is that of its folder."""
    found = sorted((root / "contracts").glob("*/facts.yaml"))
    return {path.parent.name: read_facts(path, root) for path in found}


def generated(
    operations: Mapping[str, Facts], overlay: Document, known: dict[str, Any] | None = None
) -> dict[str, str]:
    """Return the text of every generated file by its path below the root.

    `known` is told what each text of YAML says.
    Raises `ContractError` where an action of the overlay does not apply.
    """
    document = apply_overlay(contract_of(operations), overlay)
    add_examples(document, operations)
    components = document["components"]
    schemas = components.pop("schemas")
    if not components:
        del document["components"]
    files: dict[str, str] = {}
    for name in operations:
        mark = _MARK.format(name=name)
        for key, schema in schemas.items():
            owner, _, part = key.rpartition("_")
            if owner == name:
                files[f"schemas/{name}/{part}.json"] = _json(_marked(schema, mark))
    head = f"# {_MARK.format(name='*')}\n"
    described = _referring(document, "../schemas/{}/{}.json")
    return {OPENAPI: noted_yaml(described, {} if known is None else known, head)} | files


def checked_file(path: Path, root: Path, schema: str) -> Document:
    """Read a data file.  Raises `ContractError` where it is not as its schema says."""
    document = read(path, root)
    validator = validator_for(read_schemas(resources.data_root()))(schema)
    problems = violations(document, validator)
    if problems:
        raise ContractError(problems)
    return document


def _marked(schema: Mapping[str, Any], mark: str) -> dict[str, Any]:
    said = schema.get("$comment", "")
    first = {name: schema[name] for name in ("$schema", "title") if name in schema}
    return (
        first
        | {"$comment": f"{mark} {said}".strip()}
        | {
            name: _referring(value, "{1}.json")
            for name, value in schema.items()
            if name not in (*first, "$comment")
        }
    )


def _referring(value: Any, form: str) -> Any:
    """Return a value whose references to components lead to the files instead."""
    if isinstance(value, dict):
        return {
            name: _reference(child, form) if name == "$ref" else _referring(child, form)
            for name, child in value.items()
        }
    return [_referring(child, form) for child in value] if isinstance(value, list) else value


def _reference(target: str, form: str) -> str:
    match = _REFERENCE.match(target)
    return form.format(match[1], match[2]) if match else target


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def write_files(files: Mapping[str, str], root: Path) -> None:
    """Write files by their path below a root."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def main(arguments: Sequence[str]) -> int:
    """Make the generated files of a contract anew; without a folder, those of the project."""
    root = Path(arguments[0]) if arguments else resources.data_root()
    try:
        overlay = read_overlay(root / OVERLAY, root)
        operations = operations_of(root)
        files = generated(operations, overlay)
        write_files(files, root)
        noted = [note_checked(root, name) for name in operations]
    except (ContractError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print("\n".join([*files, *(path.relative_to(root).as_posix() for path in noted)]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
