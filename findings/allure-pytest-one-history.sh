#!/usr/bin/env bash
# allure-pytest 2.16.2 (from pip, with pytest 9.0.2)
#
# Expected: two cases of one parametrised test are two tests of the report. Allure's documentation says
#   that a history id is made of the full name and the parameters, so cases that differ in the name or
#   the type of a parameter's value have different ones.
# Seen: the id is made of the values as text, in an order without the names. "Email blank" and "password
#   blank" share an id, and so do the number 1 and the text "1" as the password. A report takes results
#   that share an id for tries of one test and shows the last. The case of the two names is
#   allure-framework/allure-python issue 778.
# Why it matters: tables of logins are full of such pairs. A failed case can stand in the report as an
#   earlier try of one that passed. A parameter that names the case, and that no other has, keeps them
#   apart.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/pip install --quiet pytest==9.0.2 allure-pytest==2.16.2

cat > test_login.py <<'PY'
import pytest

@pytest.mark.parametrize("email, password", [("", "x"), ("x", "")])
def test_blank(email, password):
    assert password

@pytest.mark.parametrize("password", [1, "1"])
def test_type(password):
    assert password == "1"

@pytest.mark.parametrize("case, password", [("number", 1), ("text", "1")])
def test_with_names(case, password):
    assert password == "1"
PY
venv/bin/python -m pytest -q -p no:cacheprovider --alluredir results test_login.py >pytest.txt || true

venv/bin/python - <<'PY'
import json, pathlib, sys
results = [json.loads(one.read_text()) for one in pathlib.Path("results").glob("*-result.json")]
seen = {}
for one in results:
    seen.setdefault(one["fullName"].split("#")[1], []).append((one["historyId"], one["status"]))
shown = [
    f"{name}: {len(all_of)} cases, {len({history for history, _ in all_of})} histories, "
    + "+".join(sorted(status for _, status in all_of))
    for name, all_of in sorted(seen.items())
]
recorded = [
    "test_blank: 2 cases, 1 histories, failed+passed",
    "test_type: 2 cases, 1 histories, failed+passed",
    "test_with_names: 2 cases, 2 histories, failed+passed",
]
if shown != recorded:
    sys.exit(f"changed: recorded {recorded}, seen {shown}")
print("as recorded:", *shown, sep="\n  ")
PY
