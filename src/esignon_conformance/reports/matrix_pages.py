"""The matrix as a page of HTML that loads nothing, and as Markdown.  Pure."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from ..contract.model import Contract, groups_of
from ..i18n.catalogue import word
from ..i18n.language import Language
from .markdown import escaped, table
from .matrix import Cell, Column, Matrix, titles_of

_NONE = "·"
_DIFFERS = "≠"
# Of each verdict, the sign that a trend shows.
_SIGNS = {
    "holds": "●",
    "fails": "✕",
    "advisory": "▲",
    "waived": "◐",
    "not-judged": "○",
    "could-not-judge": "?",
    "observed": "–",
}
_STYLE = """\
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:75rem;padding:0 1rem;color:#1b1f24;\
background:#fff}table{border-collapse:collapse;width:100%}th,td{padding:.3rem .6rem;text-align:left;\
border-bottom:1px solid #d0d7de;vertical-align:top}thead th{position:sticky;top:0;background:#fff}\
.group th{background:#f6f8fa}.fails{color:#b3261e;font-weight:600}.holds{color:#1a6b33}\
.advisory,.could-not-judge{color:#8a5300}.differs{outline:2px solid #8250df;outline-offset:-2px}\
.trend,.about{color:#59636e;font-size:.85em;white-space:nowrap}\
@media(prefers-color-scheme:dark){body,thead th{background:#0d1117;color:#e6edf3}.group th{background:\
#161b22}th,td{border-color:#30363d}.fails{color:#ff8e86}.holds{color:#5dd879}.advisory,.could-not-judge\
{color:#e3b341}.differs{outline-color:#b083f0}.trend,.about{color:#9198a1}}"""


def matrix_html(matrix: Matrix, contract: Contract, language: Language) -> str:
    """Return the page: a table of clauses by targets, what differs from the first one marked."""
    title = word("matrix-title", language)
    return "".join(
        (
            f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width">',
            '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; ',
            "style-src 'unsafe-inline'\">",
            f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>",
            f"<h1>{escape(title)}</h1>",
            *(f"<p>{escape(line)}</p>" for line in matrix_notes(matrix, language)),
            "<table><thead><tr>",
            f"<th scope=col>{escape(word('label-clause', language))}</th>",
            *(_head(one, language) for one in matrix.columns),
            "</tr></thead><tbody>",
            *_rows(matrix, contract, language),
            "</tbody></table></body></html>\n",
        )
    )


def matrix_notes(matrix: Matrix, language: Language) -> Iterator[str]:
    """Yield what stands over the table: the meaning of the mark, and what is to be the same and is not."""
    yield word("matrix-mark", language, mark=_DIFFERS, name=matrix.columns[0].name)
    for clause, names in matrix.unlike.items():
        yield word("matrix-unlike", language, clause=clause, names=", ".join(names))
    if len({one.statement.contract.sha256 for one in matrix.columns}) > 1:
        yield word("matrix-contracts", language)


def _about(column: Column, language: Language) -> str:
    part = "" if column.statement.complete else f" · {word('matrix-part', language)}"
    return f"{column.statement.started[:10]} · {column.statement.suite.version}{part}"


def _head(column: Column, language: Language) -> str:
    about = escape(_about(column, language))
    return f"<th scope=col>{escape(column.name)}<br><span class=about>{about}</span></th>"


def _rows(matrix: Matrix, contract: Contract, language: Language) -> Iterator[str]:
    for group in groups_of(one.clause for one in matrix.rows):
        rows = [one for one in matrix.rows if one.clause.startswith(f"{group}-")]
        if rows:
            title = escape(word(f"group-{group}", language))
            span = len(matrix.columns) + 1
            yield f"<tr class=group><th scope=rowgroup colspan={span}>{title}</th></tr>"
        for row in rows:
            level = escape(word(f"level-{row.level}", language))
            clause = titles_of(contract, row.clause)[language]
            yield (
                f"<tr><th scope=row>{escape(row.clause)} ({level})<br>"
                f"<span class=about style=white-space:normal>{escape(clause)}</span></th>"
            )
            yield from (_cell(one, language) for one in row.cells)
            yield "</tr>"


def _cell(cell: Cell, language: Language) -> str:
    if cell.verdict is None:
        return f"<td>{_NONE}</td>"
    text = escape(word(f"verdict-{cell.verdict}", language))
    mark, kind = (f" {_DIFFERS}", " differs") if cell.differs else ("", "")
    trend = escape(_trend(cell))
    return f'<td class="{cell.verdict}{kind}">{text}{mark}<br><span class=trend>{trend}</span></td>'


def _trend(cell: Cell) -> str:
    return "".join(_SIGNS.get(one or "", _NONE) for one in cell.trend)


def matrix_markdown(matrix: Matrix, contract: Contract, language: Language) -> str:
    """Return the matrix as Markdown, for the summary of a step."""
    names = [escaped(one.name) for one in matrix.columns]
    dates = [escaped(_about(one, language)) for one in matrix.columns]
    rows = [[word("label-clause", language), *names], ["", *dates]]
    for row in matrix.rows:
        title = titles_of(contract, row.clause)[language]
        rows.append(
            [escaped(f"{row.clause} {title}"), *(_text(one, language) for one in row.cells)]
        )
    notes = [escaped(one) for one in matrix_notes(matrix, language)]
    heading = f"# {escaped(word('matrix-title', language))}"
    return "\n".join((heading, "", *(f"{one}\n" for one in notes), *table(rows), ""))


def _text(cell: Cell, language: Language) -> str:
    if cell.verdict is None:
        return _NONE
    mark = f" {_DIFFERS}" if cell.differs else ""
    return f"{escaped(word(f'verdict-{cell.verdict}', language))}{mark} {_trend(cell)}".strip()
