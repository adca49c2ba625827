"""Exports of Chrome DevTools, Firefox and Charles: rows in the form that public exports of each show."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from esignon_conformance.tools.traffic.files import read_entries
from selftest.support.archives import Row, archive, failing, judged, rows_of, server
from selftest.support.sent_logins import RIGHT, WRONG


def _chrome(row: Row) -> Row:
    """Return a row as DevTools saves it "with content": names of HTTP/2, what the page did beside it."""
    request, response = row["request"], row["response"]
    pseudo = {":authority": "login.test", ":method": "POST", ":scheme": "https"}
    request["headers"] = [
        *({"name": name, "value": value} for name, value in pseudo.items()),
        *request["headers"],
    ]
    request |= {"httpVersion": "http/2.0", "headersSize": -1, "cookies": [], "queryString": []}
    response |= {"httpVersion": "http/2.0", "statusText": "", "headersSize": -1, "bodySize": -1}
    response |= {"cookies": [], "redirectURL": "", "_transferSize": 412, "_error": None}
    response["content"] |= {"mimeType": "application/json"}
    return row | {
        "_connectionId": "2422",
        "_initiator": {"type": "script", "stack": {"callFrames": []}},
        "_priority": "High",
        "_resourceType": "fetch",
        "cache": {},
        "connection": "443",
        "serverIPAddress": "192.0.2.7",
    }


def _firefox(row: Row) -> Row:
    """Return a row as Firefox saves it: the size of the answer is that on the wire, its head included."""
    request, response = row["request"], row["response"]
    request |= {"httpVersion": "HTTP/2", "headersSize": 524, "cookies": [], "queryString": []}
    request["postData"] |= {"params": []}
    response |= {"httpVersion": "HTTP/2", "headersSize": 310, "cookies": [], "redirectURL": ""}
    response["bodySize"] = response["content"]["size"] + 310
    response["content"] |= {"mimeType": "application/json; charset=utf-8"}
    return row | {
        "pageref": "page_1",
        "cache": {},
        "_securityState": "secure",
        "serverIPAddress": "192.0.2.7",
        "connection": "443",
    }


def _charles(row: Row) -> Row:
    """Return a row as Charles exports it: bodies that are no form come as base64, and say so only back."""
    request, response = row["request"], row["response"]
    sent, got = request["postData"]["text"], response["content"]["text"]
    request["postData"]["text"] = base64.b64encode(sent.encode()).decode()
    request |= {"httpVersion": "HTTP/2.0", "headersSize": 548, "cookies": [], "queryString": []}
    response["headers"] = [{"name": ":status", "value": "200"}, *response["headers"]]
    response |= {"_charlesStatus": "COMPLETE", "statusText": None, "httpVersion": "HTTP/2.0"}
    response["content"] |= {
        "mimeType": None,
        "encoding": "base64",
        "text": base64.b64encode(got.encode()).decode(),
    }
    return row


TOOLS: dict[str, tuple[str, Callable[[Row], Row]]] = {
    "Chrome DevTools": ("WebInspector", _chrome),
    "Firefox": ("Firefox", _firefox),
    "Charles": ("Charles Proxy", _charles),
}


@pytest.mark.parametrize("tool", TOOLS)
def test_an_export_is_judged_by_value_and_fails_nothing(tool: str, tmp_path: Path) -> None:
    creator, form = TOOLS[tool]
    rows = [form(row) for row in rows_of(server(), [RIGHT, WRONG, RIGHT])]
    run = judged(archive(tmp_path / "export.har", rows, creator))
    assert not failing(run)
    counts = {one.clause: one.exchanges for one in run.verdicts if one.verdict == "holds"}
    assert (counts["REQ-1"], counts["REJ-1"], counts["ENV-3"], counts["SUC-2"]) == (2, 1, 3, 2)


@pytest.mark.parametrize("tool", TOOLS)
def test_a_fault_in_an_export_fails_its_own_clause(tool: str, tmp_path: Path) -> None:
    creator, form = TOOLS[tool]
    rows = [form(row) for row in rows_of(server("takes-any-password"), [RIGHT, WRONG])]
    assert failing(judged(archive(tmp_path / "export.har", rows, creator))) == {"REJ-1"}


def test_a_body_of_charles_is_decoded_only_where_its_length_proves_it(tmp_path: Path) -> None:
    row = _charles(rows_of(server(), [RIGHT])[0])
    plain = json.loads(base64.b64decode(row["request"]["postData"]["text"]))
    (entry,) = read_entries(archive(tmp_path / "a.har", [row], "Charles Proxy"))
    assert entry.sent_body is not None
    assert json.loads(entry.sent_body) == plain
    # Of another tool a text is what was sent, and this one is not as long as it should be.
    (entry,) = read_entries(archive(tmp_path / "b.har", [row], "Firefox"))
    assert entry.sent_body is None
    # Without a length nobody knows which of the two was sent.
    row["request"] |= {"headers": row["request"]["headers"][:1], "bodySize": -1}
    (entry,) = read_entries(archive(tmp_path / "c.har", [row], "Charles Proxy"))
    assert (entry.sent_body, "request-body" in entry.losses) == (None, True)


def test_a_body_of_charles_that_is_no_base64_is_what_was_sent(tmp_path: Path) -> None:
    row = rows_of(server(), [RIGHT])[0]
    row["request"] |= {"headers": row["request"]["headers"][:1], "bodySize": -1}
    (entry,) = read_entries(archive(tmp_path / "a.har", [row], "Charles Proxy"))
    assert entry.sent_body == row["request"]["postData"]["text"].encode()


def test_an_answer_that_charles_did_not_see_to_its_end_is_judged_by_its_status(
    tmp_path: Path,
) -> None:
    row = _charles(rows_of(server(), [RIGHT])[0])
    row["response"]["_charlesStatus"] = "EXCEPTION"
    (entry,) = read_entries(archive(tmp_path / "a.har", [row], "Charles Proxy"))
    assert "answer-cut" in entry.losses
