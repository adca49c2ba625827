"""Reads `targets.toml`, which names targets, and holds it against `schemas/targets.json`."""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import resources
from ..i18n.errors import ConfigurationError
from ..i18n.message import Message, joined, say
from ..i18n.outside import outside, reason_of
from .header_command import OWN_HEADERS

if TYPE_CHECKING:
    from jsonschema import ValidationError

FILE_NAME = "targets.toml"
# What a load run sends.
LOAD_SITUATIONS: tuple[str, ...] = ("right", "unknown-email", "malformed", "missing")


@dataclass(frozen=True)
class TargetEntry:
    """One target of the file.

    `accounts` maps the account's name to its members: ``memb_email`` and ``memb_pwd`` are the names
    of variables, and so are the values of `headers` and `client_key_password`.  Paths are absolute.
    `headers_from` is a command that prints further headers; `p95_ms` is the budget of a load run by
    situation.
    """

    name: str
    file: Path
    base_url: str
    company_id: str
    accounts: Mapping[str, Mapping[str, str]]
    limits: Mapping[str, float] = field(default_factory=dict)
    language: str | None = None
    depth: str | None = None
    waivers: Path | None = None
    fail_on: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    headers_from: str | None = None
    ca_bundle: Path | None = None
    client_cert: Path | None = None
    client_key: Path | None = None
    client_key_password: str | None = None
    accept_codes: Mapping[str, str] = field(default_factory=dict)
    token_header: str | None = None
    p95_ms: Mapping[str, float] = field(default_factory=dict)

    @property
    def variables(self) -> list[str]:
        """Return the names of the variables that the entry names."""
        of_accounts = [
            account[member]
            for account in self.accounts.values()
            for member in ("memb_email", "memb_pwd")
        ]
        of_key = [self.client_key_password] if self.client_key_password else []
        return [*of_accounts, *self.headers.values(), *of_key]


def chosen_file(given: str | None) -> Path:
    """Return the file of the targets.  Raises `ConfigurationError` where one is named that is not there."""
    if given is not None and not Path(given).exists():
        raise ConfigurationError(say("config-targets-absent", file=given))
    return Path(given or FILE_NAME)


def read_targets(path: Path) -> dict[str, TargetEntry]:
    """Return the targets of a file by name; none where there is no such file.

    Raises `ConfigurationError` with every problem in one message when the file cannot be used.  No
    value of the file stands in it: what ought to be the name of a variable may be a password.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ConfigurationError(say("no-file", path=path, why=reason_of(error))) from None
    except UnicodeError:
        raise ConfigurationError(say("config-targets-unreadable", file=path)) from None
    except tomllib.TOMLDecodeError as error:
        # Its words name a line and what the grammar wants there, and quote at most one character.
        raise ConfigurationError(
            say("config-targets-toml", file=path, detail=outside(str(error)))
        ) from None
    schema = json.loads((resources.schemas() / "targets.json").read_text(encoding="utf-8"))
    import jsonschema  # noqa: PLC0415 - needed only where there is such a file

    errors = jsonschema.Draft202012Validator(schema).iter_errors(document)
    problems = list(dict.fromkeys(problem for error in errors for problem in _problems(error)))
    for name, entry in document.items() if not problems else ():
        problems += [
            say("targets-own-header", place=f"{name}.headers.{header}")
            for header in entry.get("headers", {})
            if header.lower() in OWN_HEADERS
        ]
        # JSON has no such numbers, and its schemas let them pass.
        problems += [
            say("targets-number", place=f"{name}.limits.{limit}")
            for limit, number in entry.get("limits", {}).items()
            if isinstance(number, float) and not math.isfinite(number)
        ]
        if any(math.isnan(one) for one in _budget(entry.get("p95_ms", {})).values()):
            problems.append(say("targets-milliseconds", place=f"{name}.p95_ms"))
    if problems:
        raise ConfigurationError(say("config-targets-shape", file=path, problems=joined(problems)))
    return {name: _entry(name, entry, path.absolute()) for name, entry in document.items()}


def entry_named(name: str, path: Path) -> TargetEntry:
    """Return the target of a name.  Raises `ConfigurationError`, also when there is none of it."""
    targets = read_targets(path)
    if name in targets:
        return targets[name]
    if not targets:
        raise ConfigurationError(say("config-no-targets", target=name, file=path))
    raise ConfigurationError(
        say("config-no-such-target", target=name, file=path, names=", ".join(targets))
    )


def _entry(name: str, entry: Mapping[str, Any], file: Path) -> TargetEntry:
    folder = file.parent
    beside = folder / "waivers" / f"{name}.yaml"
    waivers = folder / entry["waivers"] if "waivers" in entry else beside

    def beside_file(member: str) -> Path | None:
        return folder / entry[member] if member in entry else None

    return TargetEntry(
        name=name,
        file=file,
        base_url=entry["base_url"],
        company_id=entry["company_id"],
        accounts=entry["accounts"],
        limits=entry.get("limits", {}),
        language=entry.get("language"),
        depth=entry.get("depth"),
        waivers=waivers if "waivers" in entry or beside.is_file() else None,
        fail_on=tuple(entry.get("fail_on", ())),
        headers=entry.get("headers", {}),
        headers_from=entry.get("headers_from"),
        ca_bundle=beside_file("ca_bundle"),
        client_cert=beside_file("client_cert"),
        client_key=beside_file("client_key"),
        client_key_password=entry.get("client_key_password"),
        accept_codes=entry.get("accept_codes", {}),
        token_header=entry.get("token_header"),
        p95_ms=_budget(entry.get("p95_ms", {})),
    )


def _budget(value: float | Mapping[str, float]) -> Mapping[str, float]:
    """Return the budget by situation; one number is that of all."""
    return value if isinstance(value, Mapping) else dict.fromkeys(LOAD_SITUATIONS, value)


def _problems(error: ValidationError) -> Iterator[Message]:
    """Yield what is wrong, by its place, and never the value that stands there."""
    place: str | Message = ".".join(str(part) for part in error.absolute_path) or say("the-file")
    wanted: Any = error.validator_value
    schema: Any = error.schema
    found: Any = error.instance
    match error.validator:
        case "minProperties" if error.absolute_path:
            yield say("targets-none-of", place=place, names=", ".join(schema["properties"]))
        case "minProperties":
            yield say("targets-none", place=place)
        case "required":
            lacking = ", ".join(name for name in wanted if name not in found)
            yield say("targets-lacks", place=place, names=lacking)
        case "additionalProperties":
            known = schema["properties"]
            unknown = ", ".join(name for name in found if name not in known)
            yield say("targets-unknown", place=place, names=unknown, known=", ".join(known))
        case "pattern" if "propertyNames" in error.absolute_schema_path:
            yield say("targets-name", place=place)
        case "pattern":
            yield say("targets-variable", place=place)
        case "type":
            kinds = [wanted] if isinstance(wanted, str) else wanted
            first, *others = [say(f"type-{one}") for one in kinds]
            either = say("either", one=first, other=others[0]) if others else first
            yield say("targets-type", place=place, wanted=either)
        case "enum":
            yield say("targets-one-of", place=place, values=", ".join(wanted))
        case "minimum" | "maximum" | "exclusiveMinimum" | "minLength":
            yield say(f"targets-{error.validator}", place=place, bound=wanted)
        case _:
            yield say("targets-unfit", place=place, rule=error.validator)
