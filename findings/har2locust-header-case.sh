#!/usr/bin/env bash
# har2locust 0.9.4 (from pip, with ruff 0.14.8)
#
# Expected: the recorded cookies and the recorded length of the body are left out of the Locust file, as
#   har2locust's README says of both without exception. RFC 9110 section 5.1 has names of headers compared
#   without regard to letter case, so "Cookie" goes as "cookie" does.
# Seen: the names are compared in lower case only. A HAR of HTTP/2 traffic, whose names are in lower case,
#   loses both; one of HTTP/1.1 traffic keeps "Cookie" and "Content-Length" as they were recorded. JSON
#   bodies are written anew at the same time, so the length that is kept need not be that of the body.
# Why it matters: a load test made of a recorded login replays one old session for all users, or sends a
#   length that the body does not have, and whether it does hangs on the protocol of the recording. Put
#   the two names into a .headerignore file in the letter case of the recording.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/pip install --quiet har2locust==0.9.4 ruff==0.14.8

cat > convert.py <<'PY'
import json, re, subprocess, sys

BODY = '{ "email" : "kim@example.com" }'
NAMES = ("Cookie", "Content-Length", "X-Kept")

def converted(change):
    values = zip(NAMES, ("session=1", str(len(BODY)), "1"), strict=True)
    request = {
        "method": "POST", "url": "http://127.0.0.1/login", "httpVersion": "HTTP/1.1", "cookies": [],
        "headers": [{"name": change(name), "value": value} for name, value in values],
        "queryString": [], "headersSize": -1, "bodySize": len(BODY),
        "postData": {"mimeType": "application/json", "text": BODY},
    }
    response = {"status": 200, "headers": [{"name": "Content-Type", "value": "application/json"}]}
    with open("login.har", "w") as har:
        json.dump({"log": {"version": "1.2", "entries": [{"request": request, "response": response}]}}, har)
    done = subprocess.run(["har2locust", "login.har"], capture_output=True, text=True, check=True)
    return re.findall(r'"((?:Cookie|Content-Length|X-Kept)": "[^"]*)"', done.stdout, re.IGNORECASE)

seen = {"lower case": sorted(converted(str.lower)), "as in HTTP/1.1": sorted(converted(str))}
recorded = {
    "lower case": ['x-kept": "1'],
    "as in HTTP/1.1": ['Content-Length": "31', 'Cookie": "session=1', 'X-Kept": "1'],
}
if seen != recorded:
    sys.exit(f"changed: recorded {recorded}, seen {seen}")
print("as recorded:", seen)
PY
PATH="$tmp/venv/bin:$PATH" python convert.py
