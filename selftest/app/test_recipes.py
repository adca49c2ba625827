"""The recipes in `ci/`: valid for the systems that read them, and their shell lines really run."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from esignon_conformance import resources
from esignon_conformance.target.accounts import box_accounts
from esignon_conformance.tools.reference import process
from esignon_conformance.verdicts import exit_status
from selftest.recipes import (
    EXAMPLE,
    GITHUB,
    GITLAB,
    JENKINS,
    LINES,
    example_targets,
    github_inputs,
    github_lines,
    gitlab_inputs,
    judge,
    kept_between_nights,
    staging,
    two_nights,
    variables,
    wrong_of,
)
from selftest.support.pipelines import action_variables, component_variables

STATUSES = sorted(
    {value for name, value in vars(exit_status).items() if name.startswith("EXIT_")} | {0}
)


@pytest.mark.parametrize(
    ("schema", "recipe"),
    [("vendor.github-workflows", GITHUB), ("vendor.gitlab-ci", GITLAB)],
    ids=["GitHub", "GitLab"],
)
def test_a_recipe_conforms_to_the_schema_of_its_system(
    schema: str, recipe: Path, tmp_path: Path
) -> None:
    assert _check(schema, recipe) == 0
    broken = tmp_path / recipe.name
    broken.write_text(
        recipe.read_text("utf-8").replace("script:", "skript:").replace("steps:", "stebs:")
    )
    assert _check(schema, broken) == 1


def _check(schema: str, path: Path) -> int:
    """Check a file with the schemas that check-jsonschema carries: nothing is fetched."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(path)]
    if "gitlab" in schema:
        command += ["--data-transform", "gitlab-ci"]
    return subprocess.run(command, capture_output=True, check=False).returncode


def test_the_workflow_reads_only_pins_its_actions_and_keeps_what_it_made() -> None:
    text = GITHUB.read_text("utf-8")
    uses = re.findall(r"- uses: (\S+)@(\S+)(.*)", text) + re.findall(
        r" {8}uses: (\S+)@(\S+)(.*)", text
    )
    assert len(uses) >= 6
    for name, commit, comment in uses:
        assert re.fullmatch(r"[0-9a-f]{40}", commit), name
        assert re.fullmatch(r" # v\d+\.\d+\.\d+", comment), name
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {"contents": "read"}
    # YAML reads the name `on` as true.
    assert set(workflow[True]) == {"schedule", "workflow_dispatch"}
    job = workflow["jobs"]["conformance"]
    assert job["concurrency"] == {
        "group": "conformance-${{ matrix.target }}",
        "cancel-in-progress": False,
    }
    assert all(one["timeout-minutes"] <= 40 for one in workflow["jobs"].values())
    after = job["steps"][[step.get("name") for step in job["steps"]].index("Judge") + 1 :]
    assert len(after) == 2
    assert all(step["if"] == "always()" for step in after)


def test_no_secret_of_a_workflow_stands_in_a_shell_line() -> None:
    for steps in (
        job["steps"] for job in yaml.safe_load(GITHUB.read_text("utf-8"))["jobs"].values()
    ):
        assert not any("${{" in step.get("run", "") for step in steps)


@pytest.mark.parametrize("recipe", [GITHUB, GITLAB, JENKINS], ids=lambda path: str(path.name))
def test_a_recipe_explains_every_exit_status(recipe: Path) -> None:
    text = recipe.read_text("utf-8")
    for status in STATUSES:
        assert re.search(rf"(?:#.*|\s){status}(?: |: ')[a-z]", text), status


