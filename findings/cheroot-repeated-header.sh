#!/usr/bin/env bash
# cheroot 11.1.2 (from pip)
#
# Expected: a request header that stands twice reaches the WSGI application as one value that means the
#   same. RFC 3875 section 4.1.18, on which WSGI's environment is built, obliges a server to do so, and RFC
#   9110 section 5.3 says how: both values in their order, with a comma between.
# Seen: the last line replaces the ones before it. Only the list headers that cheroot knows by name
#   (Accept and the like) are joined; others, such as Prefer of RFC 7240, are not.
# Why it matters: a test double on cheroot or CherryPy that records what it was sent shows one Prefer or
#   X-Request-Id where the client or a proxy sent two, and a test of "both arrive" fails for no fault of
#   the client. waitress 3.0.2 joins them all.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/pip install --quiet cheroot==11.1.2

venv/bin/python - <<'PY'
import socket, sys, threading
from cheroot.wsgi import Server

NAMES = ("Accept", "Prefer", "X-Request-Id")

def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain"), ("Connection", "close")])
    return ["; ".join(f"{one}={environ['HTTP_' + one.upper().replace('-', '_')]}" for one in NAMES).encode()]

server = Server(("127.0.0.1", 0), application)
server.prepare()
threading.Thread(target=server.serve, daemon=True).start()
request = "GET / HTTP/1.0\r\nHost: 127.0.0.1\r\n"
request += "".join(f"{one}: a\r\n{one}: b\r\n" for one in NAMES) + "\r\n"
with socket.create_connection(server.bind_addr, 10) as connection:
    connection.sendall(request.encode())
    answer = b"".join(iter(lambda: connection.recv(4096), b""))
server.stop()
seen = answer.decode().split("\r\n\r\n")[1]
recorded = "Accept=a, b; Prefer=b; X-Request-Id=b"
if seen != recorded:
    sys.exit(f"changed: recorded {recorded!r}, seen {seen!r}")
print("as recorded:", seen)
PY
