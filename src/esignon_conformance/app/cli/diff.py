"""`esignon-conformance diff A B`: two statements beside each other, for a person or as Markdown."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from ...contract.yaml_document import ContractError
from ...i18n.catalogue import chosen_language, word
from ...i18n.errors import ConfigurationError
from ...i18n.language import Language
from ...reports.console import Terminal, is_terminal
from ...reports.markdown import code, escaped, table
from ...reports.observed_text import observed_name
from ...reports.statement_diff import (
    ClauseOf,
    Comparison,
    ObservedChange,
    Statement,
    VerdictChange,
    compare,
)
from ...reports.styled_text import EMPTY, Line, Style, line_of
from ...runner.requests.contract_check import load
from ...verdicts.exit_status import EXIT_CONFIGURATION, EXIT_CONFORMS, EXIT_FAILS
from .fidelity import compare_mock
from .statement_file import read_statement

_STYLES: dict[str, Style] = {
    "holds": "good",
    "fails": "bad",
    "advisory": "warning",
    "could-not-judge": "warning",
}
_MOST_CASES = 6
_ARROW = "→"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the two statements and the form of the answer."""
    parser.description = "Tell which verdicts changed and what was observed otherwise."
    parser.epilog = (
        "exit status: 1 if a must verdict differs (with --mock: if the mock is kinder in a must clause), "
        "else 0; 4 if a file is no statement"
    )
    for name, metavar in (("before", "A"), ("after", "B")):
        parser.add_argument(
            name, metavar=metavar, help="a statement.json, or the folder it lies in"
        )
    parser.add_argument(
        "--mock",
        action="store_true",
        help="A is a mock, B the server that it stands for: where is it kinder, where stricter?",
    )
    parser.add_argument("--markdown", action="store_true", help="print Markdown")
    parser.add_argument("--lang", choices=("ko", "en"), default=None, help="language of the text")


def main(options: argparse.Namespace) -> int:
    """Compare two statements; return the exit status."""
    if options.mock:
        return compare_mock(options.before, options.after, options.lang, markdown=options.markdown)
    return diff(options.before, options.after, options.lang, markdown=options.markdown)


def diff(before: str, after: str, language: str | None, *, markdown: bool) -> int:
    """Print how two statements differ.

    Returns 1 if a must verdict differs, 0 if none does, and 4 with one message where a file is no
    statement.
    """
    chosen = chosen_language(language)
    try:
        statements = read_statement(Path(before)), read_statement(Path(after))
        titles = {one.id: one.title[chosen] for one in load().known_clauses.values()}
    except (ConfigurationError, ContractError) as error:
        print(error.text(chosen), file=sys.stderr)
        return EXIT_CONFIGURATION
    compared = compare(*statements)
    told = ComparisonText((before, after), statements, compared, titles, chosen)
    if markdown:
        print("\n".join(told.markdown()))
    elif is_terminal(sys.stdout):
        Terminal(sys.stdout, chosen).print(told.lines())
    else:
        for line in told.lines():
            print(line.text)
    return EXIT_FAILS if compared.musts else EXIT_CONFORMS


