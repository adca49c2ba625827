"""The draft of a contract for a page of another operation: data only, which the suite then runs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ... import resources
from ...contract.bindings import equalities
from ...contract.expansion import required_members
from ...contract.facts import Facts, placeholder
from ...contract.facts_record import noted_yaml, recorded, to_yaml
from ...contract.loading import Seen
from ...contract.yaml_document import Document
from ...i18n.message import say
from ...runner.requests.contract_check import load
from .contract_files import OVERLAY, generated, read_facts, write_files
from .draft_overlay import (
    ENVELOPE_CLAUSES,
    Token,
    account_of,
    overlay,
    overlay_actions,
    token_of,
)
from .generation import places_of
from .outcomes import outcomes_of, success_code
from .text import PageError

_HERE = Path(__file__).parent
_LOGIN = "login"
# Ids of the clauses that a draft adds begin here, above those of the suite's registry.
_FIRST = 21
_CLAUSES_HEAD = (
    "# A draft, made from the page by `esignon-conformance derive --draft`: look through it.\n"
)


def write_draft(facts: Facts, folder: Path, name: str | None = None) -> str:
    """Write the draft of a contract into a folder and return the name of its operation.

    Raises `ContractError` where the draft does not hold together, `PageError` where a contract is in the
    folder already, `OSError` where it cannot be written.
    """
    operation = name or name_of(facts)
    write_drafts({operation: facts}, folder)
    return operation


def write_drafts(operations: Mapping[str, Facts], folder: Path, seen: Seen | None = None) -> None:
    """Write the drafts of operations by their names into one folder, under one OpenAPI document.

    Raises as `write_draft` does.
    """
    if (folder / "contracts").exists():
        raise PageError(say("page-draft-exists", folder=str(folder)))
    dated = {
        name: replace(facts, edition=facts.edition or f"draft-{facts.sha256[:8]}")
        # In the order of their folders, as they are read again: of one address, the first has the path.
        for name, facts in sorted(operations.items())
    }
    seen = seen if seen is not None else Seen()
    write_files(_files(dated, seen), folder)
    for name in dated:
        load(folder, name, seen)


def name_of(facts: Facts) -> str:
    """Return a name for an operation: the last plain step of its path, in lower case."""
    steps = [step for step in facts.path.split("/") if step and "{" not in step]
    plain = plain_name(steps[-1]) if steps else ""
    return plain or ("webhook" if facts.is_webhook else "operation")


def named(operations: Iterable[Facts], name: str | None = None) -> dict[str, Facts]:
    """Return operations by a name each: those of a page, of which the first has the name that is given."""
    found: dict[str, Facts] = {}
    for facts in operations:
        wanted = name if name and not found else name_of(facts)
        number = sum(one == wanted or one.startswith(f"{wanted}-") for one in found)
        found[wanted if wanted not in found else f"{wanted}-{number + 1}"] = facts
    return found


def plain_name(text: str) -> str:
    """Return a text as the name of an operation, empty where it cannot be one."""
    plain = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    return plain if re.match(r"^[a-z]", plain) else ""


def _files(operations: Mapping[str, Facts], seen: Seen) -> dict[str, str]:
    root = resources.data_root()
    login = load(root, _LOGIN, seen)
    login_facts = read_facts(root / "contracts" / _LOGIN / "facts.yaml", root)
    tokens = {name: token_of(facts, _LOGIN, login_facts) for name, facts in operations.items()}
    accounts = {name: account_of(facts, login.operation) for name, facts in operations.items()}
    actions = [
        action
        for name, place in places_of(operations).items()
        for action in overlay_actions(name, operations[name], place, tokens[name], accounts[name])
    ]
    first_name, first = next(iter(operations.items()))
    overlay_text = to_yaml(overlay(first.title or first_name, first.edition, actions))
    overlay_file = Document(OVERLAY, overlay_text, {"actions": actions})
    # Made of what is recorded of the pages, as it is made anew: without their prose.
    untitled = {name: replace(facts, title="") for name, facts in operations.items()}
    made = generated(untitled, overlay_file, seen.values)
    files = {OVERLAY: overlay_text} | made
    for name, facts in operations.items():
        schema = json.loads(made.get(f"schemas/{name}/request.json", "{}"))
        clauses = list(_clauses(facts, name, tokens[name], accounts[name], schema))
        files |= _own_files(name, facts, clauses, seen)
        cases = _cases(tokens[name], accounts[name], schema)
        files |= _case_files(name, cases, tokens[name], seen)
    return files


def _own_files(
    name: str, facts: Facts, clauses: list[dict[str, Any]], seen: Seen
) -> dict[str, str]:
    """Return the files of an operation's facts and clauses."""
    value = {"operation": name, "edition": facts.edition, "clauses": clauses}
    return {
        f"contracts/{name}/facts.yaml": recorded(facts, seen.values),
        f"contracts/{name}/clauses.yaml": noted_yaml(value, seen.values, _CLAUSES_HEAD),
    }


