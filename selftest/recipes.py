"""`make recipes`: each recipe of `ci/`, its command line and its limits as they stand, on two nights.

The server in the box is the staging host, behind a gateway with TLS.  At five requests a second a night
takes some seven minutes; the recipes run beside each other.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import trustme
import yaml

from esignon_conformance import resources
from esignon_conformance.target.accounts import box_accounts
from esignon_conformance.tools.reference import process
from selftest.support.command import environment
from selftest.support.pipelines import (
    COMPONENT,
    NUMBER,
    action_steps,
    action_variables,
    component_job,
    component_variables,
)
from selftest.support.tls_gateway import gateway

CI = resources.data_root() / "ci"
GITHUB, GITLAB, JENKINS = CI / "github-actions.yml", CI / "gitlab-ci.yml", CI / "Jenkinsfile"
EXAMPLE = resources.data_root() / "targets.example.toml"
_KEY = ("X-Gateway-Key", "STAGING_GATEWAY_KEY")
_KEY_VALUE = "gateway-key-Wb7.trqX2"
_LONGEST_NIGHT = 1500


def github_lines() -> dict[str, str]:
    """Return the shell lines of the workflow by the name of the step: those of the action, and its own."""
    jobs: dict[str, Any] = yaml.safe_load(GITHUB.read_text("utf-8"))["jobs"]
    own = {step["name"]: step["run"] for step in jobs["page"]["steps"] if "run" in step}
    return own | {name: step["run"] for name, step in action_steps().items()}


def github_inputs() -> dict[str, str]:
    """Return what the workflow gives to the action."""
    job: dict[str, Any] = yaml.safe_load(GITHUB.read_text("utf-8"))["jobs"]["conformance"]
    (given,) = (step["with"] for step in job["steps"] if step.get("uses") == "./")
    (target,) = job["strategy"]["matrix"]["target"]
    return {name: value.replace("${{ matrix.target }}", target) for name, value in given.items()}


def gitlab_lines() -> dict[str, str]:
    """Return the shell lines of GitLab's jobs, under the names of the workflow's steps."""
    job, page = component_job(gitlab_inputs()), yaml.safe_load(GITLAB.read_text("utf-8"))["page"]
    return {
        "Install": "\n".join(job["before_script"]),
        "Judge": "\n".join(job["script"]),
        "Compare the page": page["script"][-1],
    }


def gitlab_inputs() -> dict[str, str]:
    """Return what the recipe gives to the component."""
    (included,) = yaml.safe_load(GITLAB.read_text("utf-8"))["include"]
    assert resources.data_root() / included["local"].lstrip("/") == COMPONENT
    found: dict[str, str] = included["inputs"]
    return found


def jenkins_lines() -> dict[str, str]:
    """Return the shell lines of the pipeline, under the names of the workflow's steps."""
    install, judge, page = re.findall(r"'''(.*?)'''", JENKINS.read_text("utf-8"), re.DOTALL)
    return {"Install": install, "Judge": judge, "Compare the page": page}


LINES: Mapping[str, Callable[[], dict[str, str]]] = {
    "GitHub": github_lines,
    "GitLab": gitlab_lines,
    "Jenkins": jenkins_lines,
}


def kept_between_nights(system: str) -> list[str]:
    """Return the paths that a recipe keeps from one night to the next; all of them where it says none."""
    if system == "GitHub":
        steps = yaml.safe_load(GITHUB.read_text("utf-8"))["jobs"]["conformance"]["steps"]
        (saved,) = [step for step in steps if "actions/cache/save" in step.get("uses", "")]
        return str(saved["with"]["path"]).split()
    if system == "GitLab":
        caches = component_job(gitlab_inputs())["cache"]
        return [path for cache in caches for path in cache["paths"]]
    return ["reports"]


def variables(folder: Path, without: str = "") -> dict[str, str]:
    """Return what the recipes' systems set: the same accounts under the names of each."""
    path = f"{Path(sys.executable).parent}:{environment({})['PATH']}"
    found = {
        **action_variables(github_inputs()),
        **component_variables(gitlab_inputs()),
        "TARGET": "staging",
        "BUILD_NUMBER": NUMBER,
        "CI_PIPELINE_ID": NUMBER,
        "GITHUB_OUTPUT": str(folder / "output"),
        "GITHUB_STEP_SUMMARY": str(folder / "step-summary.md"),
        "PATH": path,
    }
    for role, account in box_accounts().items():
        if role == without:
            continue
        prefix = "STAGING_" if role == "main" else f"STAGING_{role.upper()}_"
        email, password = account.email.get_secret_value(), account.password.get_secret_value()
        found |= {
            f"{prefix}MEMB_EMAIL": email,
            f"{prefix}MEMB_PWD": password,
            f"{role.upper()}_USR": email,
            f"{role.upper()}_PSW": password,
        }
    return environment(found)


@dataclass(frozen=True)
class Staging:
    """The staging host: what the environment of a job says of the way to it."""

    settings: Mapping[str, str]


