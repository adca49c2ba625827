"""A copy of the data of the suite, to be broken."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

from esignon_conformance import resources
from esignon_conformance.contract.yaml_document import ContractError, Problem
from esignon_conformance.runner.requests.contract_check import load
from selftest.support.exchanges import contract

CLAUSES = "contracts/login/clauses.yaml"
RIGHT = "contracts/login/cases/right.yaml"
UNKNOWN = "contracts/login/cases/unknown.yaml"


class Tree:
    """A copy of the contract's data that is damaged and read."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name in ("contracts", "schemas"):
            shutil.copytree(resources.data_root() / name, root / name)

    def replace(self, file: str, old: str, new: str, count: int = 1) -> int:
        """Replace a text in a file and return the line on which it stood first."""
        path = self.root / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{file} holds no {old!r}"
        path.write_text(text.replace(old, new, count), encoding="utf-8")
        return text[: text.index(old)].count("\n") + 1

    def append(self, file: str, entry: str) -> int:
        """Add a line to a file and return its number."""
        path = self.root / file
        text = path.read_text(encoding="utf-8")
        path.write_text(text + entry + "\n", encoding="utf-8")
        return text.count("\n") + 1

    def problems(self) -> list[Problem]:
        """Return the problems with which the data is refused."""
        with pytest.raises(ContractError) as refused:
            load(self.root)
        problems = list(refused.value.problems)
        assert str(refused.value).splitlines() == [str(one) for one in problems]
        return problems

    def problem(self) -> Problem:
        """Return the one problem with which the data is refused."""
        (problem,) = self.problems()
        return problem

    def thin_out(self) -> None:
        """Keep two cases of each clause in a file, and what others name: that is read in half the time."""
        cases = contract().cases.values()
        named = {name for one in cases for name in (one.same_as, one.builds_on, *one.told_with)}
        named |= {one.where["case"] for one in cases if one.where}
        named |= {name for one in cases for name in (*one.burst.get("mix", ()), *one.shares)}
        named |= {
            name for one in contract().clauses.values() for name in one.parameters.get("cases", ())
        }
        for path in (self.root / "contracts" / "login" / "cases").glob("*.yaml"):
            lines, counts = [], Counter[str]()
            for line in path.read_text(encoding="utf-8").splitlines():
                entry = re.match(r"  - \{id: ([\w-]+), clause: ([A-Z]+-\d+)", line)
                if entry is not None and entry[1] not in named:
                    counts[entry[2]] += 1
                    if counts[entry[2]] > 2:
                        continue
                lines.append(line)
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def case(case_id: str, **members: str) -> str:
    """Return a line with a case in the manner of the files."""
    rest = {"clause": "REJ-2", "situation": "unknown-email", "title": "{en: x, ko: 값}", **members}
    return "  - {id: " + case_id + "".join(f", {name}: {text}" for name, text in rest.items()) + "}"


def assert_told(tree: Tree, file: str, expected: dict[int, str]) -> None:
    """See that each line of a file, and nothing else, has a problem that says so."""
    problems = tree.problems()
    assert {(one.file, one.line) for one in problems} == {(file, line) for line in expected}
    for problem in problems:
        assert expected[problem.line] in str(problem)
