"""A login that asks MariaDB, in the way that its argument names."""

import hmac
import os
import sys
import threading

import bcrypt
import front
import pymysql

# In each row: the columns of the table, how a login is found, and how its password is compared.
NAMES = "company VARCHAR(32), email VARCHAR(100), blocked BOOLEAN, "
WAYS = {
    # The password stands in the WHERE clause, and is compared by the collation of its column.
    "default": (
        NAMES + "password VARCHAR(100)",
        "SELECT company, email, blocked, password FROM users"
        " WHERE company = %s AND email = %s AND password = %s",
    ),
    # As an old table has it.
    "latin1": (
        NAMES + "password VARCHAR(100) CHARACTER SET latin1 COLLATE latin1_bin",
        "SELECT company, email, blocked, password FROM users"
        " WHERE company = %s AND email = %s AND password = %s",
    ),
    # A search that was made for letters of any case.
    "like": (
        NAMES + "password VARCHAR(100)",
        "SELECT company, email, blocked, password FROM users"
        " WHERE company LIKE %s AND email LIKE %s",
    ),
    # What was typed is put into the text of the statement.
    "pasted": (
        NAMES + "password VARCHAR(100)",
        "SELECT company, email, blocked, password FROM users"
        " WHERE company = '{}' AND email = '{}' AND BINARY password = '{}'",
    ),
    # The hash is compared by the server, the names by a collation that tells all apart.
    "mended": (
        NAMES.replace("),", ") COLLATE utf8mb4_nopad_bin,") + "password BLOB",
        "SELECT company, email, blocked, password FROM users WHERE company = %s AND email = %s",
    ),
}
way = sys.argv[1]
columns, statement = WAYS[way]
settings = {
    "host": "127.0.0.1",
    "port": int(os.environ["STORE_PORT"]),
    "user": "root",
    "charset": "utf8mb4",
    "autocommit": True,
}
turn = threading.Lock()

with pymysql.connect(**settings) as made, made.cursor() as first:
    first.execute("CREATE DATABASE logins CHARACTER SET utf8mb4")
    first.execute("USE logins")
    first.execute(f"CREATE TABLE users ({columns})")
    for one in front.accounts():
        stored = one["password"]
        if way == "mended":
            stored = bcrypt.hashpw(stored.encode(), bcrypt.gensalt(4))
        row = (one["company"], one["email"], one["blocked"], stored)
        first.execute("INSERT INTO users VALUES (%s, %s, %s, %s)", row)

connection = pymysql.connect(database="logins", **settings)


def check(company, email, password):
    asked = (company, email, password)[: 2 if way in ("like", "mended") else 3]
    with turn, connection.cursor() as cursor:
        if way == "pasted":
            cursor.execute(statement.format(*asked))
        else:
            cursor.execute(statement, asked)
        found = cursor.fetchone()
    if found is None:
        return None
    if way == "like" and not hmac.compare_digest(found[3].encode(), password.encode()):
        return None
    if way == "mended":
        encoded = password.encode()
        if len(encoded) > 72 or not bcrypt.checkpw(encoded, found[3]):
            return None
    return found[0], found[1], bool(found[2])


front.serve(check)
