"""Each login is one by itself: what an answer sets goes out with no other, of the same user or another."""

from __future__ import annotations

import base64
import subprocess
import sys
import uuid
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from esignon_conformance.load import locust_options

LOCUSTFILE = Path(locust_options.__file__).with_name("locustfile.py")
# What a request may have: the fields of HTTP, and those that a login has.
_MAY_BE_SENT = {
    "host",
    "user-agent",
    "accept",
    "accept-encoding",
    "connection",
    "content-type",
    "content-length",
}
# Two users of one process in turn, over real sockets, without the seconds that Locust takes around them.
_USERS = """
from gevent import monkey
monkey.patch_all()
import importlib.util, sys
from locust.env import Environment

file, base_url = sys.argv[1:]
sys.argv = ["locust", "--headless", "--host", base_url, "--accounts", "box"]
spec = importlib.util.spec_from_file_location("locustfile", file)
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
from esignon_conformance.load.plan import LoadOptions, plan_of

module.LoginUser.host = base_url
module._SENDING.begin(plan_of(LoadOptions(base_url=base_url, accounts="box")), "")
environment = Environment(user_classes=[module.LoginUser])
environment.create_local_runner()
users = [module.LoginUser(environment) for _ in range(2)]
for user in users:
    user.on_start()
for _ in range(15):
    for user in users:
        user.login()
print(len(module._SENDING.recorder.waiting))
"""


@pytest.mark.slow
def test_no_cookie_and_no_credential_of_an_answer_goes_out_with_another_login() -> None:
    seen: Counter[str] = Counter()
    given: list[str] = []
    said: list[str] = []

    class SessionServer(BaseHTTPRequestHandler):
        """Sets a session by each answer, in the ways in which clients keep one."""

        protocol_version = "HTTP/1.1"
        answered = 0

        def do_POST(self) -> None:
            """Answer now and then as a gateway, a redirect or a challenge does."""
            seen.update(name.lower() for name in self.headers)
            said.append(f"{self.path} {self.headers}")
            said.append(self.rfile.read(int(self.headers["Content-Length"])).decode("latin-1"))
            session = uuid.uuid4().hex
            given.append(session)
            SessionServer.answered += 1
            status = {5: 401, 9: 302, 12: 502}.get(SessionServer.answered % 15, 200)
            self.send_response(status)
            self.send_header("Set-Cookie", f"sid={session}; Path=/; HttpOnly")
            self.send_header("Set-Cookie", f"csrf={session}x; Path=/api")
            self.send_header("X-Csrf-Token", session)
            self.send_header("ETag", f'"{session}"')
            if status == 401:
                self.send_header("WWW-Authenticate", 'Basic realm="api"')
            if status == 302:
                self.send_header("Location", f"{self.path}?sid={session}")
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}" if status == 200 else b"no")

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), SessionServer) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        base_url = f"http://127.0.0.1:{server.server_port}"
        command = [sys.executable, "-c", _USERS, str(LOCUSTFILE), base_url]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        server.shutdown()
    assert done.stdout.split() == ["30"], done.stderr
    # Those that a gateway answered went out again.
    assert len(given) > 30
    assert seen.keys() <= _MAY_BE_SENT
    for session in given:
        coded = base64.b64encode(session.encode()).decode()
        assert not any(session in text or coded in text for text in said)
