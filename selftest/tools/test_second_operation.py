"""The next page is data: a draft made from a page, run against a server of its own, without new Python."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from openapi_spec_validator import validate

from esignon_conformance.runner.requests.builder import build
from esignon_conformance.runner.requests.contract_check import load
from esignon_conformance.target.accounts import box_accounts
from esignon_conformance.tools.apidoc.contract_files import read_overlay
from esignon_conformance.tools.apidoc.draft import write_draft
from esignon_conformance.tools.apidoc.page_reader import read_page
from esignon_conformance.tools.apidoc.text import PageError
from selftest.support.command import command, statement
from selftest.support.exchanges import MAIN, TARGET, plain
from selftest.support.second_operation import PAGE, TOKEN, Server, serving

ACCOUNT = box_accounts()["main"]
TEXT = PAGE.read_text(encoding="utf-8")


def drafted(folder: Path, text: str = TEXT, name: str | None = None) -> str:
    """Write the draft of a page into a folder and return the name of its operation."""
    return write_draft(read_page(text.encode()), folder, name)


@pytest.fixture(scope="module")
def draft(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the draft of the made-up page."""
    folder = tmp_path_factory.mktemp("second") / "draft"
    assert drafted(folder, name="rename") == "rename"
    return folder


class Ran:
    """What a run of the suite against the small server came to."""

    def __init__(self, folder: Path, report: Path, server: Server, *more: str) -> None:
        self.process = command(
            *("run", "--contract", str(folder), "--base-url", server.base_url),
            *("--accounts", "box", "--report-dir", str(report), "--lang", "en", *more),
        )
        self.output = self.process.stdout + self.process.stderr
        self.verdicts: dict[str, str] = {}
        if (report / "statement.json").is_file():
            found: Any = statement(report)["clauses"]
            self.verdicts = {one["id"]: one["verdict"] for one in found}

    def deviating(self) -> set[str]:
        """Return the clauses that do not hold."""
        return {name for name, word in self.verdicts.items() if word in ("fails", "advisory")}


@pytest.fixture
def conforming() -> Iterator[Server]:
    """Return a server that does what the page says."""
    with serving(ACCOUNT.company, plain(ACCOUNT.password)) as server:
        yield server


# ---- the draft -----------------------------------------------------------------------------------------


def test_a_draft_is_a_contract_that_loads(draft: Path) -> None:
    contract = load(draft, "rename")
    operation = contract.operation
    assert (operation.method, operation.path) == (
        "PUT",
        "/api/{companyId}/documents/{documentId}/name",
    )
    assert operation.account == {"company": "path companyId"}
    assert operation.token is not None
    assert (operation.token.name, operation.token.prefix) == ("Authorization", "esignon ")
    assert operation.token.pointer == "/body/access_token"
    assert contract.codes.issued == "00"
    assert contract.codes.refused == {"21", "22", "41"}
    assert contract.login is not None
    assert contract.login.operation.id == "login"


def test_a_draft_has_a_clause_for_the_envelope_each_member_and_each_binding(draft: Path) -> None:
    clauses = load(draft, "rename").clauses
    assert {f"ENV-{number}" for number in range(1, 11)} <= set(clauses)
    judged = {
        (one.check, one.parameters["pointer"]): one.parameters.get("equals")
        for one in clauses.values()
        if one.group == "SUC" and "pointer" in one.parameters
    }
    assert judged == {
        **{("success-member", f"/body/{name}"): None for name in ("doc_id", "pages", "signers")},
        ("success-member", "/body/doc_name"): None,
        ("success-equals", "/body/doc_id"): "path documentId",
        ("success-equals", "/body/doc_name"): "request /body/doc_name",
    }


def test_a_draft_multiplies_cases_from_its_schema(draft: Path) -> None:
    cases = load(draft, "rename").cases
    assert {
        f"missing-{name}" for name in ("header", "request-code", "body", "doc-name", "copies")
    } <= (set(cases))
    assert "wrong-type-copies-string" in cases
    # Another number is a number, too.
    assert "wrong-type-copies-number" not in cases
    assert {name for name, one in cases.items() if one.needs is None} == {
        "without-token",
        "made-up-token",
    }


def test_a_draft_is_openapi_and_its_overlay_gives_reasons(draft: Path) -> None:
    document = yaml.safe_load((draft / "contracts" / "openapi.yaml").read_text(encoding="utf-8"))
    validate(document, base_uri=(draft / "contracts" / "openapi.yaml").as_uri())
    actions = read_overlay(draft / "contracts" / "overlay.yaml", draft).value["actions"]
    named = {name for action in actions for name in action["x-clauses"]}
    assert named <= set(load(draft, "rename").clauses)
    schema = json.loads((draft / "schemas" / "rename" / "request.json").read_text("utf-8"))
    assert schema["properties"]["header"]["properties"]["request_code"]["const"] == "2104Q"
    assert schema["properties"]["body"]["properties"]["copies"]["type"] == "integer"


def test_no_draft_is_written_over_a_contract(draft: Path) -> None:
    with pytest.raises(PageError) as refused:
        drafted(draft)
    assert refused.value.message.key == "page-draft-exists"


def test_the_status_tells_the_outcome_where_the_answer_has_no_result_code(tmp_path: Path) -> None:
    text = TEXT.replace('"header": {"response_code"', '"head": {"response_code"')
    contract = load(tmp_path / "draft", drafted(tmp_path / "draft", text))
    assert contract.codes.outcomes == "status"
    pointers = {one.parameters.get("pointer") for one in contract.clauses.values()}
    assert {"/head", "/body"} <= pointers
    assert not {"ENV-3", "ENV-5", "ENV-9", "SUC-12"} & set(contract.clauses)


