#!/usr/bin/env bash
# falcon 4.4.0 (from pip)
#
# Expected: `req.media` reads "Application/JSON" as it reads "application/json". RFC 9110 section 8.3.1: "The
#   type and subtype tokens are case-insensitive."
# Seen: it is refused with 415 Unsupported Media Type. The type is looked up among the media handlers as it was
#   sent. A charset, with a blank before it or not, does no harm; a request without any media type is read.
# Why it matters: a client, or a gateway that writes the type anew, is told to send the very media type that
#   it sent, and a suite that checks only "application/json" sees nothing of it.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/pip install --quiet falcon==4.4.0 >pip.txt 2>&1 || { cat pip.txt; exit 1; }

venv/bin/python - <<'PY'
import sys
import falcon
from falcon import testing

class Login:
    def on_post(self, request, response):
        response.media = request.media["email"]

app = falcon.App()
app.add_route("/login", Login())
client = testing.TestClient(app)
types = ("application/json", "application/json ;charset=utf-8", "Application/JSON", "APPLICATION/JSON")
body = b'{"email": "kim@example.com"}'
seen = [
    (one, client.simulate_post("/login", body=body, headers={"Content-Type": one}).status_code) for one in types
]
recorded = [(types[0], 200), (types[1], 200), (types[2], 415), (types[3], 415)]
if seen != recorded:
    sys.exit(f"changed: recorded {recorded}, seen {seen}")
print("as recorded:", *seen)
PY