class ComparisonText:
    """Tells a comparison in one language."""

    def __init__(
        self,
        names: tuple[str, str],
        statements: tuple[Statement, Statement],
        compared: Comparison,
        titles: dict[str, str],
        language: Language,
    ) -> None:
        self._names = names
        self._statements = statements
        self._compared = compared
        self._titles = titles
        self._language = language

    # ---- for the terminal ------------------------------------------------------------------------

    def lines(self) -> Iterator[Line]:
        """Yield the lines for the terminal, the result first."""
        compared = self._compared
        yield line_of(self._headline(), "bad" if compared.musts else "good")
        yield EMPTY
        for letter, name, one in zip("AB", self._names, self._statements, strict=True):
            yield line_of(f"{letter}: {name} · {self._of(one)}")
        for text in self._warnings():
            yield line_of(text, "warning")
        for title, changes in self._changes():
            yield from (EMPTY, line_of(title, "title"))
            for change in changes:
                yield from self._lines_of_change(change)
        if compared.observed:
            yield from (EMPTY, line_of(word("diff-observed", self._language), "title"))
        for seen in compared.observed:
            values = f"{self._value(seen.before)} {_ARROW} {self._value(seen.after)}"
            label = f"{self._name(seen)}: "
            yield Line(((f"  {seen.clause}  ", "plain"), (label, "faint"), (values, "plain")))
        yield EMPTY
        yield line_of(word("diff-alike", self._language, count=compared.alike), "faint")

    def _lines_of_change(self, change: VerdictChange) -> Iterator[Line]:
        level = word(f"level-{change.level}", self._language)
        sides = change.before, change.after
        (first, first_style), (second, second_style) = (self._verdict(one) for one in sides)
        title = self._titles.get(change.clause, "")
        yield Line(
            (
                (f"  {change.clause} ({level})  ", "plain"),
                (first, first_style),
                (f" {_ARROW} ", "plain"),
                (second, second_style),
                (f"  {title}", "plain"),
            )
        )
        for letter, side in zip("AB", sides, strict=True):
            for text in (*self._told(side), *self._only_here(change, side)):
                yield Line(((f"      {letter}  ", "faint"), (text, "plain")))

    # ---- as Markdown -----------------------------------------------------------------------------

    def markdown(self) -> Iterator[str]:
        """Yield the lines of GitHub-flavoured Markdown."""
        compared = self._compared
        yield f"## {'❌' if compared.musts else '✅'} {escaped(self._headline())}"
        yield ""
        for letter, name, one in zip("AB", self._names, self._statements, strict=True):
            yield f"- **{letter}** {code(name)} · {escaped(self._of(one))}"
        warnings = list(self._warnings())
        if warnings:
            yield ""
        yield from (f"> {escaped(text)}  " for text in warnings)
        for title, changes in self._changes():
            yield from ("", f"### {title}", "")
            for change in changes:
                yield from self._markdown_of_change(change)
        if compared.observed:
            yield from ("", f"### {word('diff-observed', self._language)}", "")
            head = [
                word("diff-clause", self._language),
                word("diff-what", self._language),
                "A",
                "B",
            ]
            rows = [
                [
                    one.clause,
                    escaped(self._name(one)),
                    *(self._cell(x) for x in (one.before, one.after)),
                ]
                for one in compared.observed
            ]
            yield from table([head, *rows])
        yield ""
        yield word("diff-alike", self._language, count=compared.alike)

    def _markdown_of_change(self, change: VerdictChange) -> Iterator[str]:
        level = word(f"level-{change.level}", self._language)
        sides = change.before, change.after
        verdicts = f" {_ARROW} ".join(self._verdict(one)[0] for one in sides)
        title = escaped(self._titles.get(change.clause, ""))
        yield f"- **{escaped(change.clause)}** ({level}) **{verdicts}** {title}".rstrip()
        for letter, side in zip("AB", sides, strict=True):
            told = (*self._told(side), *self._only_here(change, side))
            yield from (f"  - {letter}: {code(text)}" for text in told)

    # ---- for both --------------------------------------------------------------------------------

    def _headline(self) -> str:
        count = self._compared.musts
        return (
            word("diff-musts", self._language, count=count)
            if count
            else word("diff-no-must", self._language)
        )

    def _of(self, one: Statement) -> str:
        target = (
            word("title-box", self._language) if one.target.kind == "box" else one.target.base_url
        )
        suite = f"esignon-conformance {one.suite.version}"
        return f"{target} · {one.started} · {self._how(one)} · {suite}"

    def _how(self, one: Statement) -> str:
        """Return how a run was sent: of a load run, by how many."""
        load = one.traffic.load if one.traffic is not None else None
        if load is None:
            return f"{word(f'depth-{one.depth}', self._language)} · seed {one.seed}"
        sizes = {"users": load.users, "workers": load.workers, "requests": load.requests}
        return word("diff-load", self._language, **sizes)

    def _warnings(self) -> Iterator[str]:
        for name in self._compared.differences:
            yield word(f"differs-{name}", self._language)
        # What a run found it wrote down in words, in its own language.
        for letter, one in zip("AB", self._statements, strict=True):
            if one.language != self._language:
                yield word("diff-other-language", self._language, letter=letter)

    def _changes(self) -> Iterator[tuple[str, tuple[VerdictChange, ...]]]:
        for key, changes in (
            ("diff-verdicts", self._compared.verdicts),
            ("diff-findings", self._compared.findings),
        ):
            if changes:
                yield word(key, self._language), changes

    def _verdict(self, clause: ClauseOf | None) -> tuple[str, Style]:
        if clause is None:
            return word("diff-unknown", self._language), "faint"
        return word(f"verdict-{clause.verdict}", self._language), _STYLES.get(
            clause.verdict, "plain"
        )

    def _told(self, clause: ClauseOf | None) -> Iterator[str]:
        if clause is None:
            return
        if clause.reason:
            yield clause.reason
        for one in clause.findings:
            where = f"{one.pointer}: " if one.pointer else ""
            yield f"{where}{one.got}  [{one.case}]"

    def _only_here(self, change: VerdictChange, side: ClauseOf | None) -> Iterator[str]:
        names = change.only_in(side)
        if names:
            first = ", ".join(names[:_MOST_CASES])
            count = len(names) - _MOST_CASES
            if count > 0:
                first = word("and-more", self._language, names=first, count=count)
            yield word("diff-only-here", self._language, names=first)

    def _name(self, change: ObservedChange) -> str:
        return observed_name((change.name, change.of), self._language)

    def _value(self, value: str | None) -> str:
        return word("diff-unseen", self._language) if value is None else value

    def _cell(self, value: str | None) -> str:
        # A bar ends a cell even within a code span.
        return (
            word("diff-unseen", self._language)
            if value is None
            else code(value).replace("|", "\\|")
        )
