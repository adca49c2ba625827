"""A line for a shell that sends a request again with curl, the secrets from environment variables.

The body reaches curl on its standard input, header fields for a gateway on descriptor 3, and `printf` is
built into every shell, so no secret stands in the arguments of any process.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass

from ..contract.model import Case
from ..redaction.scrubber import Scrubber
from ..target.target import REAL_ACCOUNTS, Account, Target
from ..transport.messages import Exchange, Request

# The variables that hold the email and the password of an account.
VARIABLES: Mapping[str, tuple[str, str]] = {
    "main": ("ESIGNON_MEMB_EMAIL", "ESIGNON_MEMB_PWD"),
    "second": ("ESIGNON_SECOND_MEMB_EMAIL", "ESIGNON_SECOND_MEMB_PWD"),
    "blocked": ("ESIGNON_BLOCKED_MEMB_EMAIL", "ESIGNON_BLOCKED_MEMB_PWD"),
    "other": ("ESIGNON_OTHER_MEMB_EMAIL", "ESIGNON_OTHER_MEMB_PWD"),
}
# Stands for the random password of the account that exists nowhere: any other does as well.
MADE_UP_PASSWORD = "Zq7!made-up-password"  # noqa: S105 - nobody's password
_LONGEST_BODY = 2000
# Recipes that leave the right value whole, so that a variable can stand for it.
_WHOLE = frozenset({"same", "in-array", "in-object", "in-array-of-guesses"})


@dataclass(frozen=True)
class _Part:
    """One request of a line: what writes its body, curl's words but for the body, variables, plain text."""

    body: str
    words: list[str]
    variables: tuple[str, ...]
    literal: str

    def with_body_from(self, place: str) -> list[str]:
        """Return curl's words, with the place that the body is read from where there is one."""
        return [*self.words, "--data-binary", place] if self.body else self.words


def curl_line(
    exchange: Exchange,
    case: Case,
    target: Target,
    scrubber: Scrubber,
    before: tuple[Exchange, Case] | None = None,
) -> tuple[str, tuple[str, ...]] | None:
    """Return the line that sends a request again, and the variables that it needs.

    `before` is what has to be sent directly before it, on the same connection.

    None where no line can: what is derived from a secret would be one on the screen, a request that
    overlapped with others or followed one that is not at hand shows nothing by itself, a long body is no
    line, and curl sends a short one in one piece.
    """
    if case.follows is not None and before is None:
        return None
    sent = [*([before] if before is not None else []), (exchange, case)]
    parts = [part for one in sent if (part := _part(*one, target)) is not None]
    gateway = _gateway_fields(target)
    # What the fields for a gateway are read from can be read once.
    if len(parts) < len(sent) or (gateway and before is not None):
        return None
    last = parts[-1]
    words = last.with_body_from("@-")
    if before is not None:
        words = [*parts[0].with_body_from("@/dev/fd/4"), "--next", *words]
    words += ["-H", "@/dev/fd/3"] if gateway else []
    line = " ".join(["curl", *words])
    plain = "\n".join([line, *(part.literal for part in parts)])
    if scrubber.scrub(plain) != plain:
        return None
    line = f"{last.body} | {line}" if last.body else line
    if before is not None and parts[0].body:
        line = f"{parts[0].body} | {{ {line}; }} 4<&0"
    if gateway:
        line = f"{{ {gateway}; }} | {{ {line}; }} 3<&0"
    variables = (name for part in parts for name in part.variables)
    return line, tuple(dict.fromkeys((*variables, *target.header_variables.values())))


def _part(exchange: Exchange, case: Case, target: Target) -> _Part | None:
    request = exchange.request
    is_alone = exchange.role in ("case", "login")
    if not is_alone or len(request.body) > _LONGEST_BODY or request.in_pieces:
        return None
    if not _is_whole(case) or _changes_bytes_around_secrets(case):
        return None
    made = _printf(request.body, target)
    if made is None:
        return None
    body, variables, literal = made
    url = shlex.quote(f"{target.parts.scheme}://{target.parts.netloc}{request.target}")
    words = ["-sS", "-i", *_tls(target), *_options(request), url, *_headers(request)]
    words += [] if request.body else _without_body(request)
    return _Part(body if request.body else "", words, variables, literal)


def _is_whole(case: Case) -> bool:
    recipes = [operation["secret"] for operation in case.patch if "secret" in operation]
    return all(
        one.get("as", "same") in _WHOLE and not one.get("prefix") and not one.get("suffix")
        for one in recipes
        if one["account"] in REAL_ACCOUNTS
    )


