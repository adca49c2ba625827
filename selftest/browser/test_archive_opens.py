"""The archive of a run opens in a real browser's developer tools: their own reader takes it in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from selftest.browser.chromium import Chromium
from selftest.support.exchanges import fault, refusal
from selftest.support.judged import basis
from selftest.support.written_runs import NOT_UTF_8, run_of, with_sent, written

pytestmark = pytest.mark.browser

# The reader behind "Import HAR file" of the Network panel, where Chromium keeps it.
_READ = """(async () => {
  const har = await import('devtools://devtools/bundled/models/har/har.js');
  const root = new har.HARFormat.HARRoot(%s);
  const requests = har.Importer.Importer.requestsFromHARLog(root.log);
  return JSON.stringify(await Promise.all(requests.map(async (one) => ({
    url: one.url(),
    status: one.statusCode,
    sent: await one.requestFormData(),
    came: (await one.requestContentData()).text,
    milliseconds: Math.round(1000 * one.duration),
  }))));
})()"""


@pytest.fixture
def tools(executable: str, tmp_path: Path) -> Iterator[Chromium]:
    """Yield a browser that shows its developer tools."""
    with Chromium(executable, tmp_path / "profile", proxy_port=9) as chromium:
        chromium.open("devtools://devtools/bundled/devtools_app.html")
        yield chromium


def test_developer_tools_read_every_exchange(tools: Chromium, tmp_path: Path) -> None:
    sent = [*basis(), with_sent(refusal("empty-body"), NOT_UTF_8), fault(kind="dropped")]
    archive = (written(run_of(tmp_path / "run", sent)) / "exchanges.har").read_text("utf-8")
    rows: list[dict[str, Any]] = json.loads(tools.evaluate(_READ % archive))
    assert [row["status"] for row in rows] == [200] * (len(sent) - 1) + [0]
    assert {row["milliseconds"] for row in rows} == {500}
    first = rows[0]
    assert first["url"].endswith("/login")
    assert json.loads(first["sent"])["body"]["memb_pwd"] == "<main password>"
    assert json.loads(first["came"])["header"]["result_code"] == "00"