def test_the_page_is_compared_after_a_red_night_too() -> None:
    # In both others it is a job of its own, which waits for none.
    page = yaml.safe_load(GITHUB.read_text("utf-8"))["jobs"]["page"]
    assert "needs" not in page
    assert {"needs", "stage"}.isdisjoint(yaml.safe_load(GITLAB.read_text("utf-8"))["page"])
    jenkins = JENKINS.read_text("utf-8")
    assert len(re.findall(r"^\s+end\(verdict\)$", jenkins, re.MULTILINE)) == 1
    assert re.search(r"catchError\(stageResult: 'FAILURE'\) \{\s+end\(verdict\)\s+\}", jenkins)
    assert jenkins.index("end(verdict)") < jenkins.index("stage('Compare the page')")


def test_the_recipes_judge_alike() -> None:
    options = {
        system: {*re.findall(r"--[a-z-]+", lines()["Judge"])} for system, lines in LINES.items()
    }
    assert options["GitHub"] == options["GitLab"] == options["Jenkins"]
    jenkins = JENKINS.read_text("utf-8")
    of_action, of_component = (
        action_variables(github_inputs()),
        component_variables(gitlab_inputs()),
    )
    for name, option in (("DEPTH", "depth"), ("FAIL_ON", "fail-on"), ("MAX_TIME", "max-time")):
        value = of_action[name]
        assert value == of_component[f"CONFORMANCE_{name}"]
        assert f"--{option} {value}" in jenkins
    assert (of_action["DEPTH"], of_action["FAIL_ON"], of_action["HTML"]) == (
        *("deep", "not-judged", "true"),
    )
    for lines in LINES.values():
        assert '--seed "$(date -u +%Y%m%d)"' in lines()["Judge"]


def test_every_exit_status_is_written_down() -> None:
    text = (resources.data_root() / "docs" / "exit-statuses.md").read_text("utf-8")
    assert re.findall(r"(?m)^\| (\d+) \|", text) == [str(status) for status in STATUSES]


def test_every_recipe_names_the_secrets_of_the_example() -> None:
    named = [set(re.findall(r"\bSTAGING_\w+", one.read_text("utf-8"))) for one in (GITHUB, JENKINS)]
    assert named[0] == named[1]
    # What is commented out of the example is for some gateways only.
    used = re.sub(r"(?m)^#.*$", "", EXAMPLE.read_text("utf-8"))
    assert named[0] == set(re.findall(r"\bSTAGING_\w+", used))


def test_every_recipe_keeps_the_history_and_installs_what_a_run_needs() -> None:
    for system, lines in LINES.items():
        kept = kept_between_nights(system)
        assert {"reports/history.jsonl", "reports/verdicts.jsonl"} <= {*kept} or kept == ["reports"]
        # The action names the lock of the repository that it stands in, the component the one it is given.
        install = lines()["Install"].replace("$CONFORMANCE_LOCK", gitlab_inputs()["lock"])
        locks = re.findall(r"--require-hashes --requirement (\S+)", install)
        assert [one.strip('"').removeprefix("$SUITE/") for one in locks] == [
            "requirements-run.lock"
        ]


def test_what_a_run_needs_is_a_part_of_what_development_needs() -> None:
    root = resources.data_root()
    full, run = (
        _locked((root / name).read_text("utf-8"))
        for name in ("requirements.lock", "requirements-run.lock")
    )
    assert run.items() <= full.items()
    assert all(one.count("--hash=sha256:") for one in run.values())
    needed = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    wanted = (*needed["project"]["dependencies"], *needed["dependency-groups"]["build"])
    assert {re.split("[<>=]", one)[0].lower() for one in wanted} <= run.keys()
    assert not {"mypy", "ruff", "pre-commit", "trustme"} & run.keys()


def _locked(text: str) -> dict[str, str]:
    """Return the packages of a lock, each with its version and hashes."""
    rows = re.split(r"\n(?=\S)", text.strip())
    return {row.partition("==")[0]: row for row in rows if "==" in row}


def test_the_example_is_what_a_recipe_is_run_on() -> None:
    assert "requests_per_second = 5\nrequests = 2000\n" in example_targets()
    assert "requests_per_second = 900\nrequests = 2000\n" in example_targets(900)


