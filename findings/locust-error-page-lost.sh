#!/usr/bin/env bash
# locust 2.47.0 (from pip, with geventhttpclient 2.6.1)
#
# Expected: an answer with an error status is counted as a failed request, whatever letters its page is in.
#   A page may be in any charset (RFC 9110 section 8.3.2), and many Korean gateways write theirs in EUC-KR.
# Seen: FastHttpUser puts what was sent and received into the error of each status of 400 and above, and reads the
#   page as UTF-8 for it. Where the page is in EUC-KR that ends the task by a UnicodeDecodeError, and the
#   request is in neither the requests nor the failures. The same page with status 200 is counted, and so is
#   an error page in UTF-8.
# Why it matters: the figures of a load run lack its errors, and those alone. A server that breaks down behind
#   such a gateway seems to have fewer requests and no failure. HttpUser counts them all.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/pip install --quiet locust==2.47.0 geventhttpclient==2.6.1

cat > locustfile.py <<'PY'
import http.server, threading
from locust import FastHttpUser, constant, task
from locust.exception import StopUser

class Answer(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        _, status, charset = self.path.split("/")
        page = "서비스를 이용할 수 없습니다".encode(charset)
        self.send_response(int(status))
        self.send_header("Content-Type", f"text/html; charset={charset}")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)
    def log_message(self, *_):
        pass

served = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
threading.Thread(target=served.serve_forever, daemon=True).start()

class Login(FastHttpUser):
    host, wait_time, at = f"http://127.0.0.1:{served.server_port}", constant(0.05), 0

    @task
    def login(self):
        self.at += 1
        if self.at > 4:
            self.environment.runner.quit()
            raise StopUser()
        self.client.post(("/200/euc-kr", "/502/euc-kr", "/200/utf-8", "/502/utf-8")[self.at - 1])
PY
venv/bin/locust --headless --users 1 --run-time 30s --skip-log --json >seen.json 2>locust.txt || true
seen=$(venv/bin/python - <<'PY'
import json
rows = json.load(open("seen.json"))
print(*sorted(f"{row['name']} {row['num_requests']} {row['num_failures']}" for row in rows), sep=", ")
PY
)
recorded='/200/euc-kr 1 0, /200/utf-8 1 0, /502/utf-8 1 1'
[ "$seen" = "$recorded" ] || { echo "changed: recorded $recorded; seen $seen"; exit 1; }
echo "as recorded (name, requests, failures; four requests were sent): $seen"
