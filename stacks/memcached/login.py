"""A login that looks accounts up in memcached, by the key that its argument names."""

import hashlib
import hmac
import json
import os
import socket
import sys

import front

way = sys.argv[1]
where = ("127.0.0.1", int(os.environ["STORE_PORT"]))


def key_of(company, email):
    if way == "mended":
        return hashlib.sha256(json.dumps([company, email]).encode()).hexdigest()
    return f"{company}:{email}"


def asked(command):
    """Return the value that a command of the text protocol gets, or None where it gets none."""
    with socket.create_connection(where, timeout=10) as connection:
        connection.sendall(command)
        with connection.makefile("rb") as answer:
            line = answer.readline()
            if line.startswith(b"VALUE "):
                return answer.read(int(line.split()[3]))
            if line.rstrip() in (b"END", b"STORED"):
                return None
            raise RuntimeError(line.decode(errors="replace"))


for one in front.accounts():
    kept = json.dumps(one).encode()
    key = key_of(one["company"], one["email"])
    asked(f"set {key} 0 0 {len(kept)}\r\n".encode() + kept + b"\r\n")


def check(company, email, password):
    kept = asked(f"get {key_of(company, email)}\r\n".encode())
    if kept is None:
        return None
    one = json.loads(kept)
    if not hmac.compare_digest(one["password"].encode(), password.encode()):
        return None
    return one["company"], one["email"], one["blocked"]


front.serve(check)
