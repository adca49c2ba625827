#!/usr/bin/env bash
# locust 2.47.0 (from PyPI)
#
# Expected: `--json` prints the final statistics on standard output as JSON, "useful for parsing", and blocks
#   what is no JSON: one JSON text (RFC 8259), as it does for a run in one process.
# Seen: with `--processes 2` standard output holds three JSON texts one after another: an empty list of each of the
#   two workers, and then the list of the master with every request. `--json-file` is whole.
# Why it matters: a pipeline that reads the output of a load run against its login with a JSON parser fails at the
#   second text, and one that reads the first text finds a run without any request. Read the file instead.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check locust==2.47.0

cat > users.py <<'PY'
from locust import HttpUser, constant, task

class User(HttpUser):
    wait_time = constant(0.1)

    @task
    def log_in(self):
        self.client.post("/login", json={})
PY

cat > look.py <<'PY'
import http.server, json, subprocess, sys, threading

class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_): ...

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()

def texts(*more):
    url = f"http://127.0.0.1:{server.server_port}"
    ran = subprocess.run(["venv/bin/locust", "-f", "users.py", "--host", url, "--headless", "-u", "4", "-r", "4", "-t", "3s", "--json", *more],
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True)
    decoder, rest, found = json.JSONDecoder(), ran.stdout.strip(), []
    while rest:
        value, end = decoder.raw_decode(rest)
        found.append(sum(row["num_requests"] for row in value) > 0)
        rest = rest[end:].strip()
    return found

seen = texts(), texts("--processes", "2")
if seen != ([True], [False, False, True]):
    sys.exit(f"changed: JSON texts with requests or without: {seen}")
print(f"as recorded: one process prints {len(seen[0])} JSON text, two print {len(seen[1])}, the first two of them empty")
PY
venv/bin/python look.py
