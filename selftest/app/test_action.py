"""The GitHub Action, the GitLab component and the Containerfile: their lines as they stand."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import yaml

from esignon_conformance import resources
from esignon_conformance.target.accounts import box_accounts
from esignon_conformance.tools.reference import process
from esignon_conformance.verdicts import exit_status
from selftest.recipes import variables
from selftest.support.pipelines import (
    ACTION,
    COMPONENT,
    INPUT,
    OF_GITHUB,
    action,
    action_steps,
    action_variables,
    component,
    component_job,
    component_variables,
)

CONTAINERFILE = resources.data_root() / "Containerfile"
HADOLINT = shutil.which("hadolint", path=str(Path(sys.executable).parent))


def _is_valid(schema: str, path: Path) -> bool:
    """Tell whether a file fits a schema that check-jsonschema carries: nothing is fetched."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(path)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


# ---- their form ----------------------------------------------------------------------------------


def test_the_action_fits_the_schema_of_actions_and_a_broken_one_does_not(tmp_path: Path) -> None:
    assert _is_valid("vendor.github-actions", ACTION)
    broken = tmp_path / "action.yml"
    broken.write_text(ACTION.read_text("utf-8").replace("using:", "usink:"), "utf-8")
    assert not _is_valid("vendor.github-actions", broken)


def test_the_action_pins_what_it_uses_and_keeps_expressions_out_of_the_shell() -> None:
    text = ACTION.read_text("utf-8")
    uses = re.findall(r"uses: (\S+?)@(\S+)( # v\d+\.\d+\.\d+)?\n", text)
    assert uses
    assert all(re.fullmatch(r"[0-9a-f]{40}", commit) and version for _, commit, version in uses)
    # Whoever starts a run chooses its inputs: one in a line of shell would be a part of the line.
    assert not any("${{" in step["run"] for step in action_steps().values())
    declared = action()["inputs"].keys()
    named = {one for one in OF_GITHUB.findall(text) if one.startswith("inputs.")}
    assert named == {f"inputs.{name}" for name in declared}


def test_the_component_fits_gitlabs_schema_once_it_is_filled_in(tmp_path: Path) -> None:
    declared, filled = component(
        {"target": "staging", "suite": ".", "lock": "requirements-run.lock"}
    )
    assert {name for name, one in declared.items() if "default" not in one} == {
        *("target", "suite", "lock")
    }
    assert {*INPUT.findall(COMPONENT.read_text("utf-8"))} == declared.keys()
    path = tmp_path / "job.yml"
    path.write_text(filled, "utf-8")
    assert _is_valid("vendor.gitlab-ci", path)
    path.write_text(filled.replace("script:", "skript:"), "utf-8")
    assert not _is_valid("vendor.gitlab-ci", path)


def test_no_input_of_the_component_stands_in_a_shell_line() -> None:
    body = yaml.safe_load(COMPONENT.read_text("utf-8").split("\n---\n")[1].replace("$[[", "IN[["))
    (job,) = body.values()
    assert not any("IN[[" in line for line in (*job["before_script"], *job["script"]))


# ---- their shell ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def served() -> Iterator[str]:
    """Yield the base URL of a server in the box."""
    server = process.start()
    yield server.base_url
    server.stop()


@pytest.fixture
def folder(tmp_path: Path, served: str) -> Path:
    """Return a folder with a targets.toml that names the main account, as a job checks it out."""
    company = box_accounts()["main"].company
    tmp_path.joinpath("targets.toml").write_text(
        f"[staging]\nbase_url = '{served}'\ncompany_id = '{company}'\n"
        "[staging.accounts.main]\n"
        "memb_email = 'STAGING_MEMB_EMAIL'\nmemb_pwd = 'STAGING_MEMB_PWD'\n",
        "utf-8",
    )
    return tmp_path


def _sh(
    lines: str, folder: Path, settings: Mapping[str, str], without: str = ""
) -> subprocess.CompletedProcess[str]:
    env = {**variables(folder, without), **settings, "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", lines],  # noqa: S607 - as GitHub's runner starts it
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fail_on", "status"),
    [("", exit_status.EXIT_CONFORMS), ("SEC-6\nuncovered:95\n", exit_status.EXIT_FAILS)],
)
def test_the_lines_of_the_action_judge_a_server_and_tell_what_came_of_it(
    folder: Path, fail_on: str, status: int
) -> None:
    given = {"depth": "smoke", "fail-on": fail_on, "html": "false", "report-dir": "out here"}
    settings = action_variables({"target": "staging", **given})
    judged = _sh(action_steps()["Judge"]["run"], folder, settings)
    assert judged.returncode == status, judged.stdout + judged.stderr
    told = (folder / "output").read_text("utf-8").splitlines()
    assert told == [f"exit-status={status}", "statement=out here/statement.json"]
    statement = json.loads((folder / "out here" / "statement.json").read_text("utf-8"))
    assert (statement["exit_status"], statement["depth"]) == (status, "smoke")
    assert statement["labels"] == {"run": "17"}
    shown = _sh(
        action_steps()["Show the summary on the run's page"]["run"],
        folder,
        {"REPORT_DIR": "out here"},
    )
    assert shown.returncode == 0
    summary = (folder / "out here" / "summary.md").read_text("utf-8")
    assert (folder / "step-summary.md").read_text("utf-8") == summary


