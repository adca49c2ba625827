"""The frozen corpus: draws that were chosen once, stored with the contract, replayed by each run.

`python -m esignon_conformance.runner.fuzzing.corpus --rebuild` draws and chooses anew.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import itertools
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from random import Random
from typing import Any

from ... import resources
from ...contract.model import Contract, Operation
from ...contract.yaml_document import ContractError, Problem
from ...runner.requests import contract_check
from ...transport.json_reader import read_json
from ..requests.byte_edits import as_bytes
from .classification import Kind
from .draws import WAYS, Draw, drawn, with_draws
from .keywords import applied, undocumented

FORMAT = 1
MOST = 400
_SEED = 20210407
_FUZZED = 1200
_MUTATED = 9000
_LONGEST = 2048
_MOST_ALIKE = 4
_MARKS: Mapping[str, bytes] = {"escape": b"\\u", "tab": b"\t", "line": b"\n", "return": b"\r"}
_ADVICE = "rebuild it: make corpus"


def path_of(operation: Operation) -> Path:
    """Return the file of an operation's corpus."""
    return resources.contracts() / operation.id / "corpus.jsonl.gz"


def with_corpus(contract: Contract, path: Path | None = None) -> Contract:
    """Return a contract with the draws of its corpus among its cases.

    Raises `ContractError` when the corpus is missing, damaged or made for another request.
    """
    return with_draws(contract, load(contract, path or path_of(contract.operation)))


def load(contract: Contract, path: Path) -> list[Draw]:
    """Return the draws of a corpus file.  Raises `ContractError`."""
    shown = f"contracts/{contract.operation.id}/{path.name}"
    try:
        head, *rows = gzip.decompress(path.read_bytes()).decode("ascii").splitlines()
        belongs_to = json.loads(head)
        draws = [_draw(json.loads(row)) for row in rows]
    except (OSError, EOFError, ValueError, LookupError, TypeError) as error:
        message = f"the corpus cannot be read ({type(error).__name__}: {error}); {_ADVICE}"
        raise ContractError([Problem(shown, 1, message)]) from error
    if belongs_to != _head(contract.operation, len(draws)):
        message = f"the corpus does not belong to this contract's request; {_ADVICE}"
        raise ContractError([Problem(shown, 1, message)])
    strange = {draw.kind.clause for draw in draws} - set(contract.clauses)
    if strange or not {draw.way for draw in draws} <= set(WAYS):
        names = ", ".join(sorted(strange)) or "ways"
        message = f"the corpus names what there is not: {names}; {_ADVICE}"
        raise ContractError([Problem(shown, 1, message)])
    return draws


def stored(operation: Operation, draws: Iterable[Draw]) -> bytes:
    """Return a corpus as the bytes of its file, equal for equal draws."""
    rows = [_row(draw) for draw in draws]
    lines = [_head(operation, len(rows)), *rows]
    text = "".join(json.dumps(line, sort_keys=True) + "\n" for line in lines)
    return gzip.compress(text.encode("ascii"), mtime=0)


def _head(operation: Operation, count: int) -> dict[str, Any]:
    schema = json.dumps(operation.request_schema, sort_keys=True).encode()
    return {
        "format": FORMAT,
        "operation": operation.id,
        "request_schema": hashlib.sha256(schema).hexdigest(),
        "draws": count,
    }


def _row(draw: Draw) -> dict[str, Any]:
    kind = {name: value for name, value in asdict(draw.kind).items() if value}
    if "tags" in kind:
        kind["tags"] = sorted(kind["tags"])
    return {"body": draw.body.hex(), "way": draw.way, **kind}


def _draw(row: dict[str, Any]) -> Draw:
    body, way = bytes.fromhex(row.pop("body")), row.pop("way")
    row["expect"] = tuple(row.get("expect", ()))
    row["tags"] = frozenset(row.get("tags", ()))
    return Draw(body, way, Kind(**row))


# ---- making one ------------------------------------------------------------------------------------


