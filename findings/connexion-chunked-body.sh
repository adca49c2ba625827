#!/usr/bin/env bash
# connexion 3.3.0 (from pip)
#
# Expected: a request body in the chunked transfer coding is a body. RFC 9112 section 6: "The presence of a
#   message body in a request is signaled by a Content-Length or Transfer-Encoding header field", and section
#   7.1: "A recipient MUST be able to parse and decode the chunked transfer coding."
# Seen: where the OpenAPI document says `requestBody: required: true`, a body in chunks is refused with 400 and
#   "RequestBody is required": the validator looks at Content-Length alone. Without `required` the same
#   request reaches the handler with the whole body.
# Why it matters: clients that stream (Java's HttpClient, Node's fetch with a stream, a proxy that re-frames)
#   send a login in chunks, and are told that they sent none; the same mock or server reads it from others.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp" && python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check connexion==3.3.0 uvicorn==0.54.0 >pip.txt 2>&1 || { cat pip.txt; exit 1; }

cat > look.py <<'PY'
import http.client, json, threading, time
import connexion, uvicorn

JSON = {"application/json": {"schema": {"type": "object"}}}


def required(body):
    return {"email": body["email"]}


def optional(body):
    return required(body)


def path(name):
    operation = {"operationId": f"look.{name}", "responses": {"200": {"description": "ok"}}}
    return {"post": {**operation, "requestBody": {"required": name == "required", "content": JSON}}}


paths = {"/required": path("required"), "/optional": path("optional")}
app = connexion.AsyncApp("look")
app.add_api({"openapi": "3.0.3", "info": {"title": "look", "version": "1"}, "paths": paths})
if __name__ == "__main__":
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical"))
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        time.sleep(0.1)
    port = server.servers[0].sockets[0].getsockname()[1]
    text, seen = b'{"email": "kim@example.com"}', []
    for where in paths:
        for body in (text, iter([text])):  # an iterator is sent in chunks
            ask = http.client.HTTPConnection("127.0.0.1", port)
            ask.request("POST", where, body, {"Content-Type": "application/json"}, encode_chunked=True)
            got = ask.getresponse()
            found = json.loads(got.read())
            seen.append(f"{got.status} {found.get('email') or found.get('detail')}")
    read = "200 kim@example.com"
    recorded = [read, "400 RequestBody is required", read, read]
    print("as recorded:" if seen == recorded else f"changed: recorded {recorded}; seen", seen)
    raise SystemExit(seen != recorded)
PY
venv/bin/python -W ignore look.py 2>/dev/null