@contextlib.contextmanager
def staging(folder: Path) -> Iterator[Staging]:
    """Serve the server in the box behind a gateway with TLS, as the host of `targets.example.toml`."""
    authority = trustme.CA()
    bundle = folder / "ca.pem"
    authority.cert_pem.write_to_path(str(bundle))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("staging.example.test").configure_cert(tls)
    served = process.start()
    try:
        port = urlsplit(served.base_url).port or 0
        with gateway(port, tls, (_KEY[0], _KEY_VALUE)) as proxy:
            told = {"HTTPS_PROXY": proxy, "ESIGNON_CA_BUNDLE": str(bundle), _KEY[1]: _KEY_VALUE}
            yield Staging(told)
    finally:
        served.stop()


def example_targets(rate: int | None = None) -> str:
    """Return `targets.example.toml` with the companies of the box; with `rate`, as fast as that."""
    accounts = box_accounts()
    text = EXAMPLE.read_text("utf-8")
    for name, role in (("our", "main"), ("another", "other"), ("blocked", "blocked")):
        text = text.replace(f'"{name}-company"', f'"{accounts[role].company}"')
    if rate is not None:
        text = re.sub(r"(?m)^requests_per_second = \d+", f"requests_per_second = {rate}", text)
    return text


def judge(system: str, folder: Path, host: Staging) -> subprocess.CompletedProcess[str]:
    """Run a recipe's command line as it stands, in the folder that its system has checked out."""
    return subprocess.run(
        [shutil.which("bash") or "sh", "-e", "-c", LINES[system]()["Judge"]],
        cwd=folder,
        env={**variables(folder), **host.settings},
        capture_output=True,
        text=True,
        timeout=_LONGEST_NIGHT,
        check=False,
    )


def forget(system: str, folder: Path) -> None:
    """Leave of a night what the recipe keeps for the next one."""
    kept = {folder / path for path in kept_between_nights(system)}
    for path in sorted(folder.rglob("*"), reverse=True):
        is_kept = any(path == one or one in path.parents or path in one.parents for one in kept)
        if not is_kept and path.name != "targets.toml":
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def wrong_of(done: subprocess.CompletedProcess[str], folder: Path, night: int) -> Iterator[str]:
    """Yield what is not as it has to be after a night."""
    found = list(folder.rglob("statement.json"))
    if done.returncode or len(found) != 1:
        yield f"exit status {done.returncode}\n{done.stdout}{done.stderr}"
        return
    reports = found[0].parent
    statement = json.loads(found[0].read_text("utf-8"))
    unjudged = [one["id"] for one in statement["clauses"] if "judge" in one["verdict"]]
    badge = json.loads((reports / "badge.json").read_text("utf-8"))
    for what, got, wanted in (
        ("complete", statement["complete"], True),
        ("clauses without a verdict", unjudged, []),
        ("the colour of the badge", badge["color"], "brightgreen"),
        ("report.html", (reports / "report.html").is_file(), True),
        *(
            (f"nights in {name}", _lines(reports / name), night)
            for name in ("verdicts.jsonl", "history.jsonl")
        ),
    ):
        if got != wanted:
            yield f"{what}: {got!r} and not {wanted!r}"


def _lines(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines()) if path.is_file() else 0


def two_nights(
    system: str, folder: Path, rate: int | None = None
) -> Generator[tuple[int, float, list[str]], None, None]:
    """Run a recipe on two nights; yield the night, its seconds, and what is wrong after it."""
    folder.mkdir()
    with tempfile.TemporaryDirectory() as scratch, staging(Path(scratch)) as host:
        for night in (1, 2):
            forget(system, folder)
            folder.joinpath("targets.toml").write_text(example_targets(rate), "utf-8")
            began = time.monotonic()
            done = judge(system, folder, host)
            yield night, time.monotonic() - began, list(wrong_of(done, folder, night))


def main() -> int:
    """Run the recipes and say what they come to; return 1 where one does not do what it says."""
    parser = argparse.ArgumentParser(prog="make recipes", description=__doc__)
    parser.add_argument("systems", nargs="*", choices=(*LINES, []), metavar="SYSTEM")
    parser.add_argument("--rate", type=int, help="requests a second, instead of the example's")
    given = parser.parse_args()
    systems = given.systems or list(LINES)
    is_wrong = False

    def told(system: str, folder: Path) -> bool:
        found = False
        for night, seconds, wrong in two_nights(system, folder / system, given.rate):
            found |= bool(wrong)
            said = "\n  ".join(wrong) or "conforms, complete, its history kept"
            print(f"{system}, night {night}, {seconds / 60:.1f} minutes: {said}", flush=True)
        return found

    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(len(systems)) as pool:
        is_wrong = any(list(pool.map(lambda one: told(one, Path(folder)), systems)))
    return 1 if is_wrong else 0


if __name__ == "__main__":
    sys.exit(main())