def test_a_page_without_a_body_or_a_token_gives_a_draft(tmp_path: Path) -> None:
    body = TEXT.index("#### Request Body")
    example = TEXT.index("## Request Body Example")
    text = TEXT[:body] + TEXT[TEXT.index("{% tabs %}") : example]
    text += TEXT[TEXT.index("## Response Body header") :]
    text = re.sub(r"\| Authorization.*\n", "", text).replace("`PUT`", "`GET`")
    name = drafted(tmp_path / "draft", text)
    contract = load(tmp_path / "draft", name)
    assert name == "name"
    assert (contract.operation.method, contract.operation.media_type) == ("GET", "")
    assert contract.operation.token is None
    assert "SEC-21" not in contract.clauses
    assert "REJ-8" not in contract.clauses
    request = build(contract.cases["right-request"], contract, TARGET, lambda _secret, _name: None)
    assert (request.method, request.headers, request.body) == ("GET", (), b"")
    assert request.target == f"/api/{MAIN.company}/documents/made-up-documentId/name"


def test_a_page_whose_table_and_example_differ_gives_a_draft(tmp_path: Path) -> None:
    text = TEXT.replace(
        "| body.copies          | integer |             |",
        "| body.copies\\* | integer | |\n| body.dueDate | string | |\n| body.header | string | |\n"
        "| body.signers\\* | array | |",
    ).replace('"doc_name": "{new name}", "copies": 2', '"doc_name": "{new name}", "header": "x"')
    contract = load(tmp_path / "draft", drafted(tmp_path / "draft", text))
    body = contract.operation.request_example["body"]
    # What is called required and not shown is made up; what is not shown and not called so is left out.
    assert body == {"doc_name": "made-up-doc_name", "header": "x", "copies": 1, "signers": []}
    missing = {name for name in contract.cases if name.startswith("missing-")}
    assert missing == {
        *("missing-request-code", "missing-body", "missing-header", "missing-body-header"),
        *("missing-doc-name", "missing-copies", "missing-signers"),
    }


# ---- run against a server ------------------------------------------------------------------------------


def test_a_server_that_does_what_the_page_says_conforms(
    draft: Path, tmp_path: Path, conforming: Server
) -> None:
    ran = Ran(draft, tmp_path, conforming)
    assert ran.process.returncode == 0, ran.output
    assert "CONFORMS" in ran.output
    assert ran.deviating() == set()
    judged = {name for name, word in ran.verdicts.items() if word == "holds"}
    assert set(ran.verdicts) - judged == {"SEC-5"}
    # One login for all requests, and its token in the header that the page names.
    assert conforming.logins == 1
    methods, paths, tokens = zip(*conforming.seen, strict=True)
    assert set(methods) == {"PUT"}
    assert {path.partition("/documents/")[2] for path in paths} == {"made-up-documentId/name"}
    assert tokens.count(f"esignon {TOKEN}") == len(tokens) - tokens.count(None) - 1
    assert "esignon made-up-token-of-nobody" in tokens


def test_the_token_of_the_login_is_written_nowhere(
    draft: Path, tmp_path: Path, conforming: Server
) -> None:
    ran = Ran(draft, tmp_path, conforming, "--case", "right-request", "--show")
    assert ran.process.returncode == 0, ran.output
    assert "Authorization: " in ran.output
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    for secret in (TOKEN, plain(ACCOUNT.password)):
        assert secret not in ran.output
        assert [path.name for path in written if secret.encode() in path.read_bytes()] == []


FAULTS = {
    "another-id": {"SUC-25"},
    "another-name": {"SUC-26"},
    "no-pages": {"SUC-23"},
    "pages-as-text": {"SUC-23"},
    "takes-any-token": {"SEC-21"},
    "takes-no-token": {"SEC-21"},
    "unknown-code": {"ENV-5"},
    "takes-cut-bodies": {"REJ-7"},
    "takes-wrong-types": {"REJ-8"},
    "another-response-code": {"ENV-4"},
}


# Each takes a process of its own; make test runs those whose kind of check differs.
_QUICK = ("another-name", "pages-as-text", "takes-any-token")


@pytest.mark.parametrize(
    "fault",
    [pytest.param(name, marks=() if name in _QUICK else pytest.mark.slow) for name in FAULTS],
)
def test_a_fault_is_found_by_the_clause_that_it_breaks(
    fault: str, draft: Path, tmp_path: Path
) -> None:
    with serving(ACCOUNT.company, plain(ACCOUNT.password), fault) as server:
        ran = Ran(draft, tmp_path, server)
    assert ran.deviating() == FAULTS[fault], ran.output
    is_advisory = fault == "takes-wrong-types"
    assert ran.process.returncode == (0 if is_advisory else 1)
    assert is_advisory or f"--contract {draft} --base-url" in ran.output


def test_without_a_token_nothing_is_judged(draft: Path, tmp_path: Path) -> None:
    with serving(ACCOUNT.company, "another password") as server:
        ran = Ran(draft, tmp_path, server)
    assert ran.process.returncode == 6, ran.output
    assert "no token to send it with: login main: HTTP 200" in ran.output
    assert server.seen == []


def test_a_draft_needs_a_base_url_and_a_folder_that_holds_one(draft: Path, tmp_path: Path) -> None:
    ran = command("run", "--contract", str(draft), "--report-dir", str(tmp_path))
    assert ran.returncode == 4
    assert "--contract needs a base URL" in ran.stderr
    ran = command("run", "--contract", str(tmp_path), "--base-url", "http://127.0.0.1:9")
    assert ran.returncode == 4
    assert "has to hold one operation" in ran.stderr