def test_a_lost_secret_ends_the_action_with_4(folder: Path) -> None:
    settings = action_variables({"target": "staging", "html": "false"})
    judged = _sh(action_steps()["Judge"]["run"], folder, settings, without="main")
    assert judged.returncode == exit_status.EXIT_CONFIGURATION
    assert "STAGING_MEMB_PWD" in judged.stdout + judged.stderr
    assert "exit-status=4" in (folder / "output").read_text("utf-8")


def test_what_an_input_holds_is_no_shell(folder: Path) -> None:
    settings = action_variables({"target": 'x"; touch broken-out; "$(touch broken-out)'})
    assert _sh(action_steps()["Judge"]["run"], folder, settings).returncode == 4
    assert not (folder / "broken-out").exists()


@pytest.mark.slow
def test_the_lines_of_the_component_judge_a_server(folder: Path) -> None:
    given = {"target": "staging", "suite": ".", "lock": "", "depth": "smoke", "fail-on": "ENV-1"}
    job, settings = component_job(given), component_variables(given)
    # The HTML report needs a registry.
    lines = "\n".join(job["script"]).replace(" --html", "")
    judged = _sh(lines, folder, settings)
    assert judged.returncode == 0, judged.stdout + judged.stderr
    statement = json.loads((folder / "reports" / "statement.json").read_text("utf-8"))
    assert (statement["depth"], statement["labels"]) == ("smoke", {"run": "17"})
    for path in (*job["artifacts"]["paths"], job["artifacts"]["reports"]["junit"]):
        assert (folder / path).exists()
    # history.jsonl is the report's.
    assert "reports/verdicts.jsonl" in job["cache"][0]["paths"]
    assert (folder / "reports" / "verdicts.jsonl").is_file()


# ---- Containerfile -------------------------------------------------------------------------------


@pytest.mark.skipif(HADOLINT is None, reason="hadolint has no wheel for this system")
def test_hadolint_has_nothing_to_say_of_the_containerfile_and_much_of_a_careless_one(
    tmp_path: Path,
) -> None:
    careless = tmp_path / "Containerfile"
    careless.write_text("FROM python\nRUN cd /tmp && pip install x\n", "utf-8")
    # No settings of this machine have a word in it.
    done = [
        subprocess.run(
            [str(HADOLINT), "--no-color", str(path)],
            cwd=tmp_path,
            env={"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path), "LC_ALL": "C.UTF-8"},
            capture_output=True,
            text=True,
            check=False,
        )
        for path in (CONTAINERFILE, careless)
    ]
    assert (done[0].returncode, done[0].stdout, done[0].stderr) == (0, "", "")
    assert done[1].returncode == 1
    assert {"DL3006", "DL3042"} <= {*re.findall(r"DL\d{4}", done[1].stdout)}
    assert "hadolint ignore" not in CONTAINERFILE.read_text("utf-8")


def test_the_container_is_not_root_and_each_image_has_a_version() -> None:
    text = re.sub(r"(?m)^#.*\n", "", CONTAINERFILE.read_text("utf-8")).replace("\\\n", " ")
    lines = [line.split(maxsplit=1) for line in text.splitlines() if line.strip()]
    images = [rest.split()[0] for word, rest in lines if word == "FROM"]
    assert all(re.fullmatch(r"docker\.io/library/python:3\.\d+\.\d+-\S+", one) for one in images)
    last_stage = lines[max(at for at, (word, _) in enumerate(lines) if word == "FROM") :]
    assert [rest for word, rest in last_stage if word == "USER"] == ["65532:65532"]
    # Nothing is run as root in the image that is used: it holds what the first stage has built.
    assert not [word for word, _ in last_stage if word == "RUN"]
    (entry,) = [rest for word, rest in last_stage if word == "ENTRYPOINT"]
    assert json.loads(entry) == ["esignon-conformance"]
    installs = [rest for word, rest in lines if word == "RUN" and "pip install" in rest]
    assert installs
    assert all("--no-cache-dir" in one for one in installs)
    assert any("--require-hashes --requirement requirements-run.lock" in one for one in installs)
