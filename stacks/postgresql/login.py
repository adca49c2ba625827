"""A login that asks PostgreSQL, in the way that its argument names."""

import os
import sys
import threading

import bcrypt
import front
import psycopg

where = f"host=127.0.0.1 port={os.environ['STORE_PORT']} user=postgres dbname=postgres"
# In each row: the columns, what is stored of a password, and how a login is found.
TEXT = "company TEXT, email TEXT, blocked BOOLEAN, password "
FIND = "SELECT company, email, blocked, password FROM users WHERE company = %s AND email = %s"
WAYS = {
    # NUL in a text is an error, and nobody looks for it.
    "default": (TEXT + "BYTEA", None, FIND),
    # CHAR is filled up with blanks, which are set aside where it is compared.
    "char": (
        "company CHAR(32), email CHAR(100), blocked BOOLEAN, password CHAR(60)",
        "SELECT %s",
        "SELECT company, email, blocked FROM users"
        " WHERE company = %s AND email = %s AND password = %s",
    ),
    # pgcrypto's crypt() with its oldest kind reads 8 characters.
    "crypt-des": (
        TEXT + "TEXT",
        "SELECT crypt(%s, gen_salt('des'))",
        "SELECT company, email, blocked FROM users"
        " WHERE company = %s AND email = %s AND password = crypt(%s, password)",
    ),
    "crypt-bf": (
        TEXT + "TEXT",
        "SELECT crypt(%s, gen_salt('bf', 4))",
        "SELECT company, email, blocked FROM users"
        " WHERE company = %s AND email = %s AND password = crypt(%s, password)",
    ),
    "mended": (TEXT + "BYTEA", None, FIND),
}
way = sys.argv[1]
columns, stored_by, statement = WAYS[way]

with psycopg.connect(where) as made:
    made.execute("CREATE EXTENSION pgcrypto")
    made.execute(f"CREATE TABLE users ({columns})")
    for one in front.accounts():
        if stored_by is None:
            stored = bcrypt.hashpw(one["password"].encode(), bcrypt.gensalt(4))
        else:
            (stored,) = made.execute(stored_by, [one["password"]]).fetchone()
        row = (one["company"], one["email"], one["blocked"], stored)
        made.execute("INSERT INTO users VALUES (%s, %s, %s, %s)", row)

turn = threading.Lock()
connection = psycopg.connect(where, autocommit=True)


def check(company, email, password):
    if way == "mended" and "\0" in company + email:
        return None
    asked = (company, email, password)[: 2 if stored_by is None else 3]
    with turn:
        found = connection.execute(statement, asked).fetchone()
    if found is None:
        return None
    if stored_by is None:
        encoded = password.encode()
        if len(encoded) > 72 or not bcrypt.checkpw(encoded, found[3]):
            return None
    return found[0].rstrip(), found[1].rstrip(), found[2]


front.serve(check)
