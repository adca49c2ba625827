"""A login that asks a directory, in the way that its argument names."""

import os
import sys

import front
from ldap3 import MODIFY_REPLACE, NONE, Connection, Server
from ldap3.core.exceptions import LDAPException
from ldap3.utils.conv import escape_filter_chars
from ldap3.utils.dn import escape_rdn

way = sys.argv[1]
where = Server("127.0.0.1", port=int(os.environ["STORE_PORT"]), get_info=NONE)
BLOCKED = {one["company"] for one in front.accounts() if one["blocked"]}

with Connection(where, "cn=admin,dc=invalid", "admin", auto_bind=True) as made:
    made.add("dc=invalid", ["dcObject", "organization"], {"dc": "invalid", "o": "invalid"})
    for number, one in enumerate(front.accounts()):
        unit = f"ou={one['company']},dc=invalid"
        made.add(unit, "organizationalUnit", {"ou": one["company"]})
        person = {"sn": "x", "cn": "x", "mail": one["email"], "userPassword": one["password"]}
        made.add(f"uid=u{number},{unit}", "inetOrgPerson", person)
        if way == "crypt":
            import crypt

            old = "{CRYPT}" + crypt.crypt(one["password"], "ab")
            change = {"userPassword": [(MODIFY_REPLACE, [old])]}
            made.modify(f"uid=u{number},{unit}", change)


def check(company, email, password):
    if way == "mended":
        base, mail = f"ou={escape_rdn(company)},dc=invalid", escape_filter_chars(email)
        # A bind with a name and no password succeeds as anonymous (RFC 4513, 5.1.2), and slapd reads
        # an email as far as NUL.
        if not password or "\0" in email:
            return None
    else:
        base, mail = f"ou={company},dc=invalid", email
    try:
        with Connection(where, auto_bind=True) as asking:
            asking.search(base, f"(mail={mail})", attributes=["mail"])
            found = asking.entries[0] if asking.entries else None
        if found is None:
            return None
        bound = Connection(where, found.entry_dn, password)
        right = bound.bind()
        bound.unbind()
        if not right:
            return None
    except LDAPException:
        if way == "mended":
            return None
        raise
    unit = found.entry_dn.split(",")[1].removeprefix("ou=")
    return unit, str(found.mail), unit in BLOCKED


front.serve(check)
