"""The recipes in `ci/`: valid for the systems that read them, and their shell lines really run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from esignon_conformance import box, places, verdict
from esignon_conformance.accounts import box_accounts
from selftest.exchanges import plain

CI = places.data_root() / "ci"
GITHUB, GITLAB, JENKINS = CI / "github-actions.yml", CI / "gitlab-ci.yml", CI / "Jenkinsfile"
STATUSES = sorted(
    {value for name, value in vars(verdict).items() if name.startswith("EXIT_")} | {0}
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
    uses = re.findall(r"uses: (\S+)@(\S+)(.*)", text)
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
    assert len(after) == 3
    assert all(step["if"] == "always()" for step in after)


def test_no_secret_of_a_workflow_stands_in_a_shell_line() -> None:
    for steps in (
        job["steps"] for job in yaml.safe_load(GITHUB.read_text("utf-8"))["jobs"].values()
    ):
        assert not any("${{" in step.get("run", "") for step in steps)


@pytest.mark.parametrize("recipe", [GITHUB, GITLAB, JENKINS], ids=lambda path: str(path.name))
def test_a_recipe_explains_every_exit_status_and_judges_alike(recipe: Path) -> None:
    text = recipe.read_text("utf-8")
    for status in STATUSES:
        assert re.search(rf"(?:#.*|\s){status}(?: |: ')[a-z]", text), status
    for option in (
        "--depth deep",
        '--seed "$(date -u +%Y%m%d)"',
        "--fail-on not-judged",
        "--max-time",
    ):
        assert option in text, option


def test_every_recipe_names_the_secrets_of_the_example() -> None:
    named = [set(re.findall(r"\bSTAGING_\w+", one.read_text("utf-8"))) for one in (GITHUB, JENKINS)]
    assert named[0] == named[1]
    example = places.data_root() / "targets.example.toml"
    assert named[0] == set(re.findall(r"\bSTAGING_\w+", example.read_text("utf-8")))


# ---- the shell lines ---------------------------------------------------------------------------------


def _github_lines() -> dict[str, str]:
    jobs: dict[str, Any] = yaml.safe_load(GITHUB.read_text("utf-8"))["jobs"]
    steps = [step for job in jobs.values() for step in job["steps"]]
    return {step["name"]: step["run"] for step in steps if "run" in step}


def _gitlab_lines() -> dict[str, str]:
    jobs: dict[str, Any] = yaml.safe_load(GITLAB.read_text("utf-8"))
    judge, page = jobs["conformance"]["script"], jobs["page"]["script"]
    return {"Judge": "\n".join(judge), "Compare the page": page[-1]}


def _jenkins_lines() -> dict[str, str]:
    _, judge, page = re.findall(r"'''(.*?)'''", JENKINS.read_text("utf-8"), re.DOTALL)
    return {"Judge": judge, "Compare the page": page}


LINES = {"GitHub": _github_lines, "GitLab": _gitlab_lines, "Jenkins": _jenkins_lines}


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Yield a folder with a targets.toml for a server in the box that runs, as a CI would check it out."""
    served = box.start()
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


def _environment(folder: Path, without: str = "") -> dict[str, str]:
    """Return what the recipes' systems set: the same accounts under the names of each."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ESIGNON_")}
    found = {
        "TARGET": "staging",
        "BUILD": "17",
        "BUILD_NUMBER": "17",
        "CI_PIPELINE_ID": "17",
        "GITHUB_STEP_SUMMARY": str(folder / "step-summary.md"),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    for role, account in box_accounts().items():
        if role == without:
            continue
        prefix = "STAGING_" if role == "main" else f"STAGING_{role.upper()}_"
        found |= {
            f"{prefix}MEMB_EMAIL": plain(account.email),
            f"{prefix}MEMB_PWD": plain(account.password),
            f"{role.upper()}_USR": plain(account.email),
            f"{role.upper()}_PSW": plain(account.password),
        }
    return kept | found


def _sh(lines: str, folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    # Without the HTML report, which needs a registry, and with fewer draws.
    quick = lines.replace(" --html", "").replace(
        "--depth deep", "--depth deep --max-examples 10 --lang en"
    )
    shell = shutil.which("bash") or "sh"
    return subprocess.run(
        [shell, "-e", "-c", quick],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize("system", LINES)
def test_the_lines_of_a_recipe_judge_a_server(system: str, folder: Path) -> None:
    environment = _environment(folder)
    judged = _sh(LINES[system]()["Judge"], folder, environment)
    assert judged.returncode == 0, judged.stdout + judged.stderr
    assert list(folder.rglob("statement.json"))
    if system == "GitHub":
        shown = _sh(_github_lines()["Show the summary on the run's page"], folder, environment)
        assert shown.returncode == 0
        told, page = folder / "reports" / "summary.md", folder / "step-summary.md"
        assert page.is_file() == told.is_file()
        assert not told.is_file() or page.read_text("utf-8") == told.read_text("utf-8")


@pytest.mark.parametrize("system", LINES)
def test_a_lost_secret_is_told_and_does_not_go_green(system: str, folder: Path) -> None:
    judged = _sh(LINES[system]()["Judge"], folder, _environment(folder, without="blocked"))
    assert judged.returncode == verdict.EXIT_CONFIGURATION
    assert "STAGING_BLOCKED_MEMB_PWD" in judged.stdout + judged.stderr
