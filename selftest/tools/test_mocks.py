"""`mock`: what is written for each tool, what is refused, and the real tools judged."""

from __future__ import annotations

import json
import re
import shlex
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from esignon_conformance import resources
from esignon_conformance.contract.schema_validation import validator_for
from esignon_conformance.contract.waiver_file import read_waivers
from esignon_conformance.i18n.language import LANGUAGES
from esignon_conformance.runner.requests.contract_check import load
from esignon_conformance.tools.mocks import catalogue
from esignon_conformance.tools.mocks.accounts_file import read_accounts
from esignon_conformance.tools.mocks.catalogue import Tool, tools
from esignon_conformance.tools.mocks.json_text import text_pattern
from esignon_conformance.tools.mocks.material import Material, material_of
from esignon_conformance.tools.mocks.stubs import stubs
from esignon_conformance.tools.mocks.writing import WAIVERS, folder_files, one_line
from esignon_conformance.tools.reference.pipeline import Reason
from selftest.mock_tools.installing import locked_version, missing
from selftest.mock_tools.judging import EXPECTED, conforms_unaided, expected, judged
from selftest.mock_tools.page import PAGE, table
from selftest.mock_tools.serving import started
from stacks.runner.comparing import differences

ACCOUNTS = resources.contracts() / "accounts.yaml"
# Those that start and answer soonest, and conform with nothing waived.
QUICK = ("mountebank", "json-server", "prism", "stubby")


@pytest.fixture(scope="module")
def material() -> Material:
    """Return what the mocks of the contract are made of."""
    return material_of(load(), read_accounts(ACCOUNTS))


def _named(tool: Tool) -> str:
    return tool.name


every_tool = pytest.mark.parametrize("tool", tools().values(), ids=_named)


def written(tool: Tool, material: Material) -> dict[str, str]:
    """Return every file of a tool's folder."""
    return dict(folder_files(tool, material, 4010, date(2026, 11, 28), "en"))


# ---- the data --------------------------------------------------------------------------------------


def test_the_table_of_tools_is_as_its_schema_has_it() -> None:
    schemas = {
        name: json.loads((resources.schemas() / name).read_text(encoding="utf-8"))
        for name in ("mock-tools.json",)
    }
    text = Path(catalogue.__file__).with_name("tools.yaml").read_text(encoding="utf-8")
    assert list(validator_for(schemas)("mock-tools.json").iter_errors(yaml.safe_load(text))) == []


def test_what_was_recorded_is_as_its_schema_has_it() -> None:
    name = EXPECTED.with_suffix(".schema.json")
    schemas = {name.name: json.loads(name.read_text(encoding="utf-8"))}
    assert list(validator_for(schemas)(name.name).iter_errors(dict(expected()))) == []


def test_the_accounts_of_the_contract_are_accounts_for_a_mock(material: Material) -> None:
    assert [one.company for one in material.logins].count(material.logins[0].company) == 2
    assert [one.blocked for one in material.logins].count(True) == 1


@every_tool
def test_the_lock_has_the_version_that_is_written(tool: Tool) -> None:
    assert locked_version(tool) == tool.version
    lock = (Path(catalogue.__file__).parents[4] / "selftest/mock_tools/locks") / f"{tool.name}.json"
    assert '"resolved"' not in lock.read_text(encoding="utf-8")


# ---- what is written -------------------------------------------------------------------------------


@every_tool
def test_names_codes_and_texts_come_from_the_contract(tool: Tool, material: Material) -> None:
    changed = Material(
        **{
            **{name: getattr(material, name) for name in material.__dataclass_fields__},
            "response_code": "2002Z",
            "texts": {
                language: {code: f"text {code} {language}" for code in texts}
                for language, texts in material.texts.items()
            },
        }
    )
    files = "".join(text for name, text in written(tool, changed).items() if "README" not in name)
    assert "2002Z" in files
    assert material.response_code not in files
    for texts in material.texts.values():
        assert not [text for text in texts.values() if text in files]
    assert f"text {material.code(Reason.BLOCKED_COMPANY)} ko" in files


@every_tool
def test_every_account_is_known_and_answers_on_this_machine_only(
    tool: Tool, material: Material
) -> None:
    files = written(tool, material)
    whole = "".join(files.values())
    for login in material.logins:
        assert login.email in whole
        assert login.company in whole
    assert "127.0.0.1" in whole or "--localOnly" in whole


@every_tool
def test_the_command_is_pinned(tool: Tool, material: Material) -> None:
    files = written(tool, material)
    package = json.loads(files["package.json"])
    assert package["dependencies"] == {tool.package: tool.version}
    assert shlex.split(package["scripts"]["start"]) == tool.command(4010)
    line = one_line(tool, 4010)
    assert line is None or f"--package={tool.package}@{tool.version} " in line
    assert line is None or line in files["README.md"]
    assert "@{" not in "".join(files.values())