@pytest.mark.slow
def test_a_recipe_conforms_as_it_stands_with_only_the_rate_raised(tmp_path: Path) -> None:
    # The night after it, which has a history, is for `make recipes`.
    with closing(two_nights("GitHub", tmp_path / "staging", rate=5000)) as nights:
        _night, _seconds, wrong = next(nights)
    assert wrong == []


@pytest.mark.slow
def test_a_gateway_that_knows_another_key_is_told_by_6(tmp_path: Path) -> None:
    tmp_path.joinpath("targets.toml").write_text(example_targets(5000), "utf-8")
    with staging(tmp_path) as host:
        wrong = replace(host, settings={**host.settings, "STAGING_GATEWAY_KEY": "another.Kq7-Zr4"})
        done = judge("GitLab", tmp_path, wrong)
    assert done.returncode == exit_status.EXIT_COULD_NOT_JUDGE
    (told,) = wrong_of(done, tmp_path, 1)
    assert told.startswith("exit status 6")
    reports = tmp_path / "reports"
    (answered,) = json.loads((reports / "statement.json").read_text("utf-8"))["what_answered"]
    assert any("HTTP 401" in line for line in answered["lines"])
    summary = (reports / "summary.md").read_text("utf-8")
    assert f"### {answered['title']}" in summary
    assert summary.count("HTTP 401") >= 1


# ---- the shell lines ---------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Yield a folder with a targets.toml for a server in the box that runs, as a CI would check it out."""
    served = process.start()
    accounts = box_accounts()
    rows = [
        f"[staging]\nbase_url = '{served.base_url}'\ncompany_id = '{accounts['main'].company}'\n"
    ]
    for role, account in accounts.items():
        prefix = "STAGING_" if role == "main" else f"STAGING_{role.upper()}_"
        rows.append(f"[staging.accounts.{role}]")
        if role not in ("main", "second"):
            rows.append(f"company_id = '{account.company}'")
        rows.append(f"memb_email = '{prefix}MEMB_EMAIL'\nmemb_pwd = '{prefix}MEMB_PWD'\n")
    tmp_path.joinpath("targets.toml").write_text("\n".join(rows))
    yield tmp_path
    served.stop()


def _sh(lines: str, folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    # Without the HTML report, which needs a registry, and with fewer draws.
    quick = re.sub(r"(--depth \S+)", r"\1 --max-examples 10 --lang en", lines)
    quick = quick.replace(" --html", "")
    shell = shutil.which("bash") or "sh"
    return subprocess.run(
        [shell, "-e", "-c", quick],
        cwd=folder,
        env={**environment, "HTML": "false"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize("system", LINES)
def test_the_lines_of_a_recipe_judge_a_server(system: str, folder: Path) -> None:
    environment = variables(folder)
    judged = _sh(LINES[system]()["Judge"], folder, environment)
    assert judged.returncode == 0, judged.stdout + judged.stderr
    assert list(folder.rglob("statement.json"))
    if system == "GitHub":
        shown = _sh(github_lines()["Show the summary on the run's page"], folder, environment)
        assert shown.returncode == 0
        told, page = folder / "reports" / "summary.md", folder / "step-summary.md"
        assert page.is_file() == told.is_file()
        assert not told.is_file() or page.read_text("utf-8") == told.read_text("utf-8")


@pytest.mark.parametrize(
    "system",
    [pytest.param(one, marks=() if one == "GitHub" else pytest.mark.slow) for one in LINES],
)
def test_a_lost_secret_is_told_and_does_not_go_green(system: str, folder: Path) -> None:
    judged = _sh(LINES[system]()["Judge"], folder, variables(folder, without="blocked"))
    assert judged.returncode == exit_status.EXIT_CONFIGURATION
    assert "STAGING_BLOCKED_MEMB_PWD" in judged.stdout + judged.stderr
