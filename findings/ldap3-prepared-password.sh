#!/usr/bin/env bash
# ldap3 2.9.1 (from pip)
#
# Expected: a user who was added with a userPassword can bind with the same text. RFC 4511 section 4.2
#   asks clients to prepare the password of a simple bind by SASLprep, and RFC 4519 section 2.41 asks the
#   same of a password that is stored, so that both sides stay equal.
# Seen: ldap3 prepares the password of a bind and leaves the one that it adds as it is. A password with
#   full-width letters, with a no-break blank or with Hangul in single letters (as some keyboards and file
#   systems give it) is therefore refused with invalidCredentials in ldap3's own mock, MOCK_SYNC. There the
#   password given as bytes is prepared, too, though bytes are meant to be sent as they are.
# Why it matters: a login server that both creates accounts and logs in by ldap3 turns the right password
#   away, and only for these users. Tests with ASCII and with usual Hangul do not show it.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/pip install --quiet ldap3==2.9.1

venv/bin/python - <<'PY'
import sys
from ldap3 import MOCK_SYNC, Connection, Server

USER = "cn=kim,ou=people,o=example"

def bind(stored, given):
    connection = Connection(Server("mock"), user=USER, password=given, client_strategy=MOCK_SYNC)
    connection.strategy.add_entry(USER, {"userPassword": stored, "sn": "Kim"})
    connection.bind()
    return connection.result["description"]

passwords = {
    "ASCII": "Secret-12345",
    "Hangul": "\ube44\ubc00\ubc88\ud638-12345",
    "Hangul in single letters": "\u1107\u1175-12345",
    "full width": "\uff21\uff22\uff23-12345",
    "no-break blank": "Secret\u00a012345",
}
seen = {name: (bind(one, one), bind(one, one.encode())) for name, one in passwords.items()}
yes, no = ("success",) * 2, ("invalidCredentials",) * 2
recorded = dict(zip(passwords, (yes, yes, no, no, no), strict=True))
if seen != recorded:
    sys.exit(f"changed: recorded {recorded}, seen {seen}")
print("as recorded (bind by text, bind by bytes):", seen)
PY
