#!/usr/bin/env bash
# cheroot 11.1.2 (from pip)
#
# Expected: a request header that stands twice reaches the WSGI application as one value, both joined by a
#   comma in the order they came: RFC 9110 section 5.3 lets a recipient combine the lines of a list in this
#   way, and RFC 3875 section 4.1.18 asks a gateway that has one variable for a header to do so.
# Seen: the last line replaces the ones before it. Headers of a list built into cheroot (Accept and the
#   like) are joined; all others, such as X-Forwarded-For, are not.
# Why it matters: a test double on cheroot or CherryPy that records what it was sent shows one
#   X-Forwarded-For or X-Request-Id where a proxy added a second one, so a test of "which of the two does
#   the login server believe" always finds the last.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/pip install --quiet cheroot==11.1.2

venv/bin/python - <<'PY'
import socket, sys, threading
from cheroot.wsgi import Server

NAMES = ("Accept", "X-Forwarded-For", "X-Request-Id")

def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain"), ("Connection", "close")])
    return ["; ".join(f"{one}={environ['HTTP_' + one.upper().replace('-', '_')]}" for one in NAMES).encode()]

server = Server(("127.0.0.1", 0), application)
server.prepare()
threading.Thread(target=server.serve, daemon=True).start()
request = f"GET / HTTP/1.0\r\nHost: 127.0.0.1\r\n"
request += "".join(f"{one}: a\r\n{one}: b\r\n" for one in NAMES) + "\r\n"
with socket.create_connection(server.bind_addr, 10) as connection:
    connection.sendall(request.encode())
    answer = b"".join(iter(lambda: connection.recv(4096), b""))
server.stop()
seen = answer.decode().split("\r\n\r\n")[1]
recorded = "Accept=a, b; X-Forwarded-For=b; X-Request-Id=b"
if seen != recorded:
    sys.exit(f"changed: recorded {recorded!r}, seen {seen!r}")
print("as recorded:", seen)
PY
