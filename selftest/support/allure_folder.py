"""Writes small folders of Allure results, for the tests of the HTML report."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

START = 1_790_000_000_000
_RESULTS = (
    ("right-login", "REQ-1", "요청", "passed", "holds", ""),
    ("wrong-password", "REJ-1", "거절", "failed", "fails", "expected 10, got 00"),
    ("wrong-type", "REJ-8", "거절", "unknown", "advisory", "HTTP 400 for a wrong type"),
    ("blocked-company", "REJ-5", "거절", "skipped", "not-judged", "ESIGNON_BLOCKED_COMPANY_ID"),
    ("late-clause", "SEC-2", "보안", "broken", "", "KeyError"),
)


def write_results(folder: Path, start: int = START, outside: str = "") -> Path:
    """Write a result of each kind, and for the failed one an attachment.

    With `outside`, a base address, the descriptions and the attachment load pictures from there.
    """
    folder.mkdir(parents=True)
    for number, (case, clause, suite, status, tag, message) in enumerate(_RESULTS):
        identity = hashlib.sha256(case.encode()).hexdigest()[:32]
        labels = {
            "parentSuite": "인증토큰 발급",
            "suite": suite,
            "severity": "critical",
            "tag": tag,
        }
        result = {
            "uuid": f"{identity}-{start}",
            "historyId": identity,
            "testCaseId": identity,
            "fullName": f"tests.test_cases#{case}",
            "name": f"{clause} 비밀번호가 틀리면 토큰이 없다",
            "status": status,
            "statusDetails": {"message": message},
            "start": start + number,
            "stop": start + number + 1,
            "labels": [{"name": name, "value": value} for name, value in labels.items() if value],
            "links": [{"type": "link", "name": clause, "url": "https://docs.invalid/page"}],
            "descriptionHtml": f"<p>a promise</p>{_picture(outside, 'description')}",
            "attachments": [],
        }
        if status == "failed":
            page = f"<p>an answer</p>{_picture(outside, 'attachment')}"
            (folder / f"{identity}-attachment.html").write_text(page, encoding="utf-8")
            attachment = {"name": "answer", "source": f"{identity}-attachment.html"}
            result["attachments"] = [attachment | {"type": "text/html"}]
        text = json.dumps(result, ensure_ascii=False)
        (folder / f"{identity}-result.json").write_text(text, encoding="utf-8")
    return folder


def _picture(outside: str, name: str) -> str:
    return f'<img alt="" src="{outside}/{name}.png">' if outside else ""