@every_tool
def test_what_a_tool_cannot_do_is_waived_with_its_version(
    tool: Tool, material: Material, tmp_path: Path
) -> None:
    files = written(tool, material)
    assert (WAIVERS in files) == bool(tool.cannot)
    if not tool.cannot:
        return
    path = tmp_path / WAIVERS
    path.write_text(files[WAIVERS], encoding="utf-8")
    waivers = read_waivers(path, load())
    assert len(waivers) == len(tool.cannot)
    assert all(f"{tool.title} {tool.version}: " in one.reason for one in waivers)
    assert all(one.until == date(2027, 11, 28) for one in waivers)
    assert all(one.reason["en"] in files["README.md"] for one in tool.cannot)


@every_tool
def test_the_readme_says_how_it_decides(tool: Tool, material: Material) -> None:
    # JSON has no comments, so what a matching cannot say stands beside it.
    assert all(text["en"] in written(tool, material)["README.md"] for text in tool.matching)


@every_tool
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_is_written_each_time(tool: Tool, language: Any, material: Material) -> None:
    twice = [folder_files(tool, material, 4010, date(2026, 11, 28), language) for _ in range(2)]
    assert twice[0] == twice[1]


def test_the_first_stub_that_fits_is_the_most_special(material: Material) -> None:
    listed = list(stubs(material))
    reasons = [one.reason for one in listed]
    assert reasons.index(Reason.WRONG_PASSWORD) > max(
        at for at, one in enumerate(listed) if one.login is not None
    )
    assert reasons[-1] is Reason.UNREADABLE
    assert (listed[-1].schema, listed[-1].language) == (None, None)
    for login in material.logins:
        own = [one for one in listed if one.login == login]
        assert [one.language for one in own] == [*material.languages[1:], None]


FORMS = {
    "as documented": ({}, True),
    "in another order, with more": (
        {"prefix": '{"more": [1, {"a": [null, -1.5e3]}, "\\\\"], ', "reverse": True},
        True,
    ),
    "a name in escapes": ({"replace": ('"header"', '"\\u0068eader"')}, True),
    "cut short": ({"cut": 1}, False),
    "a comma too many": ({"replace": ("}}", "},}")}, False),
    "a member of another type": ({"replace": ('"SECRET"', "7")}, False),
    "a member missing": ({"replace": ("memb_email", "email")}, False),
    "another constant": ({"replace": ("1001Q", "1001q")}, False),
    "a raw line end in a string": ({"replace": ("SECRET", "SEC\nRET")}, False),
    "more after it": ({"suffix": "\n{}"}, False),
}


@pytest.mark.parametrize(("change", "fits"), FORMS.values(), ids=FORMS)
def test_a_text_is_told_by_a_regular_expression(
    change: dict[str, Any], fits: bool, material: Material
) -> None:
    members = {
        "header": {"request_code": "1001Q"},
        "body": {"memb_email": "a@b.invalid", "memb_pwd": "SECRET"},
    }
    if change.get("reverse"):
        members = dict(reversed(members.items()))
    text = json.dumps(members)
    text = text.replace(*change.get("replace", ("", "")))
    text = change.get("prefix", "{") + text[1 : len(text) - change.get("cut", 0)]
    pattern = text_pattern(material.request_schema)
    # The dialects of Python and JavaScript are alike in all that it uses.
    found = re.search(pattern, text + change.get("suffix", ""), re.MULTILINE)
    assert bool(found) is fits


def test_its_own_accounts_are_not_those_of_the_box(material: Material) -> None:
    tool = tools()["wiremock"]
    day = date(2026, 11, 28)
    own = folder_files(tool, material, 4010, day, "en", own_accounts=True)["README.md"]
    assert "--accounts box" not in own
    assert "ESIGNON_MEMB_EMAIL" in own
    assert "--accounts box" in written(tool, material)["README.md"]


# ---- in the real tools -----------------------------------------------------------------------------


def test_the_page_has_the_table_of_what_was_recorded() -> None:
    assert table() in PAGE.read_text(encoding="utf-8")


def test_at_least_four_conform_with_nothing_waived() -> None:
    assert set(expected()) == set(tools())
    assert len([one for one in tools().values() if conforms_unaided(one)]) >= 4
    assert all(one["exit_status"] == 0 for one in expected().values())
    assert all(conforms_unaided(tools()[name]) for name in QUICK)


@pytest.mark.slow
@pytest.mark.parametrize("name", QUICK)
def test_the_mock_conforms_in_the_real_tool(name: str, tmp_path: Path) -> None:
    tool = tools()[name]
    if missing(tool):
        pytest.skip(f"there is no {missing(tool)}")
    with started(tool) as mock:
        found = judged(mock, tmp_path)
    assert differences(expected()[name], found) == []
