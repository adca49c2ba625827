"""A line for a shell that sends a request again with curl, the secrets from environment variables.

The body reaches curl on its standard input, header fields for a gateway on descriptor 3, and `printf` is
built into every shell, so no secret stands in the arguments of any process.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..contract.model import Case
from ..redaction.scrubber import Scrubber
from ..runner.requests.secret_variants import derive
from ..target.target import REAL_ACCOUNTS, Account, Target
from ..transport.messages import Exchange, Request
from .curl_forms import Made, Pieces, pieces_of

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
_WHOLE = frozenset({"same", "in-array", "in-nested-array", "in-object", "in-array-of-guesses"})


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


@dataclass(frozen=True)
class _Stand:
    """What stands for a secret: in the template of `printf`, its words, and the variables in these."""

    template: str
    words: tuple[str, ...]
    variables: tuple[str, ...]


def curl_line(
    exchange: Exchange,
    case: Case,
    target: Target,
    scrubber: Scrubber,
    before: tuple[Exchange, Case] | None = None,
) -> tuple[str, tuple[str, ...]] | None:
    """Return the line that sends a request again, and the variables that it needs.

    `before` is what has to be sent directly before it, on the same connection.

    None where no line can: not all that is derived from a secret is made by commands (`curl_forms`), a
    request that overlapped with others or followed one that is not at hand shows nothing by itself, a long
    body is no line, and curl sends a short one in one piece.
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
    derived = _derived(case, target)
    if derived is None or _changes_bytes_around_secrets(case):
        return None
    made = _printf(request.body, target, derived)
    if made is None:
        return None
    body, variables, literal = made
    url = shlex.quote(f"{target.parts.scheme}://{target.parts.netloc}{request.target}")
    words = ["-sS", "-i", *_tls(target), *_options(request), url, *_headers(request)]
    words += [] if request.body else _without_body(request)
    return _Part(body if request.body else "", words, variables, literal)


def _derived(case: Case, target: Target) -> dict[str, _Stand] | None:
    """Return what stands for each text that a case derives from secrets; None where one has no commands."""
    found: dict[str, _Stand] = {}
    recipes = (operation["secret"] for operation in case.patch if "secret" in operation)
    for recipe in recipes:
        is_whole = recipe.get("as") in _WHOLE
        is_real = recipe["account"] in REAL_ACCOUNTS and recipe["field"] != "company"
        if not is_real or is_whole or not {"as", "prefix", "suffix"} & set(recipe):
            continue
        account = target.accounts[recipe["account"]]
        secrets, variables = _named_secrets(recipe, account)
        pieces = pieces_of(recipe, secrets)
        text = derive("\0".join(secrets), recipe)
        if pieces is None or not isinstance(text, str):
            return None
        found[text] = _standing_for(pieces, variables)
    return found


def _named_secrets(recipe: Mapping[str, Any], account: Account) -> tuple[tuple[str, ...], ...]:
    """Return the secrets that a recipe is made of, and their variables."""
    secrets, variables = _secrets(account), VARIABLES[recipe["account"]]
    if recipe["field"] == "both":
        return secrets, variables
    at = ("email", "password").index(recipe["field"])
    return secrets[at : at + 1], variables[at : at + 1]


def _standing_for(pieces: Pieces, variables: tuple[str, ...]) -> _Stand:
    template, words = "", []
    for piece in pieces:
        if isinstance(piece, Made):
            name = variables[piece.of]
            template += "%s"
            words.append(_JSON_TEXT.format(name=name, made=_piped(piece, name)))
        else:
            template += _escaped(json.dumps(piece, ensure_ascii=False)[1:-1].encode())
    used = tuple(variables[one.of] for one in pieces if isinstance(one, Made))
    return _Stand(f'"{template}"', tuple(words), used)


def _piped(piece: Made, name: str) -> str:
    return f" | {piece.command.format(name=name)}" if piece.command else ""


def _changes_bytes_around_secrets(case: Case) -> bool:
    """Tell whether bytes of a text with a real secret were changed: a part of it may be left."""
    accounts = {one["secret"]["account"] for one in case.patch if "secret" in one} | {case.account}
    return bool(case.raw) and not accounts.isdisjoint(REAL_ACCOUNTS)


def _printf(
    body: bytes, target: Target, derived: Mapping[str, _Stand]
) -> tuple[str, tuple[str, ...], str] | None:
    """Return the `printf` that writes a body, its variables, and the text without what they hold.

    None where a secret stands in the body in another form than as a whole JSON string.
    """
    stands_for = {
        form.encode("utf-8", "surrogatepass"): stand
        for value, stand in (*_of_accounts(target), *derived.items())
        for form in (json.dumps(value, ensure_ascii=False), json.dumps(value))
    }
    made_up = target.accounts.get("made-up")
    if made_up is not None:
        body = body.replace(made_up.password.get_secret_value().encode(), MADE_UP_PASSWORD.encode())
    pieces = [body]
    if stands_for:
        longest_first = sorted(stands_for, key=len, reverse=True)
        pieces = re.split(b"(" + b"|".join(map(re.escape, longest_first)) + b")", body)
    stands = [stands_for[piece] for piece in pieces[1::2]]
    template = _escaped(pieces[0])
    for stand, piece in zip(stands, pieces[2::2], strict=True):
        template += stand.template + _escaped(piece)
    literal = b"\n".join(pieces[::2]).decode("utf-8", "backslashreplace")
    words = [f'"$({word})"' for stand in stands for word in stand.words]
    line = " ".join(["printf", shlex.quote(template), *words])
    variables = (name for stand in stands for name in stand.variables)
    return line, tuple(dict.fromkeys(variables)), literal


def _of_accounts(target: Target) -> Iterator[tuple[str, _Stand]]:
    """Yield what stands for each whole secret; of equal ones the first account's comes last."""
    for name, account in reversed(list(target.accounts.items())):
        if name in VARIABLES:
            for value, variable in zip(_secrets(account), VARIABLES[name], strict=True):
                yield value, _standing_for((Made(),), (variable,))


# As JSON writes a text: a backslash before each backslash and quotation mark.
_JSON_TEXT = """printf %s "${name}"{made} | sed 's/["\\\\]/\\\\&/g'"""


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
