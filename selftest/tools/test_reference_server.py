"""The server in the box as a process: start, connections, odd paths, many at once, and its end."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from esignon_conformance import resources
from esignon_conformance.tools.reference import request_reader
from esignon_conformance.tools.reference.answering import KST
from esignon_conformance.tools.reference.page import page
from esignon_conformance.tools.reference.world import Account, load_world

WORLD = load_world(resources.contracts() / "accounts.yaml")
MAIN, SECOND = WORLD.account("main"), WORLD.account("second")
OWN = WORLD.company("own").id


def valid(account: Account) -> bytes:
    """Return the documented request of an account."""
    credentials = {"memb_email": account.memb_email, "memb_pwd": account.memb_pwd}
    header = {"request_code": page().request_code}
    return json.dumps({"header": header, "body": credentials}).encode()


VALID = valid(MAIN)


def start(*options: str) -> subprocess.Popen[str]:
    """Start the server in the box as a process of its own."""
    command = [sys.executable, "-m", "esignon_conformance.tools.reference", *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def port_of(process: subprocess.Popen[str]) -> int:
    """Return the port that the process says it listens on."""
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("listening on http://127.0.0.1:"), line
    return int(line.rsplit(":", 1)[1])


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Serve for the whole module, and see that the server had nothing to complain of."""
    process = start("--port", "0")
    yield port_of(process)
    process.terminate()
    output, complaints = process.communicate(timeout=5)
    assert (output, complaints) == ("", "")


def connect(port: int) -> http.client.HTTPConnection:
    """Return a connection to the server."""
    return http.client.HTTPConnection("127.0.0.1", port, timeout=5)


def post(
    connection: http.client.HTTPConnection, body: bytes = VALID, path: str = f"/api/{OWN}/login"
) -> tuple[http.client.HTTPResponse, bytes]:
    """Send a body and return the answer with its own."""
    connection.request("POST", path, body, {"Content-Type": "application/json"})
    answered = connection.getresponse()
    return answered, answered.read()


def once(
    port: int, body: bytes = VALID, path: str = f"/api/{OWN}/login"
) -> tuple[http.client.HTTPResponse, bytes]:
    """Return the answer to a login on a connection of its own."""
    with closing(connect(port)) as connection:
        return post(connection, body, path)


def test_an_answer_comes_with_its_headers(port: int) -> None:
    answered, body = once(port)
    assert answered.status == 200
    assert answered.getheader("Content-Type") == "application/json;charset=UTF-8"
    assert answered.getheader("Cache-Control") == "no-store"
    assert answered.getheader("Content-Length") == str(len(body))
    assert answered.getheader("Server") is None
    date = parsedate_to_datetime(answered.getheader("Date") or "")
    assert abs(date - datetime.now(KST)) < timedelta(seconds=5)


def test_one_connection_serves_for_good_and_bad(port: int) -> None:
    with closing(connect(port)) as connection:
        connection.connect()
        kept = connection.sock
        bodies = [
            VALID,
            b"{",
            b"[" * 100_000,
            b"",
            b"\xff",
            VALID,
            b" " * (request_reader.LARGEST_BODY + 1),
            VALID,
        ]
        statuses = [post(connection, body)[0].status for body in bodies]
        assert statuses == [200, 200, 200, 200, 200, 200, 413, 200]
        connection.request("OPTIONS", f"/api/{OWN}/login")
        answered = connection.getresponse()
        assert (answered.status, answered.getheader("Allow")) == (405, "POST")
        answered.read()
        connection.request("HEAD", f"/api/{OWN}/login")
        assert connection.getresponse().read() == b""
        assert post(connection, path="/")[0].status == 404
        assert connection.sock is kept


@pytest.mark.parametrize(
    "company",
    ["%FF", "%00", f"{OWN}%00", "%2F", "%", "..", "", "%EC%9D%B4", "x" * 300, "%27%20or%201"],
)
def test_an_odd_company_is_refused(port: int, company: str) -> None:
    answered, body = once(port, path=f"/api/{company}/login")
    assert answered.status == 200
    assert json.loads(body)["header"]["result_code"] == "10"


def test_a_company_may_be_spelt_with_percent_signs(port: int) -> None:
    spelt = "".join(f"%{ord(letter):02x}" for letter in OWN)
    _, body = once(port, path=f"/api/{spelt}/login?lang=en")
    assert json.loads(body)["body"]["comp_id"] == OWN


def test_credentials_in_the_query_string_are_not_read(port: int) -> None:
    query = f"memb_email={MAIN.memb_email}&memb_pwd={MAIN.memb_pwd}"
    _, body = once(port, b"{}", f"/api/{OWN}/login?{query}")
    assert json.loads(body)["header"]["result_code"] == "12"


def test_many_at_once_get_their_own(port: int) -> None:
    def one(account: Account) -> bool:
        _, answered = once(port, valid(account))
        return bool(json.loads(answered)["body"]["memb_email"] == account.memb_email)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(one, [MAIN, SECOND] * 8))


def test_a_client_that_leaves_in_the_middle_harms_nobody(port: int) -> None:
    head = f"POST /api/{OWN}/login HTTP/1.1\r\nHost: box\r\nContent-Length: 100\r\n\r\n{{"
    with socket.create_connection(("127.0.0.1", port), timeout=5) as leaving:
        leaving.sendall(head.encode())
    assert once(port)[0].status == 200


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_server_quietly(sent: signal.Signals) -> None:
    # Whoever runs the tests in the background has Ctrl-C ignored, which a child would inherit.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    process = start("--port", "0")
    signal.signal(signal.SIGINT, before)
    once(port_of(process))
    process.send_signal(sent)
    assert process.communicate(timeout=5) == ("", "")
    assert process.returncode in (0, -sent)


@pytest.mark.parametrize(
    "options",
    [
        lambda port, folder: ["--port", str(port)],
        lambda port, folder: ["--port", "70000"],
        lambda port, folder: ["--port", "0", "--accounts", str(folder / "absent.yaml")],
    ],
    ids=["port taken", "no port", "no accounts"],
)
def test_a_configuration_that_cannot_work_is_said_in_one_line(
    port: int, tmp_path: Path, options: Callable[[int, Path], list[str]]
) -> None:
    process = start(*options(port, tmp_path))
    output, complaint = process.communicate(timeout=5)
    assert process.returncode == 4
    assert output == ""
    assert len(complaint.splitlines()) == 1