def _case_files(
    name: str,
    files: Iterable[tuple[str, list[dict[str, Any]]]],
    token: Token | None,
    seen: Seen,
) -> dict[str, str]:
    """Return the files of an operation's cases."""
    found = {}
    for file, cases in files:
        defaults = {"account": "main"} | ({"needs": "token"} if token and file != "token" else {})
        text = noted_yaml({"defaults": defaults, "cases": cases}, seen.values)
        found[f"contracts/{name}/cases/{file}.yaml"] = text
    return found


# ---- clauses -----------------------------------------------------------------------------------------


def _clauses(
    facts: Facts,
    name: str,
    token: Token | None,
    account: Mapping[str, str],
    schema: Mapping[str, Any],
) -> Iterator[dict[str, Any]]:
    templates = _templates("draft_clauses.yaml")
    kind = outcomes_of(facts) if facts.has_response else "silent"
    header = facts.success.value["header"] if kind in ("table", "open") else {}
    words: dict[str, Any] = {
        "title": facts.title or name,
        "method": facts.method,
        "operation": name,
        "status": (facts.success.status if facts.has_response else None) or 200,
        "code": success_code(facts),
        "parsed": "ENV-3" if header else "ENV-1",
    }
    for template in templates["always"]:
        if kind not in template.get("needs", [kind]):
            continue
        # Where the page shows a failure under a status of its own, there is none that all come over.
        if template["check"] != "refusal-status" or not facts.refusal_statuses:
            yield _filled({key: template[key] for key in template if key != "needs"}, words)
    number = _FIRST
    for member in header:
        known = ENVELOPE_CLAUSES.get(member)
        number += known is None
        yield {"id": known or f"ENV-{number - 1}"} | _filled(
            templates["header_member"], words | _member_words(member)
        )
    if facts.has_response:
        yield from _success_clauses(facts, templates, words, has_envelope=bool(header))
    if schema and any(required_members(schema)):
        said = all(one.required for one in facts.of("body"))
        template = templates["wrong_members"]
        level = {"level": "must" if said else "should"}
        level |= {"rationale": templates["said" if said else "unsaid"]}
        yield _filled(templates["unreadable_body"], words)
        yield _filled(template, words) | level
    if "company" in account:
        yield _filled(templates["unknown_company"], words | {"company": account["company"]})
    if token is not None:
        yield _filled(templates["token"], words | {"header": token.header})


def _member_words(name: str) -> dict[str, str]:
    """Return the words of a template about a member: its name, and as a step of a JSON pointer."""
    return {"member": name, "step": name.replace("~", "~0").replace("/", "~1")}


def _success_clauses(
    facts: Facts, templates: Mapping[str, Any], words: Mapping[str, Any], *, has_envelope: bool
) -> Iterator[dict[str, Any]]:
    value = facts.success.value
    body = value.get("body") if has_envelope else value
    names = [name for name in body if placeholder(name) is None] if isinstance(body, dict) else []
    if names and has_envelope:
        yield _filled(templates["success_body"], words)
    number = _FIRST
    template = templates["body_member" if has_envelope else "root_member"]
    for member in names:
        yield {"id": f"SUC-{number}"} | _filled(template, {**words, **_member_words(member)})
        number += 1
    for one in equalities(facts):
        dotted = ".".join(one.pointer.split("/")[1:])
        after = "SUC-12" if names and has_envelope and one.pointer.startswith("/body/") else "REQ-1"
        about = {"pointer": one.pointer, "equals": one.equals, "dotted": dotted, "after": after}
        yield {"id": f"SUC-{number}"} | _filled(templates["equality"], {**words, **about})
        number += 1


@cache
def _templates(file: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml.load(
        (_HERE / file).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
    )
    return found


def _filled(template: Any, words: Mapping[str, Any]) -> Any:
    """Return a template with its words filled in; one that is a word alone keeps that word's type."""
    if isinstance(template, dict):
        return {_filled(key, words): _filled(value, words) for key, value in template.items()}
    if isinstance(template, list):
        return [_filled(value, words) for value in template]
    if not isinstance(template, str):
        return template
    alone = re.fullmatch(r"\{(\w+)\}", template)
    if alone is not None and alone[1] in words:
        return words[alone[1]]
    return re.sub(r"\{(\w+)\}", lambda match: str(words.get(match[1], match[0])), template)


# ---- cases -------------------------------------------------------------------------------------------


def _cases(
    token: Token | None, account: Mapping[str, str], schema: Mapping[str, Any]
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    templates = _templates("draft_cases.yaml")
    yield "right", templates["right"]
    if schema and any(required_members(schema)):
        yield "malformed", templates["malformed"]
        clauses = {member.name: "REJ-8" for member in required_members(schema)}
        if clauses:
            yield "members", [entry | {"clause": clauses} for entry in templates["members"]]
    if "company" in account:
        yield "company", templates["unknown_company"]
    if token is not None:
        words = {"header": token.header, "made_up": f"{token.prefix}made-up-token-of-nobody"}
        yield "token", _filled(templates["token"], words)
