#!/usr/bin/env bash
# junit-to-ctrf 0.0.14 (from npm)
#
# Expected: a JUnit file becomes a CTRF report that tells its tests apart. A test case is named by its name and its
#   classname, as pytest writes it: cases of one file, or one file for each kind of test, share names.
# Seen: the classname is nowhere in the report. Two cases of one name in two classes, one failed and one passed, are
#   two rows with the same name and suite; nor does the reason of a skipped case come along, though CTRF has
#   `message` for it.
# Why it matters: the report of a nightly run says that "wrong-password" failed and that it passed, and not for which
#   clause; what compares reports by name takes the two for tries of one test, and calls it flaky.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
npm install --silent --no-audit --no-fund --ignore-scripts junit-to-ctrf@0.0.14 > /dev/null

cat > junit.xml <<'XML'
<?xml version="1.0" encoding="utf-8"?>
<testsuites name="pytest tests">
  <testsuite name="pytest" errors="0" failures="1" skipped="1" tests="3" time="0.6">
    <testcase classname="tests.rejections" name="wrong-password" time="0.25"><failure message="99 instead of 12">99</failure></testcase>
    <testcase classname="tests.envelope" name="wrong-password" time="0.25"/>
    <testcase classname="tests.transport" name="tls" time="0.1"><skipped message="a loopback address">a loopback address</skipped></testcase>
  </testsuite>
</testsuites>
XML

node_modules/.bin/junit-to-ctrf junit.xml -o ctrf.json > /dev/null
python3 - <<'PY'
import json, sys

with open("ctrf.json", encoding="utf-8") as file:
    text = file.read()
tests = json.loads(text)["results"]["tests"]
rows = [(one["name"], one["status"], one.get("message")) for one in tests]
lost = [word for word in ("rejections", "envelope", "transport", "loopback") if word not in text]
if rows != [("pytest: wrong-password", "failed", "99 instead of 12"), ("pytest: wrong-password", "passed", None), ("pytest: tls", "skipped", None)]:
    sys.exit(f"changed: {rows}")
if len(lost) != 4:
    sys.exit(f"changed: of classes and the reason only {lost} are lost")
print(f"as recorded: {rows}")
PY
