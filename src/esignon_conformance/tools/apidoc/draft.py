"""The draft of a contract for a page of another operation: data only, which the suite then runs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from ... import resources
from ...contract.bindings import equalities
from ...contract.expansion import required_members
from ...contract.facts import Facts
from ...contract.facts_record import recorded, to_yaml
from ...contract.yaml_document import Document
from ...i18n.message import say
from ...runner.requests.contract_check import load
from .contract_files import OVERLAY, generated, read_facts, write_files
from .draft_overlay import ENVELOPE_CLAUSES, Token, account_of, draft_overlay, token_of
from .generation import success_code
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

    Raises `PageError` where the page's example has no header with a result code, `ContractError` where
    the draft does not hold together, `OSError` where it cannot be written.
    """
    example = facts.success.value
    header = example.get("header") if isinstance(example, dict) else None
    if not isinstance(header, dict) or not isinstance(header.get("result_code"), str):
        raise PageError(say("page-no-envelope"), facts.examples[0].line)
    if (folder / "contracts").exists():
        raise PageError(say("page-draft-exists", folder=str(folder)))
    operation = name or _name(facts)
    facts = replace(facts, edition=facts.edition or f"draft-{facts.sha256[:8]}")
    write_files(_files(facts, operation), folder)
    load(folder, operation)
    return operation


def _name(facts: Facts) -> str:
    """Return a name for an operation: the last plain step of its path, in lower case."""
    steps = [step for step in facts.path.split("/") if step and "{" not in step]
    plain = re.sub(r"[^a-z0-9]+", "-", steps[-1].lower()).strip("-") if steps else ""
    return plain if re.match(r"^[a-z]", plain) else "operation"


def _files(facts: Facts, name: str) -> dict[str, str]:
    root = resources.data_root()
    login = load(root, _LOGIN)
    login_facts = read_facts(root / "contracts" / _LOGIN / "facts.yaml", root)
    token = token_of(facts, _LOGIN, login_facts)
    account = account_of(facts, login.operation)
    overlay_text = to_yaml(draft_overlay(name, facts, token, account))
    overlay = Document(OVERLAY, overlay_text, yaml.safe_load(overlay_text))
    made = generated({name: facts}, overlay)
    schema = yaml.safe_load(made.get(f"schemas/{name}/request.json", "{}"))
    clauses = list(_clauses(facts, name, token, account, schema))
    files = {
        f"contracts/{name}/facts.yaml": recorded(facts),
        f"contracts/{name}/clauses.yaml": _CLAUSES_HEAD
        + to_yaml({"operation": name, "edition": facts.edition, "clauses": clauses}),
        OVERLAY: overlay_text,
    }
    for file, cases in _cases(facts, token, account, schema):
        defaults = {"account": "main"} | ({"needs": "token"} if token and file != "token" else {})
        text = to_yaml({"defaults": defaults, "cases": cases})
        files[f"contracts/{name}/cases/{file}.yaml"] = text
    return files | made


# ---- clauses -----------------------------------------------------------------------------------------


def _clauses(
    facts: Facts,
    name: str,
    token: Token | None,
    account: Mapping[str, str],
    schema: Mapping[str, Any],
) -> Iterator[dict[str, Any]]:
    templates = yaml.safe_load((_HERE / "draft_clauses.yaml").read_text(encoding="utf-8"))
    shown = facts.success
    words: dict[str, Any] = {
        "title": facts.title or name,
        "method": facts.method,
        "operation": name,
        "status": shown.status or 200,
        "code": success_code(facts),
    }
    for template in templates["always"]:
        # Where the page shows a failure under a status of its own, there is none that all come over.
        if template["check"] != "refusal-status" or not facts.refusal_statuses:
            yield _filled(template, words)
    number = _FIRST
    for member in shown.value["header"]:
        known = ENVELOPE_CLAUSES.get(member)
        number += known is None
        yield {"id": known or f"ENV-{number - 1}"} | _filled(
            templates["header_member"], words | {"member": member}
        )
    yield from _success_clauses(facts, templates, words)
    if schema:
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


def _success_clauses(
    facts: Facts, templates: Mapping[str, Any], words: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    body = facts.success.value.get("body")
    names = list(body) if isinstance(body, dict) else []
    if names:
        yield _filled(templates["success_body"], words)
    number = _FIRST
    for member in names:
        yield {"id": f"SUC-{number}"} | _filled(
            templates["body_member"], {**words, "member": member}
        )
        number += 1
    for one in equalities(facts):
        dotted = ".".join(one.pointer.split("/")[1:])
        after = "SUC-12" if names and one.pointer.startswith("/body/") else "REQ-1"
        about = {"pointer": one.pointer, "equals": one.equals, "dotted": dotted, "after": after}
        yield {"id": f"SUC-{number}"} | _filled(templates["equality"], {**words, **about})
        number += 1


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
    facts: Facts, token: Token | None, account: Mapping[str, str], schema: Mapping[str, Any]
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    templates = yaml.safe_load((_HERE / "draft_cases.yaml").read_text(encoding="utf-8"))
    yield "right", templates["right"]
    if schema:
        yield "malformed", templates["malformed"]
        clauses = {member.name: "REJ-8" for member in required_members(schema)}
        if clauses:
            yield "members", [entry | {"clause": clauses} for entry in templates["members"]]
    if "company" in account:
        yield "company", templates["unknown_company"]
    if token is not None:
        words = {"header": token.header, "made_up": f"{token.prefix}made-up-token-of-nobody"}
        yield "token", _filled(templates["token"], words)
