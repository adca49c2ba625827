"""Writes the folder of a mock: the files of its tool, the pinned command, and what is waived of it."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import yaml

from ... import __version__
from ...i18n.catalogue import word
from ...i18n.errors import ConfigurationError
from ...i18n.language import Language
from ...i18n.message import say
from ...i18n.outside import reason_of
from .catalogue import Tool
from .files import Files, as_json
from .material import Material

WAIVERS = "waivers.yaml"
_README = "README.md"
# A newer version of the tool may do what this one cannot: then its waivers end the run with a status.
_WAIVED_FOR = timedelta(days=365)


def folder_files(
    tool: Tool,
    material: Material,
    port: int,
    today: date,
    language: Language,
    *,
    own_accounts: bool = False,
) -> Files:
    """Return every file of a mock's folder; `own_accounts` are other than those of the contract."""
    waivers = {WAIVERS: _waivers(tool, today, language)} if tool.cannot else {}
    return {
        **tool.files(material, port),
        "package.json": as_json(_package(tool, port)),
        **waivers,
        _README: _readme(tool, port, language, own_accounts=own_accounts),
    }


def write_folder(folder: Path, files: Mapping[str, str]) -> None:
    """Write the files into a new folder.

    Raises `ConfigurationError` where it is there already, since nothing is overwritten, or where it
    cannot be made.
    """
    try:
        folder.mkdir(parents=True)
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
    except FileExistsError:
        raise ConfigurationError(say("mock-folder-exists", folder=folder)) from None
    except OSError as error:
        message = say("mock-folder-unwritable", folder=folder, why=reason_of(error))
        raise ConfigurationError(message) from None


def _package(tool: Tool, port: int) -> dict[str, object]:
    return {
        "private": True,
        "description": f"{tool.title} {tool.version} by esignon-conformance {__version__}",
        "scripts": {"start": shlex.join(tool.command(port))},
        "dependencies": {tool.package: tool.version},
    }


def one_line(tool: Tool, port: int) -> str | None:
    """Return the command that needs no installation first, None where npx cannot start the tool."""
    command = tool.command(port)
    if any("node_modules" in part for part in command):
        return None
    return f"npx --yes --package={tool.package}@{tool.version} {shlex.join(command)}"


def _readme(tool: Tool, port: int, language: Language, *, own_accounts: bool) -> str:
    line = one_line(tool, port)
    parts = [
        word(
            "mock-readme",
            language,
            title=tool.title,
            version=tool.version,
            about=tool.about,
            suite=__version__,
        ),
        _shell("npm install --ignore-scripts", "npm start"),
    ]
    if line is not None:
        parts += [word("mock-readme-one-line", language), _shell(line)]
    if tool.needs_java:
        parts.append(word("mock-readme-java", language))
    waivers = f" --waivers {WAIVERS}" if tool.cannot else ""
    # Its own accounts are given as those of any server are: by variables, or in targets.toml.
    accounts = "" if own_accounts else " --accounts box"
    judging = f"esignon-conformance run --base-url http://127.0.0.1:{port}{accounts}{waivers}"
    how = "mock-readme-judge-own" if own_accounts else "mock-readme-judge"
    parts += [word(how, language), _shell(judging)]
    # Most of the configurations are JSON, which has no comments.
    parts.append(word("mock-readme-matching", language))
    parts.append("\n".join(f"- {text[language]}" for text in tool.matching))
    if tool.cannot:
        parts.append(word("mock-readme-cannot", language, waivers=WAIVERS))
        limits = [f"- {one.case or one.clause}: {one.reason[language]}" for one in tool.cannot]
        parts.append("\n".join(limits))
    return "\n\n".join(parts) + "\n"


def _shell(*lines: str) -> str:
    return "\n".join(["```", *lines, "```"])


def _waivers(tool: Tool, today: date, language: Language) -> str:
    head = word("mock-waivers-head", language, title=tool.title, version=tool.version)
    entries = [
        {
            **({"clause": one.clause} if one.clause else {}),
            **({"case": one.case} if one.case else {}),
            "reason": f"{tool.title} {tool.version}: {one.reason[language]}",
            "owner": word("mock-waiver-owner", language),
            "ticket": tool.issues,
            "until": (today + _WAIVED_FOR).isoformat(),
        }
        for one in tool.cannot
    ]
    dumped = yaml.safe_dump({"waivers": entries}, allow_unicode=True, sort_keys=False, width=100)
    return "".join(f"# {line}\n" for line in head.splitlines()) + dumped
