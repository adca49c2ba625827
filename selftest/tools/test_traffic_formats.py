"""What each tool keeps of an exchange, and that nothing is judged by what it does not keep."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import jsonschema
import pytest

from esignon_conformance import resources
from esignon_conformance.app.cli.main import main
from esignon_conformance.i18n.errors import ConfigurationError
from esignon_conformance.tools.traffic.entry import Entry, Loss
from esignon_conformance.tools.traffic.files import read_entries
from selftest.support.archives import Row, archive, failing, judged, rows_of, server, verdict
from selftest.support.recorders import login
from selftest.support.sent_logins import COMPANY, EMAIL, RIGHT, WRONG

FILES = Path(__file__).resolve().parents[1] / "traffic"
# Written by the tools themselves: `python -m selftest.support.recorders selftest/traffic`.
RECORDED = ("mitmproxy.har", "newman.json", "playwright.har", "playwright-attached/playwright.har")


@pytest.mark.parametrize("name", RECORDED)
def test_the_files_of_real_tools_are_judged_and_fail_nothing(name: str, tmp_path: Path) -> None:
    file = tmp_path / "report" / "x"
    file.parent.mkdir()
    run = judged(FILES / name, are_all=True, report=tmp_path / "report")
    assert not failing(run)
    counts = {one.clause: one.exchanges for one in run.verdicts if one.verdict == "holds"}
    assert counts["REQ-1"] == 4
    assert (counts["REJ-1"], counts["REJ-2"], counts["REJ-6"], counts["REJ-7"]) == (1, 1, 1, 1)
    assert counts["SEC-1"] == 7


def _one(folder: Path, row: Row, creator: str = "WebInspector") -> Entry:
    return next(read_entries(archive(folder / "one.har", [row], creator)))


def _row(**response: object) -> Row:
    row: Row = json.loads(json.dumps(rows_of(server(), [RIGHT])[0]))
    row["response"] |= response
    return row


TEXT = rows_of(server(), [RIGHT])[0]["response"]["content"]["text"]
SIZE = len(TEXT.encode())
# What DevTools and others write in place of an answer, and what is then missing. HAR 1.2 says of sizes
# that -1 is "not available".
LOST: dict[str, tuple[dict[str, object], set[Loss]]] = {
    "body dropped": ({"content": {"size": SIZE, "mimeType": "application/json"}}, {"answer-body"}),
    "empty text": ({"content": {"size": SIZE, "text": ""}}, {"answer-body"}),
    "text cut": ({"content": {"size": SIZE, "text": TEXT[:40]}}, {"answer-cut", "bytes"}),
    "replaced bytes": (
        {"content": {"size": -1, "text": TEXT + "\N{REPLACEMENT CHARACTER}"}, "headers": []},
        {"answer-cut", "answer-headers", "bytes"},
    ),
    "aborted": ({"status": 0, "_error": "net::ERR_ABORTED"}, {"no-answer", "bytes"}),
    "no answer": (
        {"status": -1, "_failureText": "net::ERR_EMPTY_RESPONSE"},
        {"no-answer", "bytes"},
    ),
    "service worker": ({"_fetchedViaServiceWorker": True}, {"not-from-server", "bytes"}),
    "no size": ({"bodySize": -1}, {"bytes"}),
    "base64": (
        {
            "content": {
                "size": SIZE,
                "text": base64.b64encode(TEXT.encode()).decode(),
                "encoding": "base64",
            }
        },
        set(),
    ),
    "base64 in lines": (
        {
            "content": {
                "size": SIZE,
                "text": base64.encodebytes(TEXT.encode()).decode(),
                "encoding": "base64",
            }
        },
        set(),
    ),
    "broken base64": (
        {"content": {"size": SIZE, "text": "%%%", "encoding": "base64"}},
        {"answer-body"},
    ),
}


@pytest.mark.parametrize("name", LOST)
def test_what_an_archive_lacks_is_noticed(name: str, tmp_path: Path) -> None:
    response, losses = LOST[name]
    entry = _one(tmp_path, _row(**response))
    assert entry.losses == {"framing", *losses}


def test_an_answer_from_the_cache_is_not_the_servers(tmp_path: Path) -> None:
    row = {**_row(), "_fromCache": "disk"}
    run = judged(archive(tmp_path / "a.har", [_row(), row]))
    assert run.traffic is not None
    assert run.traffic.set_aside["not-from-server"] == 1
    assert verdict(run, "REQ-1").exchanges == 1


def test_decoded_content_beside_content_encoding_is_not_decoded_again(tmp_path: Path) -> None:
    row = _row()
    row["response"]["headers"] += [{"name": "Content-Encoding", "value": "gzip"}]
    run = judged(archive(tmp_path / "a.har", [row]))
    assert verdict(run, "ENV-3").verdict == "holds"


def test_pseudo_header_fields_and_small_letters_of_http_2_are_read(tmp_path: Path) -> None:
    row = _row()
    row["request"]["headers"].insert(0, {"name": ":method", "value": "POST"})
    row["response"]["headers"].insert(0, {"name": ":status", "value": "200"})
    entry = _one(tmp_path, row)
    assert not [name for name, _ in (*entry.sent_headers, *entry.headers) if name.startswith(":")]
    assert verdict(judged(archive(tmp_path / "a.har", [row])), "ENV-2").verdict == "holds"


def test_a_dropped_body_is_judged_by_its_status_alone(tmp_path: Path) -> None:
    rows = [_row(), _row(content={"size": SIZE})]
    run = judged(archive(tmp_path / "a.har", rows))
    assert verdict(run, "ENV-10").exchanges == 2
    assert verdict(run, "ENV-3").exchanges == 1


def test_a_request_whose_length_says_more_is_no_login(tmp_path: Path) -> None:
    # A byte order mark went before it, which the text does not show; the server refused it rightly.
    row, wrong = json.loads(json.dumps(rows_of(server(), [RIGHT, WRONG])))
    row["request"]["headers"][1]["value"] = str(len(RIGHT.body.encode()) + 3)
    row["response"] = wrong["response"]
    run = judged(archive(tmp_path / "a.har", [row]))
    assert not failing(run)
    assert verdict(run, "REQ-1").verdict == "not-judged"


def test_mitmproxy_counts_the_bytes_on_the_wire(tmp_path: Path) -> None:
    row = _row(content={"size": 40, "compression": SIZE - 40, "text": TEXT})
    row["response"]["headers"] = [
        {"name": "Content-Encoding", "value": "gzip"},
        {"name": "Content-Length", "value": "40"},
        {"name": "Content-Type", "value": "application/json"},
    ]
    assert "answer-cut" not in _one(tmp_path, row, "mitmproxy").losses
    assert "answer-cut" in _one(tmp_path, row, "WebInspector").losses


def test_what_is_no_utf_8_comes_back_from_mitmproxy_and_breaks_env_1(tmp_path: Path) -> None:
    text = TEXT.replace("로그인", "\udcb7\udcce")
    row = _row(
        content={"size": -1, "text": text},
        headers=[{"name": "Content-Type", "value": "application/json"}],
    )
    run = judged(archive(tmp_path / "a.har", [row], "mitmproxy"))
    assert "ENV-1" in failing(run)


def test_a_file_that_is_cut_short_is_told_with_how_much_of_it_was_read(tmp_path: Path) -> None:
    file = archive(tmp_path / "a.har", [_row(), _row()])
    file.write_text(file.read_text(encoding="utf-8")[:-200], encoding="utf-8")
    with pytest.raises(ConfigurationError) as told:
        list(read_entries(file))
    assert "1" in str(told.value)


@pytest.mark.parametrize("content", ["", "{}", "[1, 2]", "no json", '{"log": {"version": "1.2"}}'])
def test_what_is_no_archive_ends_with_4_and_one_message(
    content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.har"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigurationError):
        list(read_entries(file))


def test_every_secret_of_the_file_is_masked_in_all_that_is_written(tmp_path: Path) -> None:
    session = "sid-7f3a91c0b2d84e66aa01"
    stranger = login(COMPANY, "some.body@else.invalid", "St8-rAnger!pw")
    rows = rows_of(server(), [RIGHT, WRONG, stranger])
    other = json.loads(json.dumps(rows[0]))
    other["request"] |= {
        "method": "GET",
        "url": "https://sso.test/authorize?access_token=tok-55aa66bb77cc88dd99",
        "headers": [
            {"name": "Cookie", "value": f"session={session}"},
            {"name": "Authorization", "value": "Bearer bearer-0123456789abcdef"},
        ],
    }
    other["response"]["content"] = {
        "text": '{"refresh_token": "r-1234567890-abcdef-xyz"}',
        "size": -1,
    }
    # The secrets of another host stand in an answer of the operation, too.
    leak = f"{session} bearer-0123456789abcdef r-1234567890-abcdef-xyz tok-55aa66bb77cc88dd99"
    text = rows[1]["response"]["content"]["text"].replace("로그인", leak)
    rows[1]["response"]["content"] = {"size": len(text.encode()), "text": text}
    rows[1]["response"]["headers"] = [{"name": "Content-Type", "value": "application/json"}]
    rows[0]["request"]["headers"].append({"name": "cookie", "value": "JSESSIONID=0011223344556677"})
    file = archive(tmp_path / "a.har", [rows[0], rows[1], other, rows[2]])
    report = tmp_path / "report"
    assert main(["judge", str(file), "--accounts", "box", "--report-dir", str(report)]) in (0, 1)
    token = json.loads(rows[0]["response"]["content"]["text"])["body"]["access_token"]
    secrets = [
        session,
        "bearer-0123456789abcdef",
        "r-1234567890-abcdef-xyz",
        "St8-rAnger!pw",
        EMAIL,
    ]
    secrets += [
        "tok-55aa66bb77cc88dd99",
        "0011223344556677",
        "some.body@else.invalid",
        "Wrong-7431-pass",
        token,
    ]
    schema = json.loads((resources.schemas() / "statement.json").read_text("utf-8"))
    jsonschema.validate(json.loads((report / "statement.json").read_text("utf-8")), schema)
    written = [one for one in report.rglob("*") if one.is_file()]
    assert {"statement.json", "exchanges.jsonl", "exchanges.har"} <= {one.name for one in written}
    for one in written:
        content = one.read_text(encoding="utf-8")
        assert not [at for at, secret in enumerate(secrets) if secret in content], one.name


def test_each_clause_has_a_page_also_where_the_file_has_no_request_for_it(tmp_path: Path) -> None:
    file = archive(tmp_path / "a.har", rows_of(server(), [RIGHT]))
    report = tmp_path / "report"
    assert main(["judge", str(file), "--report-dir", str(report)]) in (0, 6)
    told = json.loads((report / "statement.json").read_text("utf-8"))["clauses"]
    results = [json.loads(one.read_text("utf-8")) for one in report.rglob("*-result.json")]
    # The start page says of the list below that it has the same clauses, and leads to each.
    assert sorted(one["name"].partition(" ")[0] for one in results) == sorted(
        one["id"] for one in told
    )
