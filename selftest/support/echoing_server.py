"""A server that keeps no secret: it says all that it was told back, everywhere and in every form."""

from __future__ import annotations

import base64
import contextlib
import gzip
import hashlib
import html
import json
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import quote

from selftest.support.background import running
from selftest.support.raw_server import read_chunks

# What no text holds but by a token; looked for first, since there are hundreds of tokens.
TOKEN_MARKS = ("qX7vKz", "Zk7Vxq", "7319073190")
_TURNS = 9


def disguises(secret: str) -> list[str]:
    """Return a secret in the forms in which a careless server may say it back."""
    data = secret.encode()
    units = "".join(f"\\u{ord(one):04x}" for one in secret)
    return [
        secret,
        secret.upper(),
        secret.lower(),
        units,
        "".join(one if at % 2 else f"\\u{ord(one):04X}" for at, one in enumerate(secret)),
        "".join(one if at % 3 else f"%{ord(one):02x}" for at, one in enumerate(secret)),
        "".join(f"&#{ord(one)};" for one in secret),
        html.escape(secret),
        quote(secret, safe=""),
        quote(quote(secret, safe=""), safe=""),
        secret.replace("/", "\\/"),
        secret.replace("+", "\\u002b").replace("=", "\\u003d"),
        secret.replace("+", "&#x2b;").replace("/", "&#x2F;").replace("=", "&#61;"),
        quote(secret, safe="").replace("%", "&#37;"),
        json.dumps(json.dumps(secret)),
        json.dumps({"inner": json.dumps({"again": json.dumps({"memb_pwd": secret})})}),
        json.dumps(list(secret)),
        json.dumps([*secret, ""]),
        " ".join(f"0x{one:02x}" for one in data),
        ":".join(f"{one:02x}" for one in data),
        f"[{', '.join(secret[:3])}, \0, {', '.join(secret[3:])}]",
        "\0".join(secret),
        data.hex(),
        *(base64.b64encode(b"a" * at + data + b"z").decode() for at in range(3)),
        base64.urlsafe_b64encode(data).decode().lower(),
        ", ".join(str(one) for one in data),
        json.dumps({"type": "Buffer", "data": list(data)}, indent=2),
        "".join(f"\\{one:03o}" for one in data),
        f"[{', '.join(secret)}]",
        "." + base64.urlsafe_b64encode(zlib.compress(b"session " + data)).decode().rstrip("="),
        base64.b64encode(gzip.compress(b'{"form": "' + data + b'"}')).decode(),
        base64.b64encode(base64.b64encode(b"once more " + data)).decode(),
        zlib.compress(data).hex(),
        hashlib.md5(data, usedforsecurity=False).hexdigest(),
        hashlib.sha256(data).hexdigest(),
        secret[:6],
        secret[2:9],
        secret[-7:],
    ]


def _token(seed: bytes) -> str:
    """Return a token whose first and last 24 characters hold a mark each, by which they are found."""
    random = base64.b64encode(hashlib.sha512(seed).digest()).decode().rstrip("=")
    first, last, _ = TOKEN_MARKS
    return f"{random[:16]}+/{first}{random[16:-15]}/+{random[:40]}{last}{random[-15:]}+/="


def _number(seed: bytes) -> str:
    """Return a number that is a token: a mark and twenty digits."""
    drawn = int.from_bytes(hashlib.sha512(seed).digest()) % 10**20
    return f"{TOKEN_MARKS[-1]}{drawn:020}"