def _changes_bytes_around_secrets(case: Case) -> bool:
    """Tell whether bytes of a text with a real secret were changed: a part of it may be left."""
    accounts = {one["secret"]["account"] for one in case.patch if "secret" in one} | {case.account}
    return bool(case.raw) and not accounts.isdisjoint(REAL_ACCOUNTS)


def _printf(body: bytes, target: Target) -> tuple[str, tuple[str, ...], str] | None:
    """Return the `printf` that writes a body, its variables, and the text without what they hold.

    None where a secret stands in the body in another form than as a whole JSON string.
    """
    stands_for: dict[bytes, str] = {}
    for name, account in target.accounts.items():
        for value, variable in zip(_secrets(account), VARIABLES.get(name, ("", "")), strict=True):
            if variable:
                for form in (json.dumps(value, ensure_ascii=False), json.dumps(value)):
                    stands_for.setdefault(form.encode("utf-8", "surrogatepass"), variable)
    made_up = target.accounts.get("made-up")
    if made_up is not None:
        body = body.replace(made_up.password.get_secret_value().encode(), MADE_UP_PASSWORD.encode())
    pieces = [body]
    if stands_for:
        longest_first = sorted(stands_for, key=len, reverse=True)
        pieces = re.split(b"(" + b"|".join(map(re.escape, longest_first)) + b")", body)
    template, variables = "", []
    for number, piece in enumerate(pieces):
        if number % 2:
            template += '"%s"'
            variables.append(stands_for[piece])
        else:
            template += _escaped(piece)
    literal = b"\n".join(pieces[::2]).decode("utf-8", "backslashreplace")
    words = [f'"$({_JSON_TEXT.format(name=name)})"' for name in variables]
    line = " ".join(["printf", shlex.quote(template), *words])
    return line, tuple(dict.fromkeys(variables)), literal


# As JSON writes a text: a backslash before each backslash and quotation mark.
_JSON_TEXT = """printf %s "${name}" | sed 's/["\\\\]/\\\\&/g'"""


def _secrets(account: Account) -> tuple[str, str]:
    return account.email.get_secret_value(), account.password.get_secret_value()


def _escaped(piece: bytes) -> str:
    """Return bytes as `printf` takes them: letters of any script as they are, the rest in octal."""
    text = ""
    for character in piece.decode("utf-8", "surrogateescape"):
        if character in "\\%":
            text += {"\\": "\\\\", "%": "%%"}[character]
        elif character == "\n":
            text += "\\n"
        elif character.isprintable():
            text += character
        else:
            data = character.encode("utf-8", "surrogateescape")
            text += "".join(f"\\{byte:03o}" for byte in data)
    return text


def _gateway_fields(target: Target) -> str:
    """Return the shell commands that print the header fields for a gateway, empty where there are none."""
    fetched = {name.lower() for name, _ in target.fetched_headers}
    commands = [
        f"""printf '%s: %s\\n' {shlex.quote(name)} "${variable}\""""
        for name, variable in target.header_variables.items()
        if name.lower() not in fetched
    ]
    if target.header_command is not None:
        folder = shlex.quote(str(target.header_command.folder))
        commands.append(f"(cd {folder} && {target.header_command.command})")
    return "; ".join(commands)


def _tls(target: Target) -> list[str]:
    """Return curl's options for the certificates of a target; it asks for a key's password itself."""
    certificate = target.client_certificate
    files = {
        "--cacert": target.ca_bundle,
        "--cert": certificate.certificate if certificate else None,
        "--key": certificate.key if certificate else None,
    }
    return [part for name, file in files.items() if file for part in (name, shlex.quote(str(file)))]


def _options(request: Request) -> list[str]:
    options = [] if request.method == "POST" else ["-X", shlex.quote(request.method)]
    if request.method == "HEAD" and not request.body:
        options = ["--head"]
    elif request.method == "HEAD":
        # curl takes no body with --head, and without it waits for the one that the answer announces.
        options += ["--ignore-content-length", "--max-time", "10"]
    if "/." in request.target:
        options.append("--path-as-is")
    if set("[]{}") & set(request.target):
        options.append("--globoff")
    return options


def _headers(request: Request) -> list[str]:
    """Return the header fields; curl's own Content-Type is left out where the request has none."""
    rows = [f"{name}: {value}" if value else f"{name};" for name, value in request.headers]
    if request.body and request.header("Content-Type") is None:
        rows.append("Content-Type:")
    return [word for row in rows for word in ("-H", shlex.quote(row))]


def _without_body(request: Request) -> list[str]:
    return ["--data-binary", "''"] if request.method == "POST" else []
