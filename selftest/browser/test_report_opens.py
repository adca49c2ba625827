"""The report opens from the file system, in a real browser, and asks nobody for anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from esignon_conformance.reports.html_report import build_html
from esignon_conformance.reports.html_report.page import POLICY
from selftest.browser.chromium import Chromium
from selftest.support.allure_folder import START, write_results

pytestmark = pytest.mark.browser
SHOWN = "document.querySelector('#app')?.innerText.includes('토큰이 없다')"
OUTSIDE = "http://outside.invalid"
LOADING = f"""<!DOCTYPE html><html><head><meta charset="utf-8">POLICY</head><body>
    <img alt="" src="{OUTSIDE}/picture.png"><script src="{OUTSIDE}/script.js"></script>
    <script>fetch("{OUTSIDE}/data.json").catch(() => 0)</script></body></html>"""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    for night in range(3):
        results = write_results(folder / f"results-{night}", START + night * 86_400_000)
        build(results, folder / "report.html", folder / "history.jsonl")
    return folder / "report.html"


def build(results: Path, destination: Path, history: Path | None = None) -> Path:
    title = "인증토큰 발급 적합성"
    return build_html(results, destination, title=title, language="ko", history=history)


def open_failed_test(browser: Chromium, report: Path) -> str:
    """Open the report, then the test that failed, and return the place of that test."""
    browser.open(report.as_uri())
    browser.wait_for(SHOWN)
    failed = "document.querySelector('[data-testid=tree-leaf-status-failed]')"
    browser.evaluate(f"{failed}.closest('[data-testid=tree-leaf]').click()")
    browser.wait_for("document.querySelector('#app').innerText.includes('expected 10, got 00')")
    place: str = browser.evaluate("location.hash")
    return place


def look_at_attachments(browser: Chromium, place: str) -> None:
    """Show the failed test for a while, then what is attached to it."""
    buttons = "document.querySelectorAll('[data-testid=test-result-attachment] button')"
    browser.settle(1)
    browser.evaluate(f"location.hash = '{place}/attachments'")
    browser.wait_for(f"{buttons}.length")
    browser.evaluate(f"{buttons}.forEach((button) => button.click())")
    browser.wait_for("document.querySelector('iframe')")
    browser.settle(1)


def test_the_report_shows_itself_and_reaches_for_nothing(
    report: Path, browser: Chromium, proxy: tuple[int, list[str]]
) -> None:
    place = open_failed_test(browser, report)
    look_at_attachments(browser, place)
    for where in (f"{place}/history", "#categories", "#charts", ""):
        browser.evaluate(f"location.hash = '{where}'")
        browser.settle(1)
    assert browser.outside_requests() == []
    assert browser.turned_away() == []
    assert proxy[1] == []


def changes_shown(browser: Chromium, report: Path) -> str:
    """Return the words of the graph of what changed since the run before."""
    title = "직전 실행과 달라진 판정"
    browser.open(f"{report.as_uri()}#charts")
    browser.wait_for(f"document.querySelector('#app')?.innerText.includes('{title}')")
    browser.settle(1)
    text: str = browser.evaluate("document.querySelector('#app').innerText")
    return text.partition(title)[2].partition("수준별 결과")[0].strip()


def test_the_graph_of_changes_knows_one_run_before(browser: Chromium, tmp_path: Path) -> None:
    history, shown = tmp_path / "history.jsonl", []
    for night in range(4):
        results = write_results(tmp_path / f"results-{night}", START + night * 86_400_000)
        if night in (1, 2):
            # What failed in the first night holds in the second and the third.
            for file in results.glob("*-result.json"):
                text = file.read_text(encoding="utf-8")
                file.write_text(text.replace('"status": "failed"', '"status": "passed"'))
        # A file of its own: a browser does not read one again of which it shows another place.
        report = build(results, tmp_path / f"{night}.html", history)
        shown.append(changes_shown(browser, report))
    assert shown[0] == "이력 정보를 사용할 수 없습니다"
    assert ["최신" in one for one in shown] == [False, True, True, True]
    # Where nothing ever changed there is a history all the same.
    history.write_text(history.read_text(encoding="utf-8").split("\n")[2] + "\n", encoding="utf-8")
    report = build(tmp_path / "results-1", tmp_path / "unchanged.html", history)
    assert changes_shown(browser, report) == "달라진 판정 없음"


@pytest.mark.parametrize("held_back", [True, False], ids=["with the policy", "without it"])
def test_the_policy_holds_back_pictures_in_what_a_server_answered(
    held_back: bool, browser: Chromium, proxy: tuple[int, list[str]], tmp_path: Path
) -> None:
    results = write_results(tmp_path / "results", outside=OUTSIDE)
    report = build(results, tmp_path / "report.html")
    if not held_back:
        sealed = report.read_text(encoding="utf-8")
        report.write_text(sealed.replace("Content-Security-Policy", "nothing"), encoding="utf-8")
    look_at_attachments(browser, open_failed_test(browser, report))
    reached = {line.split()[1].removeprefix(OUTSIDE) for line in proxy[1]}
    assert reached == (set() if held_back else {"/description.png", "/attachment.png"})


@pytest.mark.parametrize("time", range(3))
def test_the_report_opens_every_time(report: Path, browser: Chromium, time: int) -> None:
    browser.open(f"{report.as_uri()}?{time}")
    browser.wait_for(SHOWN)
    assert browser.evaluate("[...document.querySelectorAll('*')].every((one) => !one.scrollTop)")
    assert browser.evaluate("document.documentElement.lang") == "ko"


# The recorder sees what it is there to see


def test_a_page_that_loads_from_outside_is_caught(
    browser: Chromium, proxy: tuple[int, list[str]], tmp_path: Path
) -> None:
    page = tmp_path / "page.html"
    page.write_text(LOADING.replace("POLICY", ""), encoding="utf-8")
    browser.open(page.as_uri())
    browser.settle(2)
    wanted = {f"{OUTSIDE}/{name}" for name in ("picture.png", "script.js", "data.json")}
    assert set(browser.outside_requests()) == wanted
    assert {line.split()[1] for line in proxy[1]} == wanted


def test_what_the_policy_holds_back_is_caught(
    browser: Chromium, proxy: tuple[int, list[str]], tmp_path: Path
) -> None:
    page = tmp_path / "page.html"
    meta = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    page.write_text(LOADING.replace("POLICY", meta), encoding="utf-8")
    browser.open(page.as_uri())
    browser.settle(2)
    assert len(browser.turned_away()) == 3
    assert proxy[1] == []