class _Echoing(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # An answer in one piece: in two it would wait for the client's acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True
    # Of each right account: email, password, company; and the headers of a gateway, told to the test.
    accounts: tuple[tuple[str, str, str], ...] = ()
    tokens: list[str]
    counted: list[int]

    def do_POST(self) -> None:
        if "Transfer-Encoding" in self.headers:
            data = read_chunks(self.rfile.readline, self.rfile.read)
        else:
            data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        email, password = _credentials(data)
        company = self.path.split("/")[2] if self.path.count("/") > 1 else ""
        is_right = (email, password, company) in self.accounts
        body: dict[str, Any] | None = None
        # An own token, or one of long ago: that of a login under way no run can know.
        known = self.tokens[:1]
        if is_right:
            seed = data + b"%d" % len(self.tokens)
            known = [_token(seed), _number(seed)]
            self.tokens += known
            body = {
                "access_token": known[0],
                "comp_id": company,
                "device_id": "d1",
                "expire_date": "2099-01-01 00:00:00",
                "memb_email": email,
            }
        code = "00" if is_right else "10" if password else "12"
        # A few forms an answer, so that a run lasts no minute; each comes many times.
        self.counted[0] += 1
        told = [disguises(one) for one in (email, password, *known) if one]
        said = [form for forms in told for form in forms[self.counted[0] % _TURNS :: _TURNS]]
        header = {
            "response_code": "1001A",
            "result_code": code,
            "result_msg": f"{email} {password} came",
            "session_id": hashlib.sha1(data, usedforsecurity=False).hexdigest(),
        }
        document = {"header": header, "body": body, "debug": said, "client_secret": "Cs-71!kPz0qLw"}
        if is_right:
            document["refresh_token"] = {"value": int(known[1])}
        content = json.dumps(document, ensure_ascii=False).encode()
        if len(data) % 7 == 0 and not is_right:
            content = f"<html><pre>{html.escape(json.dumps(said))}</pre>".encode()
        if len(data) % 5 == 0 and not is_right:
            # A second JSON text in a row, and in it a token that no other answer holds.
            seed = b"second %d" % self.counted[0]
            more = [_token(seed), _number(seed)]
            self.tokens += more
            second = {"body": {"access_token": more[0]}, "session_id": int(more[1])}
            content += b"\n" + json.dumps(second).encode()
        if len(data) % 11 == 0 and not is_right:
            content = json.dumps(document).encode("utf-16")
        self.send_response(200, f"hello {quote(email)}")
        self.send_header("Content-Type", "application/json")
        for name, value in (("X-Echo", password), ("X-Of", email), ("X-Path", self.path)):
            self.send_header(name, quote(value, safe="/!@#") or "-")
        if is_right:
            self.send_header("Set-Cookie", f"JSESSIONID={known[0][::-1]}; Path=/")
            self.send_header("X-Auth-Token", known[0])
            self.send_header("X-Whole", base64.b64encode(data).decode())
        if self.counted[0] % 6:
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
            return
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        trailer = (
            f"X-Echo: {quote(password, safe='/!@#')}\r\nX-Auth-Token: {known[0] if known else '-'}"
        )
        self.wfile.write(b"%x\r\n%s\r\n0\r\n" % (len(content), content))
        self.wfile.write(trailer.encode("latin-1", "replace") + b"\r\n\r\n")

    do_GET = do_PUT = do_PATCH = do_DELETE = do_POST  # noqa: N815 - as http.server wants them

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name there
        """Say nothing on the terminal."""


class _Quiet(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Leave it that a client goes away: the run has its own word on that."""


def _credentials(data: bytes) -> tuple[str, str]:
    try:
        body = json.loads(data)["body"]
        texts = (str(body[name]) for name in ("memb_email", "memb_pwd"))
        email, password = (text.encode(errors="replace").decode() for text in texts)
    except (ValueError, TypeError, KeyError, RecursionError):
        return "", ""
    return email, password


@contextlib.contextmanager
def echoing(accounts: tuple[tuple[str, str, str], ...]) -> Iterator[tuple[str, list[str]]]:
    """Serve, and yield the base URL and the tokens issued so far."""
    tokens: list[str] = []
    handler = type("Handler", (_Echoing,), {"accounts": accounts, "tokens": tokens, "counted": [0]})
    server = _Quiet(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    with running(server) as base_url:
        yield base_url, tokens
