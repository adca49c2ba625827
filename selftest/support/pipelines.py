"""The GitHub Action and the GitLab component as their systems fill them in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

from esignon_conformance import resources

ROOT = resources.data_root()
ACTION = ROOT / "action.yml"
COMPONENT = ROOT / "templates" / "conformance" / "template.yml"
OF_GITHUB = re.compile(r"\$\{\{\s*([a-z._-]+)\s*\}\}")
INPUT = re.compile(r"\$\[\[\s*inputs\.([a-z-]+)\s*\]\]")
NUMBER = "17"


def action() -> dict[str, Any]:
    """Return the action."""
    found: dict[str, Any] = yaml.safe_load(ACTION.read_text("utf-8"))
    return found


def action_steps() -> dict[str, dict[str, Any]]:
    """Return the steps of the action that run lines of shell, by name."""
    return {one["name"]: one for one in action()["runs"]["steps"] if "run" in one}


def action_variables(given: Mapping[str, str]) -> dict[str, str]:
    """Return what the runner sets for the steps of the action: the defaults, and what is given."""
    declared = action()["inputs"]
    unknown = given.keys() - declared.keys()
    lost = {name for name, one in declared.items() if one.get("required")} - given.keys()
    assert not unknown | lost, (unknown, lost)
    values = {**{name: one.get("default", "") for name, one in declared.items()}, **given}
    contexts = {f"inputs.{name}": value for name, value in values.items()}
    contexts |= {"github.run_number": NUMBER, "github.action_path": str(ROOT)}
    found = {}
    for step in action_steps().values():
        for name, expression in step["env"].items():
            (inside,) = OF_GITHUB.findall(expression)
            found[name] = contexts[inside]
    return found


def component(given: Mapping[str, str]) -> tuple[dict[str, Any], str]:
    """Return the inputs of the component, and its job as GitLab fills it in."""
    head, body = COMPONENT.read_text("utf-8").split("\n---\n")
    declared: dict[str, Any] = yaml.safe_load(head)["spec"]["inputs"]
    assert given.keys() <= declared.keys()
    defaults = {name: one["default"] for name, one in declared.items() if "default" in one}
    values = {**defaults, **given}
    return declared, INPUT.sub(lambda match: str(values[match[1]]), body)


def component_job(given: Mapping[str, str]) -> dict[str, Any]:
    """Return the job of the component."""
    (job,) = yaml.safe_load(component(given)[1]).values()
    found: dict[str, Any] = job
    return found


def component_variables(given: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that the job of the component sets."""
    return {name: str(value) for name, value in component_job(given)["variables"].items()}
