"""`esignon-conformance derive PAGE`: the facts of a page, what changed, or the draft of a contract."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from ... import resources
from ...contract.facts import Facts
from ...contract.facts_record import as_data, recorded, to_yaml
from ...contract.model import Contract
from ...contract.yaml_document import ContractError
from ...i18n.catalogue import chosen_language, render, word
from ...i18n.language import Language
from ...i18n.message import say
from ...i18n.outside import reason_of
from ...runner.requests.contract_check import load
from ...tools.apidoc.accepting import accepted
from ...tools.apidoc.contract_files import read_facts
from ...tools.apidoc.doubts import message_of, refuse_damaged
from ...tools.apidoc.drift import Change, compare
from ...tools.apidoc.impact import touched
from ...tools.apidoc.page_reader import read_page, read_pages
from ...tools.apidoc.source import page_bytes
from ...tools.apidoc.text import PageError
from ...tools.apidoc.told_changes import todo, told
from ...verdicts.exit_status import EXIT_CONFIGURATION

EXIT_CHANGED = 1
_MOST_CASES = 6


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `derive`."""
    parser.add_argument(
        "page", nargs="?", metavar="PAGE", help="a file, an http(s) address, or - (standard input)"
    )
    parser.add_argument(
        "--site",
        metavar="SOURCE",
        help="all pages at once: a folder, or the llms.txt (file or address) that links to them",
    )
    parser.add_argument(
        "--accept",
        action="append",
        default=[],
        metavar="FACT",
        help="with --check: record this changed fact alone, as the check names it (repeatable)",
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--check",
        action="store_true",
        help="compare with the recorded facts: 0 the same, 1 a fact changed, 4 no such page",
    )
    what.add_argument(
        "--record", metavar="FILE", help="write the facts without prose, as facts.yaml"
    )
    what.add_argument("--draft", metavar="FOLDER", help="write the draft of a contract, to be run")
    parser.add_argument("--edition", default="", help="with --record, --draft: the page's edition")
    parser.add_argument(
        "--operation", metavar="NAME", help="the operation (login; that of a draft: from the URL)"
    )
    parser.add_argument(
        "--contract", metavar="FOLDER", help="with --check: a contract other than the suite's own"
    )
    parser.add_argument("--lang", choices=("ko", "en"), default=None, help="language of the output")


def main(options: argparse.Namespace) -> int:
    """Run `derive`: print, check, record or draft; return the exit status."""
    language = chosen_language(options.lang)
    try:
        if options.site is not None or options.page is None:
            return _of_site(options, language)
        data = page_bytes(options.page)
        if options.check or options.record:
            return _of_one(replace(read_page(data), edition=options.edition), options, language)
        operations = [replace(one, edition=options.edition) for one in read_pages(data)]
        if options.draft:
            _draft(operations, options, language)
        else:
            print("---\n".join(to_yaml(as_data(one, prose=True)) for one in operations), end="")
        for facts in operations:
            _tell_doubts(facts, options.page, language)
    except PageError as error:
        where = f":{error.line}" if error.line else ""
        told = render(error.message, language)
        # Some messages name the page themselves: a page of a site, say.
        source = options.page or options.site or "derive"
        print(told if source in told else f"{source}{where}: {told}", file=sys.stderr)
        return EXIT_CONFIGURATION
    except ContractError as error:
        print(error.text(language), file=sys.stderr)
        return EXIT_CONFIGURATION
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        reason = render(reason_of(error), language)
        print(f"esignon-conformance derive: {where}{reason}", file=sys.stderr)
        return EXIT_CONFIGURATION
    return 0


def _of_site(options: argparse.Namespace, language: Language) -> int:
    """Print, draft or check all pages of a site."""
    # Imported here, since checking one page needs none of it.
    from .derive_site import check_site, draft_site  # noqa: PLC0415 - see the line above

    if options.site is None or options.page is not None or options.record or options.accept:
        raise PageError(say("derive-what"))
    if not options.check:
        return draft_site(options.site, options.draft, language)
    if options.contract is None:
        raise PageError(say("derive-what"))
    return check_site(options.site, options.contract, language)


def _of_one(facts: Facts, options: argparse.Namespace, language: Language) -> int:
    """Check or record the one operation of a page."""
    if options.check:
        return _check(facts, options, language)
    Path(options.record).write_text(recorded(facts), encoding="utf-8")
    print(options.record)
    _tell_doubts(facts, options.page, language)
    return 0


def _draft(operations: list[Facts], options: argparse.Namespace, language: Language) -> None:
    # Imported here, since checking needs none of it.
    from ...tools.apidoc.draft import named, write_drafts  # noqa: PLC0415 - see the line above

    drafts = named(operations, options.operation)
    write_drafts(drafts, Path(options.draft))
    for name in drafts:
        print(word("page-drafted", language, folder=options.draft, operation=name))


def _tell_doubts(facts: Facts, page: str, language: Language) -> None:
    """Print what of a page is not certain, each with its line, as a compiler prints warnings."""
    if facts.doubts:
        print(word("page-doubts", language, count=len(facts.doubts)), file=sys.stderr)
    for doubt in facts.doubts:
        print(f"{page}:{doubt.line}: {render(message_of(doubt), language)}", file=sys.stderr)


def _check(facts: Facts, options: argparse.Namespace, language: Language) -> int:
    root = Path(options.contract) if options.contract else resources.data_root()
    name = options.operation or _only_operation(root)
    known = read_facts(root / "contracts" / name / "facts.yaml", root)
    refuse_damaged(facts, known)
    if options.accept:
        file = root / "contracts" / name / "facts.yaml"
        known = accepted(known, facts, options.accept)
        file.write_text(recorded(known), encoding="utf-8")
        said = ", ".join(options.accept)
        print(word("accept-done", language, file=str(file), facts=said))
    changes = compare(known, facts)
    of_facts = [one for one in changes if one.is_fact]
    same = known.sha256 == facts.sha256
    edition = known.edition or "-"
    if of_facts:
        print(word("page-changed", language, count=len(of_facts), edition=edition))
        for line in _changed(of_facts, load(root, name), language):
            print(line)
    else:
        print(word("page-unchanged" if same else "page-same-facts", language, edition=edition))
    others = [one for one in changes if not one.is_fact]
    if others:
        print(word("page-information", language))
    for change in others:
        print(_told(change, language))
    return EXIT_CHANGED if of_facts else 0


def _only_operation(root: Path) -> str:
    """Return the name of the one operation of a contract, `login` where it has several."""
    found = sorted(path.parent.name for path in (root / "contracts").glob("*/facts.yaml"))
    return found[0] if len(found) == 1 else "login"


def _changed(changes: Iterable[Change], contract: Contract, language: Language) -> Iterator[str]:
    for change in changes:
        yield _told(change, language)
        found = touched(change, contract)
        more = f", … ({len(found.cases)})" if len(found.cases) > _MOST_CASES else ""
        cases = ", ".join(found.cases[:_MOST_CASES]) or "-"
        clauses = ", ".join(found.clauses) or "-"
        yield f"    {todo(change, language)}"
        yield "    " + word("page-touches", language, clauses=clauses, cases=cases + more)


def _told(change: Change, language: Language) -> str:
    was = f" ({word('page-was-on-line', language, line=change.was)})" if change.was else ""
    return f"  {word('page-line', language, line=change.line)}  {told(change, language)}{was}"
