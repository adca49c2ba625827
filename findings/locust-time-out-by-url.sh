#!/usr/bin/env bash
# locust 2.47.0 (from pip, with geventhttpclient 2.6.1)
#
# Expected: requests of a FastHttpUser that share a name and have no answer within network_timeout are one row
#   of the table of failures. Locust's documentation: "name" groups requests to different URLs.
# Seen: where not one byte came in time the error is "RetriesExceeded" (there are no retries) with the whole URL
#   in its text, so that each URL is a row of its own; where the status line came in time it is "TimeoutError".
#   Neither is a subclass of the other.
# Why it matters: a login has the company in its path: a hung server of a thousand companies is a thousand
#   failures of one request each. A locustfile that asks for TimeoutError counts the worst ones as something else.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/pip install --quiet locust==2.47.0 geventhttpclient==2.6.1

cat > locustfile.py <<'PY'
import re, socket
import gevent
from locust import FastHttpUser, constant, events, task
from locust.exception import StopUser

listening = socket.create_server(("127.0.0.1", 0))

def serve():
    while True:
        connection, _ = listening.accept()
        if b"/begun/" in connection.recv(65536):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n")
        kept.append(connection)

kept = []
gevent.spawn(serve)

@events.quitting.add_listener
def told(environment, **_):
    rows = environment.stats.errors.values()
    with open("seen.txt", "w") as file:
        texts = (re.sub("http://[^/]*", "", f"{row.occurrences} {row.error}") for row in rows)
        print(*sorted(texts), sep="; ", file=file)

class Login(FastHttpUser):
    host, wait_time = f"http://127.0.0.1:{listening.getsockname()[1]}", constant(0)
    network_timeout = 1.0

    @task
    def login(self):
        for company in ("one", "two", "begun"):
            self.client.post(f"/api/{company}/login", name="login", json={})
        self.environment.runner.quit()
        raise StopUser()
PY
venv/bin/locust --headless --users 1 --run-time 30s --skip-log --only-summary >locust.txt 2>&1 || true
seen=$(cat seen.txt)
recorded='1 URL /api/one/login: 0, original=timed out; 1 URL /api/two/login: 0, original=timed out; 1 timed out'
[ "$seen" = "$recorded" ] || { echo "changed: recorded $recorded; seen $seen"; exit 1; }
echo "as recorded (rows of the table of failures for three time-outs of one name): $seen"
