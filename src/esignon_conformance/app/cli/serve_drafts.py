"""`esignon-conformance serve --contract FOLDER`: drafted operations, as their pages show them."""

from __future__ import annotations

from pathlib import Path

from ...contract.yaml_document import ContractError, problems_of
from ...i18n.errors import ConfigurationError
from ...i18n.message import say
from ...i18n.near_names import near_names
from ...tools.drafted.faults import DraftFault, faults_of
from ...tools.drafted.operations import Drafted, read_operations
from ...tools.drafted.server import application
from ...tools.reference.application import Application
from ...tools.reference.world import World


def drafts(folder: str, names: list[str]) -> tuple[Drafted, ...]:
    """Return the drafted operations of a folder, those of some names where any is given.

    Raises `ConfigurationError` where there are none, or none of a name.
    """
    try:
        found = read_operations(Path(folder), names)
        known = read_operations(Path(folder)) if len(found) < len(set(names)) else found
    except ContractError as error:
        raise ConfigurationError(problems_of(error)) from None
    except OSError:
        raise ConfigurationError(say("contract-of-none", folder=folder)) from None
    if not found or len(found) < len(set(names)):
        said = ", ".join(one.operation.id for one in known) or "-"
        raise ConfigurationError(say("serve-no-operation", folder=folder, names=said))
    return found


def served(operations: tuple[Drafted, ...], world: World, fault: str | None) -> Application:
    """Return the server, right or with a fault of the operation that is served alone."""
    if fault is None:
        return application(operations, world)
    found = {one.name: one for one in _faults(operations)}
    if fault not in found:
        near = near_names(fault, found, alike=0.4)
        raise ConfigurationError(say("serve-no-fault", name=fault, near=near))
    return found[fault].build(operations, world)


def list_faults(operations: tuple[Drafted, ...]) -> None:
    """Print each fault, and what the server does."""
    for one in _faults(operations):
        print(f"{one.name}  {one.docstring}")


def _faults(operations: tuple[Drafted, ...]) -> tuple[DraftFault, ...]:
    if len(operations) != 1:
        raise ConfigurationError(say("serve-one-operation"))
    return faults_of(operations[0])
