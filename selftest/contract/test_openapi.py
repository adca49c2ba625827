"""The OpenAPI document and the schemas of the login agree, with each other and the examples."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from referencing import Registry, Resource

from esignon_conformance import resources
from esignon_conformance.tools.reference.world import load_world

OPENAPI = resources.contracts() / "openapi.yaml"
ACCOUNTS = resources.contracts() / "accounts.yaml"
CODES = ["00", "10", "12", "95", "99"]
DOCUMENT: dict[str, Any] = yaml.safe_load(OPENAPI.read_text(encoding="utf-8"))
OPERATION = DOCUMENT["paths"]["/api/{companyId}/login"]["post"]
REQUEST = OPERATION["requestBody"]["content"]["application/json"]
SUCCESS_OR_REFUSAL = OPERATION["responses"]["200"]["content"]["application/json"]
REFUSAL = OPERATION["responses"]["4XX"]["content"]["application/json"]


# A registry that knows the files and retrieves nothing: no reference can leave this machine.
SCHEMAS: Registry[Any] = Registry().with_resources(
    (path.as_uri(), Resource.from_contents(json.loads(path.read_text("utf-8"))))
    for path in resources.schemas().rglob("*.json")
)


def _validator(reference: str) -> Draft202012Validator:
    """Return a validator for a schema that the OpenAPI document refers to."""
    schema = {"$ref": (OPENAPI.parent / reference).resolve().as_uri()}
    return Draft202012Validator(schema, registry=SCHEMAS)


def _result_codes() -> Mapping[str, str]:
    """Return the documented text of each code."""
    envelope = json.loads((resources.schemas() / "login" / "envelope.json").read_text("utf-8"))
    branches = envelope["properties"]["header"]["properties"]["result_code"]["oneOf"]
    return {branch["const"]: branch["title"] for branch in branches}


SUCCESS_SCHEMA = _validator("../schemas/login/success.json")
REFUSAL_SCHEMA = _validator("../schemas/login/refusal.json")
REQUEST_SCHEMA = _validator("../schemas/login/request.json")


def _answer(code: str, **members: Any) -> dict[str, Any]:
    header = {"response_code": "1001A", "result_code": code, "result_msg": "-", "session_id": ""}
    return {"header": header, **members}


def test_the_document_is_openapi_3_1_and_every_reference_leads_somewhere() -> None:
    assert DOCUMENT["openapi"] == "3.1.0"
    validate(DOCUMENT, base_uri=OPENAPI.as_uri())


@pytest.mark.parametrize(
    "path", sorted(resources.schemas().rglob("*.json")), ids=lambda path: path.stem
)
def test_a_schema_is_a_schema(path: Any) -> None:
    Draft202012Validator.check_schema(json.loads(path.read_text("utf-8")))


def test_a_loopback_server_stands_first_and_production_last() -> None:
    first, *_, last = DOCUMENT["servers"]
    defaults = {name: variable["default"] for name, variable in first["variables"].items()}
    assert first["url"].format(**defaults) == "http://127.0.0.1:8080"
    assert last["url"] == "https://docs.esignon.net"
    assert "PRODUCTION" in last["description"]


def test_the_operation_is_the_login() -> None:
    assert list(DOCUMENT["paths"]) == ["/api/{companyId}/login"]
    assert OPERATION["operationId"] == "login"
    assert list(OPERATION["responses"]) == ["200", "4XX"]


def test_there_is_one_named_example_for_each_code() -> None:
    assert list(_result_codes()) == CODES
    assert list(SUCCESS_OR_REFUSAL["examples"]) == CODES
    assert list(REFUSAL["examples"]) == CODES[1:]


@pytest.mark.parametrize("code", CODES)
def test_an_example_is_the_answer_that_it_is_named_after(code: str) -> None:
    answer = SUCCESS_OR_REFUSAL["examples"][code]["value"]
    assert answer["header"]["result_code"] == code
    assert answer["header"]["result_msg"] == _result_codes()[code]
    assert SUCCESS_SCHEMA.is_valid(answer) is (code == "00")
    assert REFUSAL_SCHEMA.is_valid(answer) is (code != "00")
    if code != "00":
        assert REFUSAL["examples"][code]["value"] == answer


def test_a_mock_that_is_asked_for_nothing_issues_a_token() -> None:
    # Prism takes the schema's example before the named ones; those it would sort as numbers.
    assert SUCCESS_OR_REFUSAL["schema"]["examples"] == [
        SUCCESS_OR_REFUSAL["examples"]["00"]["value"]
    ]
    assert REFUSAL["schema"]["examples"] == [REFUSAL["examples"]["12"]["value"]]


def test_the_example_request_names_nobody_that_the_box_knows() -> None:
    request = REQUEST["examples"]["documented"]["value"]
    REQUEST_SCHEMA.validate(request)
    world = load_world(ACCOUNTS)
    known = {account.memb_email for company in world.companies for account in company.accounts}
    assert request["body"]["memb_email"].endswith(".invalid")
    assert request["body"]["memb_email"] not in known
    company = DOCUMENT["paths"]["/api/{companyId}/login"]["parameters"][0]["example"]
    assert company not in {each.id for each in world.companies}


@pytest.mark.parametrize(
    "path", ["header", "body", "header/request_code", "body/memb_email", "body/memb_pwd"]
)
def test_a_request_without_a_documented_member_is_invalid(path: str) -> None:
    request = json.loads(json.dumps(REQUEST["examples"]["documented"]["value"]))
    *parents, name = path.split("/")
    holder = request[parents[0]] if parents else request
    for wrong in (None, 1, ["x"]):
        holder[name] = wrong
        assert not REQUEST_SCHEMA.is_valid(request)
    del holder[name]
    assert not REQUEST_SCHEMA.is_valid(request)


def test_a_request_is_open_but_for_the_request_code() -> None:
    header = {"request_code": "1001Q", "version": "1.0"}
    body = {"memb_email": "", "memb_pwd": "", "more": 1}
    REQUEST_SCHEMA.validate({"header": header, "body": body, "more": None})
    assert not REQUEST_SCHEMA.is_valid({"header": {"request_code": "1001A"}, "body": body})


@pytest.mark.parametrize("members", [{}, {"body": None}, {"body": {}}, {"body": {"why": 1}}])
def test_the_body_of_a_refusal_is_free(members: dict[str, Any]) -> None:
    REFUSAL_SCHEMA.validate(_answer("10", **members))
    assert not SUCCESS_SCHEMA.is_valid(_answer("00", **members))


@pytest.mark.parametrize(
    ("member", "wrong"),
    [
        ("response_code", "1001Q"),
        ("response_code", None),
        ("result_code", "11"),
        ("result_code", 10),
        ("result_msg", ""),
        ("result_msg", None),
        ("session_id", None),
    ],
)
def test_a_header_is_held_to_the_page(member: str, wrong: object) -> None:
    answer = _answer("10")
    REFUSAL_SCHEMA.validate(answer)
    answer["header"][member] = wrong
    assert not REFUSAL_SCHEMA.is_valid(answer)
    del answer["header"][member]
    assert not REFUSAL_SCHEMA.is_valid(answer)


def test_the_accounts_have_the_shape_of_their_schema() -> None:
    document = yaml.safe_load(ACCOUNTS.read_text(encoding="utf-8"))
    schema = _validator("../schemas/accounts.json")
    schema.validate(document)
    del document["companies"][0]["accounts"][1]
    assert not schema.is_valid(document)