def pool(
    operation: Operation, fuzzed: int = _FUZZED, mutated: int = _MUTATED
) -> Iterator[tuple[str, bytes]]:
    """Yield what to choose from: schemathesis' coverage and fuzzing, and byte mutations."""
    from .generation import Generator  # noqa: PLC0415 - loading a corpus needs no Hypothesis
    from .mutation import mutations  # noqa: PLC0415 - as above

    generator = Generator(operation)
    yield from (("coverage", body) for body in generator.coverage())
    yield from (("fuzzing", body) for body in generator.fuzzing(_SEED, fuzzed))
    chance = Random(_SEED)  # noqa: S311 - so that the same draws come again
    yield from itertools.islice(mutations(chance), mutated)


def choose(contract: Contract, bodies: Iterable[tuple[str, bytes]], most: int = MOST) -> list[Draw]:
    """Return the draws that exercise the most: one of each kind, then a second one, and so on.

    A kind is a clause, what is broken or added, and the way the body came to be.
    """
    schema = contract.operation.request_schema
    seen = {
        as_bytes(case.raw[0]["literal"])
        for case in contract.cases.values()
        if _is_literal(case.raw)
    }
    kinds: dict[tuple[str, ...], list[Draw]] = defaultdict(list)
    for way, body in bodies:
        if body not in seen and len(body) <= _LONGEST:
            seen.add(body)
            draw = drawn(body, way, schema)
            kinds[(draw.kind.clause, *exercised(body, schema), way)].append(draw)
    for alike in kinds.values():
        alike.sort(key=lambda draw: (len(draw.body), draw.body))
    rounds = itertools.zip_longest(*(kinds[key][:_MOST_ALIKE] for key in sorted(kinds)))
    chosen = [draw for one_of_each in rounds for draw in _spread(one_of_each)]
    return sorted(chosen[:most], key=lambda draw: (draw.kind.clause, draw.way, draw.body))


def _spread(draws: Iterable[Draw | None]) -> Iterator[Draw]:
    """Yield draws so that the clauses take turns, since some have many more kinds than others."""
    by_clause: dict[str, list[Draw]] = defaultdict(list)
    for draw in draws:
        if draw is not None:
            by_clause[draw.kind.clause].append(draw)
    for turn in itertools.zip_longest(*by_clause.values()):
        yield from (draw for draw in turn if draw is not None)


def _is_literal(raw: tuple[Mapping[str, Any], ...]) -> bool:
    return len(raw) == 1 and "literal" in raw[0]


def exercised(body: bytes, schema: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a body exercises: keywords violated, members added, or where its text breaks."""
    text = read_json(body)
    if text.problem is not None:
        yield f"{text.problem} {text.detail.partition(':')[0]}"
        return
    yield from (f"twice {pointer}" for pointer in text.duplicates)
    yield from (one.name for one in applied(schema, text.value) if not one.satisfied)
    extra = {
        f"{place} + {type(value).__name__}" for place, _, value in undocumented(schema, text.value)
    }
    yield from sorted(extra)[:2]
    if not extra:
        # A documented request: how it is written, and what stands in its strings.
        yield from (name for name, mark in _MARKS.items() if mark in body)
        yield "ascii" if body.isascii() else "not ascii"
        yield f"header {'first' if body.find(b'header') < body.find(b'body') else 'last'}"


def main(arguments: list[str] | None = None) -> int:
    """Rebuild the corpus, or say what is in it."""
    parser = argparse.ArgumentParser(prog="python -m esignon_conformance.runner.fuzzing.corpus")
    parser.add_argument("--rebuild", action="store_true", help="draw and choose anew")
    options = parser.parse_args(arguments)
    contract = contract_check.load()
    path = path_of(contract.operation)
    if options.rebuild:
        draws = choose(contract, pool(contract.operation))
        path.write_bytes(stored(contract.operation, draws))
    draws = load(contract, path)
    clauses = sorted({draw.kind.clause for draw in draws})
    counts = {one: sum(1 for draw in draws if draw.kind.clause == one) for one in clauses}
    print(f"{path}: {len(draws)} draws, {path.stat().st_size} bytes")
    print(", ".join(f"{clause} {count}" for clause, count in counts.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
