"""What the report says beside the tests: the environment of the run, and which build ran it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..files import write_json
from ..i18n.catalogue import word
from ..i18n.language import Language
from ..target.target import REAL_ACCOUNTS
from .load_tables import load_line, load_of


def write_environment(
    directory: Path,
    statement: Mapping[str, Any],
    variables: Mapping[str, str],
    language: Language,
) -> None:
    """Write `environment.properties`, and `executor.json` in a build, beside the Allure results.

    `variables` are the environment variables of this process, which tell a build's own address.
    """
    rows = [f"{_key(name)}={_value(text)}" for name, text in environment(statement, language)]
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / "environment.properties"
    path.write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")
    build = executor(variables)
    if build is not None:
        write_json(directory / "executor.json", build)


def environment(statement: Mapping[str, Any], language: Language) -> Iterator[tuple[str, str]]:
    """Yield what a run was made with, as names and texts."""
    target = statement["target"]
    where = word("title-box", language) if target["kind"] == "box" else target["base_url"]
    named = target.get("name")
    yield word("env-target", language), f"{named} ({where})" if named else where
    yield (
        word("env-accounts", language),
        ", ".join(_account(name, language) for name in target["accounts"]),
    )
    page, contract = statement["page"], statement["contract"]
    yield word("env-page", language), _page(page, language)
    yield word("env-contract", language), f"{contract['operation']} ({contract['sha256'][:12]})"
    yield word("env-suite", language), statement["suite"]["version"]
    load = load_of(statement)
    if load is not None:
        yield word("env-load", language), load_line(load, where, language)
    else:
        yield from _of_the_run(statement, language)
    labels = statement.get("labels") or {}
    for name, value in labels.items() if isinstance(labels, Mapping) else ():
        yield word("env-label", language, name=name), str(value)


def _of_the_run(statement: Mapping[str, Any], language: Language) -> Iterator[tuple[str, str]]:
    """Yield what a run of the suite was made with, which a load run has none of."""
    target = statement["target"]
    yield word("env-seed", language), str(statement["seed"])
    yield word("env-depth", language), word(f"depth-{statement['depth']}", language)
    limits = statement.get("limits") or target.get("limits") or {}
    told = [
        word(f"limit-{name}", language, value=f"{value:g}")
        for name, value in limits.items()
        if value is not None
    ]
    if told:
        yield word("env-limits", language), ", ".join(told)


def _account(name: str, language: Language) -> str:
    # A drafted operation may have accounts of other names.
    return word(f"env-account-{name}", language) if name in REAL_ACCOUNTS else name


def executor(variables: Mapping[str, str]) -> dict[str, Any] | None:
    """Return the build that runs this, as Allure takes it: GitHub Actions, GitLab CI or Jenkins.

    None outside of those three.
    """
    if variables.get("GITHUB_ACTIONS") == "true":
        server, repository = (
            variables.get(f"GITHUB_{one}", "") for one in ("SERVER_URL", "REPOSITORY")
        )
        run, number = (variables.get(f"GITHUB_RUN_{one}", "") for one in ("ID", "NUMBER"))
        name = f"{variables.get('GITHUB_WORKFLOW', '')} #{number}".strip()
        address = f"{server}/{repository}/actions/runs/{run}" if server and run else ""
        return _executor("GitHub Actions", "github", name, number, address)
    if variables.get("GITLAB_CI") == "true":
        number = variables.get("CI_PIPELINE_IID", "")
        name = f"{variables.get('CI_JOB_NAME', '')} #{number}".strip()
        return _executor("GitLab CI", "gitlab", name, number, variables.get("CI_JOB_URL", ""))
    if variables.get("JENKINS_URL"):
        number = variables.get("BUILD_NUMBER", "")
        name = f"{variables.get('JOB_NAME', '')} #{number}".strip()
        return _executor("Jenkins", "jenkins", name, number, variables.get("BUILD_URL", ""))
    return None


def _executor(name: str, kind: str, build: str, number: str, address: str) -> dict[str, Any]:
    made: dict[str, Any] = {"name": name, "type": kind, "buildName": build}
    if number.isdigit():
        made["buildOrder"] = int(number)
    if address.startswith(("https://", "http://")):
        made["buildUrl"] = address
    return made


def _key(name: str) -> str:
    """Return a name as the key of a line of properties: what ends a key is escaped."""
    return "".join(f"\\{one}" if one in " =:#!\\" else one for one in " ".join(name.splitlines()))


def _value(text: str) -> str:
    escaped = text.replace("\\", "\\\\")
    return " ".join(escaped.splitlines())


def _page(page: Mapping[str, Any], language: Language) -> str:
    fingerprint = page["sha256"][:12]
    if "age_in_days" not in page:
        return f"{page['edition']} ({fingerprint})"
    aged = word("env-page-age", language, days=f"{page['age_in_days']:,}")
    return f"{page['edition']} ({fingerprint}, {aged})"
