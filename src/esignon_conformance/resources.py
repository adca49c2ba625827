"""Where the data of the suite lies: contracts, schemas and tests."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def data_root() -> Path:
    """Return the folder that holds `contracts/`, `schemas/`, `tests/` and `conftest.py`.

    In a clone that is the top level; in an installed wheel it is a folder inside the package.
    """
    packaged = _PACKAGE / "_data"
    return packaged if packaged.is_dir() else _PACKAGE.parents[1]


def is_installed() -> bool:
    """Tell whether this is an installed wheel and no clone."""
    return data_root().is_relative_to(_PACKAGE)


def shown_path(path: Path) -> str:
    """Return a path as a reader would type it: from the current folder where it lies below that."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def reports() -> Path:
    """Return the folder that a run writes into when none is named.

    Inside a clone that is `reports/` at its top level, else `reports/` in the current folder: nobody
    looks for it in a clone that they are not in.
    """
    here = Path.cwd()
    is_inside = not is_installed() and here.is_relative_to(data_root())
    return (data_root() if is_inside else here) / "reports"


def contracts() -> Path:
    """Return the folder of the contract's data files."""
    return data_root() / "contracts"


def schemas() -> Path:
    """Return the folder of the JSON Schemas."""
    return data_root() / "schemas"


def tests() -> Path:
    """Return the folder of the conformance cases that pytest collects."""
    return data_root() / "tests"
