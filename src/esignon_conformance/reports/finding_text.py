"""A failure that reads like a letter: the promise, what was expected, what came, how to see it again."""

from __future__ import annotations

import json
from collections.abc import Iterator

from ..contract.waiver import Waiver
from ..i18n.catalogue import render, word
from ..i18n.language import Language
from ..recording.recording import Masking, record
from ..runner.run import Run
from ..verdicts.model import Finding, Verdict
from .advice import advice_of
from .command_name import command_name
from .load_again import load_again
from .masks_in_words import masks_in_words
from .unseen_characters import shown

_MOST_SHOWN = 6


def letter(run: Run, clause_id: str, findings: tuple[Finding, ...], language: Language) -> str:
    """Return the text of a failure or advisory, every secret masked."""
    clause = run.contract.clauses[clause_id]
    lines = [
        f"{clause_id} ({word(f'level-{clause.level}', language)}): {clause.title[language]}",
        f"{word('label-place', language)}: {clause.place}",
    ]
    for finding in findings:
        lines += ["", *finding_lines(run, finding, language)]
    return run.scrubber.scrub("\n".join(lines))


def brief(run: Run, findings: tuple[Finding, ...], language: Language) -> str:
    """Return findings in a line each, for lists that show no more, every secret masked."""
    label_expected, label_got = (word(f"label-{one}", language) for one in ("expected", "got"))
    lines = [
        f"{label_expected}: {render(one.expected, language)} · "
        f"{label_got}: {render(one.got, language)} [{one.case}]"
        for one in findings
    ]
    lines += [waiver_text(one.waiver, language) for one in findings if one.waiver is not None]
    return run.scrubber.scrub("\n".join(lines))


def impact_lines(run: Run, verdict: Verdict, language: Language) -> Iterator[str]:
    """Yield what the deviations from a clause mean, and what to do about them."""
    impact = advice_of(run, verdict)
    if impact is not None:
        yield f"{word('label-consequence', language)}: {impact.consequence[language]}"
        yield f"{word('label-action', language)}: {impact.action[language]}"


def finding_lines(run: Run, finding: Finding, language: Language) -> Iterator[str]:
    """Yield the lines that tell one finding."""
    yield finding_title(run, finding, language)
    yield f"  {word('label-expected', language)}: {render(finding.expected, language)}"
    yield f"  {word('label-got', language)}: {render(finding.got, language)}"
    if finding.pointer:
        yield f"  {word('label-where', language)}: {finding.pointer}"
    first = ", ".join(finding.exchanges[:_MOST_SHOWN])
    cases = ", ".join(finding.cases[:_MOST_SHOWN])
    more = " …" if len(finding.cases) > _MOST_SHOWN else ""
    text = word("shown-by", language, count=finding.count, first=first, cases=cases + more)
    yield f"  {word('label-shown-by', language)}: {text}"
    ids = ", ".join(run.exchanges[name].request_id for name in finding.exchanges[:_MOST_SHOWN])
    # Of recorded traffic nobody knows that field: it is the place in the file.
    label = "label-request-ids" if run.traffic is None else "label-entry"
    yield f"  {word(label, language)}: {ids}"
    if finding.waiver is not None:
        yield f"  {waiver_text(finding.waiver, language)}"
    if finding.unstable:
        yield f"  {word('unstable', language)}"
    for path in (run.found[name] for name in finding.cases if name in run.found):
        yield f"  {word('kept-as-case', language, path=path)}"
    if run.traffic is None:
        yield f"  {word('label-again', language)}: {command_again(run, finding)}"
    elif run.traffic.load is not None:
        yield f"  {word('label-again', language)}: {load_again(run, run.traffic.load)}"


def finding_title(run: Run, finding: Finding, language: Language) -> str:
    """Return what was sent first: a case, or the login directly after one that is sent again for it."""
    first = run.exchanges[finding.exchanges[0]]
    title = f"{run.contract.cases[first.case].title[language]} [{first.case}]"
    if first.after:
        return word("title-after", language, title=title, case=first.after)
    return title


def command_again(run: Run, finding: Finding) -> str:
    """Return the command that sends the first case of a finding again."""
    after = run.exchanges[finding.exchanges[0]].after
    how = f"--case {after or finding.case} --show"
    if finding.case in run.fresh:
        how = f"--depth deep --seed {run.seed} --max-examples {run.max_examples}"
    folder = f" --contract {run.contract_folder}" if run.contract_folder else ""
    if folder and run.is_one_of_many:
        folder += f" --operation {run.contract.operation.id}"
    return f"{command_name()} run{folder}{run.target.again} {how}"


def waiver_text(waiver: Waiver, language: Language) -> str:
    """Return what a waiver says: until when, who sees to it, why and where."""
    until, owner = waiver.until.isoformat(), waiver.owner
    words = {"until": until, "owner": owner, "reason": waiver.reason, "ticket": waiver.ticket}
    return word("waived-until", language, **words)


def exchange_text(run: Run, exchange_id: str, language: Language) -> tuple[str, str]:
    """Return the request and the answer of an exchange as texts, every secret masked."""
    row = record(run.exchanges[exchange_id], Masking(run.scrubber))
    request = row["request"]
    head = "\n".join(f"{name}: {value}" for name, value in request["headers"])
    sent = f"{request['method']} {request['target']}\n{head}\n\n{request['body']}"
    if "answer" in row:
        answer = row["answer"]
        head = "\n".join(f"{name}: {value}" for name, value in answer["headers"])
        behind = "".join(f"\n{name}: {value}" for name, value in answer.get("trailers", ()))
        came = f"HTTP {answer['status']}\n{head}\n\n{answer['body']}{behind}"
    else:
        came = json.dumps(row.get("fault"), ensure_ascii=False)
    return shown(masks_in_words(sent, language)), shown(masks_in_words(came, language))
