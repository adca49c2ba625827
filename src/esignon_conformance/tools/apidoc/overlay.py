"""Applies an OpenAPI Overlay 1.0.0: what is inferred of the page, each action with its reason.

The targets are JSONPath (RFC 9535), which `python-jsonpath` reads.  Applying is the few lines of §4.4.3
of the Overlay Specification; the libraries that offer it skip a target that leads nowhere, and here
that is an error: an inference about a member that the page has no longer.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from ...contract.yaml_document import ContractError, Document


def apply_overlay(document: Mapping[str, Any], overlay: Document) -> dict[str, Any]:
    """Return a document with the actions of an overlay applied in their order.

    Raises `ContractError` with the file and line of each action whose target is no JSONPath, matches
    nothing, or is the whole document where it is to be removed.
    """
    # Imported here, since the drafts of a whole site have no overlay, and it takes long to load.
    import jsonpath  # noqa: PLC0415 - see the line above

    result: dict[str, Any] = copy.deepcopy(dict(document))
    problems = []
    for index, action in enumerate(overlay.value["actions"]):
        try:
            problem = _apply(result, action)
        except jsonpath.JSONPathError as error:
            problem = f"the target {action['target']} is no JSONPath: {error}"
        if problem:
            problems.append(overlay.problem(problem, ("actions", index, "target")))
    if problems:
        raise ContractError(problems)
    return result


def _apply(document: dict[str, Any], action: Mapping[str, Any]) -> str:
    """Apply one action; return what is wrong with it, if anything."""
    import jsonpath  # noqa: PLC0415 - as above

    matches = list(jsonpath.finditer(action["target"], document))
    if not matches:
        return f"the target {action['target']} matches nothing"
    # Backwards, so that what is removed from an array does not move what is still to be removed.
    for match in reversed(matches):
        if action.get("remove"):
            if match.parent is None:
                return "the target to be removed is the whole document"
            del match.parent.obj[match.parts[-1]]  # type: ignore[attr-defined]  # of a container
        elif isinstance(match.obj, list):
            match.obj.append(copy.deepcopy(action["update"]))
        else:
            merge(match.obj, action["update"])  # type: ignore[arg-type]  # the schema lets no other be
    return ""


def merge(target: dict[str, Any], update: Mapping[str, Any]) -> None:
    """Merge an update into an object: objects member by member, arrays by appending, others replaced."""
    for name, value in update.items():
        known = target.get(name)
        if isinstance(known, dict) and isinstance(value, dict):
            merge(known, value)
        elif isinstance(known, list) and isinstance(value, list):
            known.extend(copy.deepcopy(value))
        else:
            target[name] = copy.deepcopy(value)
