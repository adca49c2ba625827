"""exchanges.har: every exchange of a run, as a reader of such archives gives it."""

from __future__ import annotations

import base64
import gzip
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import haralyzer  # type: ignore[import-untyped]  # it has no types
import pytest

from esignon_conformance.reports.artefacts import HAR_NAME
from esignon_conformance.reports.artefacts.har import write_har
from esignon_conformance.runner.run import Run
from selftest.support.exchanges import COMPANY, TARGET, fault, refusal, with_answer
from selftest.support.written_runs import (
    NOT_UTF_8,
    deviating,
    run_of,
    with_sent,
)


def entries_of(run: Run) -> list[Any]:
    """Return the entries of the archive of a run, as a reader of such archives gives them."""
    entries: list[Any] = haralyzer.HarParser.from_file(archive_of(run)).har_data["entries"]
    return entries


def archive_of(run: Run) -> Path:
    """Write the archive of a run, and nothing else."""
    path = run.report_dir / HAR_NAME
    write_har(path, run)
    return path


def test_an_archive_has_every_exchange_in_the_order_of_sending(tmp_path: Path) -> None:
    run = run_of(tmp_path, [replace(one, request_id=f"ec-1-{one.id}") for one in deviating()])
    parser = haralyzer.HarParser.from_file(archive_of(run))
    assert (parser.version, parser.creator["name"]) == ("1.2", "esignon-conformance")
    pages = [haralyzer.HarEntry(one) for one in parser.har_data["entries"]]
    assert [one.raw_entry["comment"].split(" · ")[0] for one in pages] == [
        one.id for one in run.recording.exchanges
    ]
    first, sent = pages[0], run.recording.exchanges[0]
    ids = [one.request.headers[-1] for one in pages]
    assert ids == [
        {"name": "X-Request-Id", "value": f"ec-1-{one.id}"} for one in run.recording.exchanges
    ]
    assert (first.request.method, first.response.status) == ("POST", 200)
    assert first.request.url == f"{TARGET.base_url}/api/{COMPANY}/login"
    assert first.request.mimeType == "application/json"
    assert first.time == 500
    assert first.startTime.timestamp() == pytest.approx(sent.answered_at - 0.5, abs=0.01)
    body = json.loads(first.response.text)
    assert body["header"]["result_code"] == "00"
    assert body["body"]["memb_email"] == "<main email>"
    assert json.loads(first.request.text)["body"]["memb_pwd"] == "<main password>"
    assert first.response.contentSize == len(sent.answer.body if sent.answer else b"")


def test_a_masked_url_is_a_url(tmp_path: Path) -> None:
    # One that is none, and readers that hold an archive against its schema refuse it as a whole.
    (entry,) = entries_of(run_of(tmp_path, [refusal("get-with-query")]))
    url = entry["request"]["url"]
    assert re.fullmatch(r"http://[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+", url), url
    assert entry["request"]["queryString"][0] == {"name": "memb_email", "value": "<main email>"}
    assert "?memb_email=<main email>&memb_pwd=<main password>&" in unquote(url)


def test_bytes_that_are_not_utf_8_stand_in_an_archive_as_base64(tmp_path: Path) -> None:
    hangul = '{"header": {"request_code": "한글"}}'
    sent = [
        with_sent(refusal("empty-body"), NOT_UTF_8),
        with_sent(with_answer(refusal("empty-body"), body=b"\xea\xb0"), hangul.encode()),
    ]
    first, second = entries_of(run_of(tmp_path, sent))
    post, content = first["request"]["postData"], second["response"]["content"]
    assert (base64.b64decode(post["text"]), post["comment"]) == (NOT_UTF_8, "base64")
    assert (base64.b64decode(content["text"]), content["encoding"]) == (b"\xea\xb0", "base64")
    assert second["request"]["postData"]["text"] == hangul
    assert "encoding" not in first["response"]["content"]


def test_content_codings_are_undone_in_an_archive(tmp_path: Path) -> None:
    text = '{"header": {"result_code": "10"}}'
    packed = gzip.compress(text.encode())
    headers = (("Content-Encoding", "gzip"),)
    (entry,) = entries_of(run_of(tmp_path, [with_answer(refusal(), body=packed, headers=headers)]))
    assert entry["response"]["content"]["text"] == text
    assert entry["response"]["content"]["size"] == len(text)
    assert entry["response"]["bodySize"] == len(packed)


def test_a_request_without_an_answer_and_stray_bytes_are_in_an_archive(tmp_path: Path) -> None:
    sent = [fault(kind="timed-out"), replace(refusal(), stray=b"HTTP/1.1 200 OK")]
    first, second = entries_of(run_of(tmp_path, sent))
    assert first["response"]["status"] == 0
    assert first["response"]["comment"].startswith("timed-out")
    assert "stray bytes: HTTP/1.1 200 OK" in second["comment"]


def test_trailers_are_in_recording_and_archive_masked(tmp_path: Path) -> None:
    trailers = (("X-Checksum", "7"), ("X-Access-Token", "pq7Vw0LmZk3RtY8uNd5S"))
    run = run_of(tmp_path, [with_answer(refusal(), trailers=trailers)])
    (entry,) = entries_of(run)
    assert "trailer X-Checksum: 7" in entry["comment"]
    assert "trailer X-Access-Token: <token 1>" in entry["comment"]
    row = run.recording.row(run.recording.exchanges[0])
    assert row["answer"]["trailers"] == [["X-Checksum", "7"], ["X-Access-Token", "<token 1>"]]


def test_a_header_field_that_stands_twice_in_a_request_does_so_in_recording_and_archive(
    tmp_path: Path,
) -> None:
    twice = (("X-A", "1"), ("x-a", "2"))
    exchange = refusal()
    request = replace(exchange.request, headers=(*exchange.request.headers, *twice))
    run = run_of(tmp_path, [replace(exchange, request=request, sent=request.headers)])
    (entry,) = entries_of(run)
    shown = [(one["name"], one["value"]) for one in entry["request"]["headers"]]
    assert [one for one in shown if one[0].lower() == "x-a"] == [*twice]
    row = run.recording.row(run.recording.exchanges[0])
    assert [one for one in row["request"]["headers"] if one[0].lower() == "x-a"] == [
        list(one) for one in twice
    ]


def test_an_archive_of_a_run_that_sent_nothing_is_one(tmp_path: Path) -> None:
    assert entries_of(run_of(tmp_path, [])) == []
