#!/usr/bin/env bash
# locust 2.47.0 (from pip)
#
# Expected: a request that was sent and answered is counted, and one whose block under catch_response=True
#   ends by an exception is counted as failed. Locust's documentation has the block decide whether the
#   request is a success or a failure.
# Seen: a block that ends by a failed `assert` leaves its request out of the requests and of the failures
#   alike: its row is missing from the statistics. The exception is told apart from them, in a table of its
#   own. A block that calls failure(), or that raises locust's ResponseError, is counted as failed.
# Why it matters: logins checked by `assert` vanish from the figures the moment they go wrong. "0 failures"
#   and the rate of requests are then those of the right answers only. Call failure() instead.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/pip install --quiet locust==2.47.0

cat > locustfile.py <<'PY'
import http.server, threading
from locust import HttpUser, constant, task
from locust.exception import ResponseError, StopUser

class Answer(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.send_response(200)
        self.end_headers()
    def log_message(self, *_):
        pass

served = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
threading.Thread(target=served.serve_forever, daemon=True).start()

class Login(HttpUser):
    host, wait_time, at = f"http://127.0.0.1:{served.server_port}", constant(0.05), 0

    @task
    def login(self):
        self.at += 1
        if self.at > 3:
            self.environment.runner.quit()
            raise StopUser()
        name = ("by-failure", "by-response-error", "by-assert")[self.at - 1]
        with self.client.post(f"/{name}", catch_response=True) as answer:
            if name == "by-failure":
                answer.failure("wrong code")
            if name == "by-response-error":
                raise ResponseError("wrong code")
            assert name != "by-assert", "wrong code"
PY
venv/bin/locust --headless --users 1 --run-time 30s --skip-log --json >seen.json 2>locust.txt || true
seen=$(venv/bin/python - <<'PY'
import json
rows = json.load(open("seen.json"))
print(*sorted(f"{row['name']} {row['num_requests']} {row['num_failures']}" for row in rows), sep=", ")
PY
)
recorded='/by-failure 1 1, /by-response-error 1 1'
[ "$seen" = "$recorded" ] || { echo "changed: recorded $recorded; seen $seen"; exit 1; }
echo "as recorded (name, requests, failures; three requests were sent): $seen"
