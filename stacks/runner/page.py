"""Writes `docs/stacks.md`: what the defaults of each stack break, and the least mend."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from .model import HERE, Stack, load_expected

PAGE = HERE.parent / "docs" / "stacks.md"
_HEAD = """\
# What each stack's defaults break, and the least mend

The login, written as each stack's tutorial shows it, was judged by this suite (`make stacks`). Each row
says what its defaults do that the page does not allow, the clauses that say so, and the least that mends
it. The sources lie in `stacks/NAME/`; the difference between `default` and `mended` there is the mend.
`esignon-conformance explain CLAUSE` tells what a clause asks. An advisory never fails a server: its
clause stands in *slanted* letters.

This page is written by `make stacks ARGS=--write-page`.
"""
_KINDS = {
    "framework": "Frameworks",
    "between": "What stands between: proxies and firewalls",
    "store": "Account stores, hashes and caches",
}


def page_text(stacks: Iterable[Stack]) -> str:
    """Return the page as Markdown."""
    parts = [_HEAD]
    known = list(stacks)
    for kind, title in _KINDS.items():
        parts.append(f"## {title}\n")
        parts += [_section(one) for one in known if one.kind == kind]
    return "\n".join(parts)


def write_page(stacks: Iterable[Stack], path: Path = PAGE) -> None:
    """Write the page."""
    path.write_text(page_text(stacks), encoding="utf-8")


def _section(stack: Stack) -> str:
    expected = load_expected(stack)
    lines = [f"### {stack.title}\n", f"`stacks/{stack.name}/`. {_came_to(stack)}\n"]
    if stack.breaks:
        lines += ["| what is broken | clauses | the least mend |", "|---|---|---|"]
    else:
        lines.append("It breaks nothing.")
    failing = {clause for one in expected.values() for clause in one.get("fails", ())}
    for broken in stack.breaks:
        clauses = ", ".join(one if one in failing else f"*{one}*" for one in broken.clauses)
        lines.append(f"| {broken.what.strip()} | {clauses} | {broken.mend.strip()} |")
    return "\n".join([*lines, ""])


def _came_to(stack: Stack) -> str:
    """Return what each variant came to, in a sentence each."""
    said = []
    for name, verdicts in load_expected(stack).items():
        fails, advisory = len(verdicts.get("fails", ())), len(verdicts.get("advisory", ()))
        words = [f"{fails} must clauses fail" if fails != 1 else "1 must clause fails"]
        words += [f"{advisory} advisories" if advisory != 1 else "1 advisory"] if advisory else []
        if verdicts["exit_status"] == 6:
            words.append("not all could be judged (exit status 6)")
        said.append(f"{name}: {', '.join(words)}.")
    return " ".join(said)
