"""A made-up second operation: its page, and a small server that does what the page says.

PUT with a body of its own, and the token of a login in a header.  A server breaks one promise on demand.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from selftest.support.background import running

PAGE = Path(__file__).parents[1] / "pages" / "rename.md"
TOKEN = "made-up-token-of-the-second-operation"
_LOGIN = re.compile(r"^/api/([^/]+)/login$")
_RENAME = re.compile(r"^/api/([^/]+)/documents/([^/]+)/name$")
_TEXTS = {
    "00": "The name was changed.",
    "21": "There is no such document",
    "22": "The message is malformed",
    "41": "The token is not valid",
}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name in the base class
        """Keep quiet."""

    def do_POST(self) -> None:
        """Log in, or refuse."""
        document = self._document()
        match = _LOGIN.match(self.path)
        if match is None:
            self._send(404, {})
            return
        known = (document or {}).get("body", {})
        self.server.logins += 1
        if known.get("memb_pwd") != self.server.password:
            self._send(200, {"header": self._header("10", "1001A")})
            return
        body = {
            "access_token": TOKEN,
            "comp_id": match[1],
            "device_id": "d",
            "expire_date": "2099-12-31",
            "memb_email": known.get("memb_email"),
        }
        self._send(200, {"header": self._header("00", "1001A"), "body": body})

    def do_PUT(self) -> None:
        """Rename a document."""
        document = self._document()
        match = _RENAME.match(self.path)
        self.server.seen.append((self.command, self.path, self.headers.get("Authorization")))
        code = self._code(match, document)
        answer: dict[str, Any] = {"header": self._header(code, "2104A")}
        if code == "00" and match is not None:
            answer["body"] = self._body(match[2], document)
        self._send(200, answer)

    def _code(self, match: re.Match[str] | None, document: Any) -> str:
        fault = self.server.fault
        given = self.headers.get("Authorization")
        if given != f"esignon {TOKEN}" and not (
            (fault == "takes-any-token" and given) or (fault == "takes-no-token" and not given)
        ):
            return "41"
        if document is None and fault == "takes-cut-bodies":
            return "00"
        if not _is_right(document) and not (fault == "takes-wrong-types" and document is not None):
            return "77" if fault == "unknown-code" else "22"
        return "00" if match is not None and match[1] == self.server.company else "21"

    def _body(self, document_id: str, document: Any) -> dict[str, Any]:
        fault, sent = self.server.fault, document if isinstance(document, dict) else {}
        inner = sent.get("body")
        name = inner.get("doc_name") if isinstance(inner, dict) else None
        body: dict[str, Any] = {
            "doc_id": "another" if fault == "another-id" else document_id,
            "doc_name": "another" if fault == "another-name" else name,
            "pages": "3" if fault == "pages-as-text" else 3,
            "signers": [],
        }
        if fault == "no-pages":
            del body["pages"]
        return body

    def _header(self, code: str, response: str) -> dict[str, Any]:
        if self.server.fault == "another-response-code" and response == "2104A":
            response = "2105A"
        text = _TEXTS.get(code, "-")
        return {
            "response_code": response,
            "result_code": code,
            "result_msg": text,
            "session_id": "",
        }

    def _document(self) -> Any:
        data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            return json.loads(data)
        except ValueError:
            return None

    def _send(self, status: int, value: Any) -> None:
        data = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def _is_right(document: Any) -> bool:
    if not isinstance(document, dict):
        return False
    header, body = document.get("header"), document.get("body")
    return (
        isinstance(header, dict)
        and header.get("request_code") == "2104Q"
        and isinstance(body, dict)
        and isinstance(body.get("doc_name"), str)
        and isinstance(body.get("copies"), int)
        and not isinstance(body.get("copies"), bool)
    )


class Server(ThreadingHTTPServer):
    """The server: what it knows, how it errs, and what it has seen."""

    daemon_threads = True

    def __init__(self, company: str, password: str, fault: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.company = company
        self.password = password
        self.fault = fault
        self.logins = 0
        self.seen: list[tuple[str, str, str | None]] = []

    @property
    def base_url(self) -> str:
        """Return the base URL."""
        return f"http://127.0.0.1:{self.server_address[1]}"


@contextmanager
def serving(company: str, password: str, fault: str = "") -> Iterator[Server]:
    """Run a server that knows one company and one password while the block runs."""
    server = Server(company, password, fault)
    with running(server):
        yield server
