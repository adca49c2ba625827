"""What the inside of a server looks like where an answer shows it: frames, errors, SQL, source files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import islice
from typing import NamedTuple

# What a name of a source file ends in, and of these what is a domain, too: a number behind that may be
# a port. Scripts of the web stand in URLs, and name the inside only with a line or under a folder that
# no URL begins with.
_PLAIN = (
    "asd|bal|c|cc|cfc|clj|cpp|cs|cxx|dart|eex|erb|erl|exs?|fsx?|go|groovy|haml|heex|hpp|hrl|java|jl|kts?"
    "|l?hs|lisp|lua|mli|nim|pl|psgi|py|pyx|rb|rkt|rs|scala|slim|swift|tcl|tsx?|vb|zig"
)
_DOMAIN_TOO = "cl|cr|hh|ml|pm"
_OF_THE_WEB = "cfm|cgi|[mc]?js|jsx|php\\d?|phtml|jsp|aspx?|cshtml|vbhtml|yaws"
_FOLDER = r"[\w.@+-]{1,100}"
_ROOT = r"(?:(?<=\s)|(?<=[\"'(\[=>])|^)/"
# In what a name of a file ends, whichever pattern finds it.
_EXTENSION = re.compile(rf"\.(?:{_PLAIN}|{_DOMAIN_TOO}|{_OF_THE_WEB}|h|jar|war|class|so|dll|exe)\b")

# What is looked for: its kind; what every match holds a piece of, "·" for a blank, or nothing for the
# end of a file's name; what it looks like. Every quantifier has a bound, and what begins with one
# begins where a word does, so that no page takes long.
# fmt: off
_ROWS: tuple[tuple[str, str, str], ...] = (
    ("python-traceback", "Traceback", r"Traceback \(most recent call last\)"),
    ("python-frame", 'File·" .py,·line',
     r"\bFile \"[^\"\n]{1,300}(?:(?:\.pyx?|>)\", line \d+|\", line \d+, in \w)"
     r"|\.py, line \d+, in \w"),
    # Mojolicious writes Perl's places so, too.
    ("source-file", 'File·"', r"\bFile \"[^\"\n]{1,300}\", line \d+"),
    ("jvm-frame", ".java: .kt: .scala: .groovy: .clj: (Native·Method) (Unknown·Source)",
     r"(?<![\w.$])(?:[\w.$-]{1,80}/){0,2}(?:[\w$]{1,80}\.){1,20}[\w$<>]{1,80}"
     r"\((?:[\w$-]{1,80}\.(?:java|kt|scala|groovy|clj):\d+|Native Method|Unknown Source)\)"),
    ("javascript-frame", "js: jsx: .ts: .tsx: .mts: .cts: (<anonymous>) (native) (node:",
     r"\bat (?:async )?(?:[^\n]{0,120}\()?[^\s()]{1,300}\.[mc]?[jt]sx?:\d+:\d+\)?"
     r"|\bat [\w.$<> \[\]]{1,120}\((?:<anonymous>|native|node:[\w/]{1,80}:\d+:\d+)\)"),
    ("net-frame", ":line·",
     r"\bat [\w.<>`\[\]]{1,200}\([^)\n]{0,300}\) in [^\n]{1,300}:line \d+"),
    # Without the place, as an assembly without its symbols gives it; and as the yellow page has it.
    ("net-frame", "at·",
     r"(?m:^\s{0,9}at |\s\sat )(?:[A-Z]\w{0,80}\.){2,20}[\w.<>`]{1,200}\([^()\n]{0,200}\)"),
    ("net-frame", ")·+",
     r"(?<![\w.])(?:[A-Z]\w{0,80}\.){1,20}[\w<>`]{1,100}\([^()\n]{0,300}\) \+\d{1,6}\b"),
    ("net-exception", "Exception",
     r"(?<![\w.])(?:System|Microsoft)\.(?:\w{1,80}\.){0,8}\w{1,80}Exception\b"),
    ("php-frame", ".php {main}",
     r"#\d+ [^\n]{0,300}\.php\(\d+\)|#\d+ \{main\}"
     r"|\bin /?[^\s]{1,300}\.php(?: on line |:| \(line )\d+"),
    ("go-trace", "goroutine runtime·error:",
     r"\bgoroutine \d+ \[\w+|\bruntime error: (?:index out|invalid memory|slice bounds|integer div)"),
    ("ruby-frame", ".rb:",
     r"\.rb:\d+:in [`'‘]|(?<![\w/.-])[\w./-]{1,200}\.rb: in [`\w]"),
    ("perl-error", "·line·", r"\bat \S{1,300}\.(?:p[lm]|cgi|psgi|t) line \d+"),
    ("rust-panic", "panicked std:: core:: alloc:: tokio:: hyper:: axum:: actix rocket::",
     r"\bthread '[^'\n]{0,100}' panicked at\b"
     r"|(?m:^\s{0,9}\d+: (?:0x[0-9a-f]+ - )?"
     r"(?:std|core|alloc|tokio|hyper|axum|actix_\w{1,30}|rocket)::)"),
    ("erlang-frame", "{file, },{ },\n",
     r"\{file,\s{0,40}\"[^\"\n]{1,300}\"\},\s{0,40}\{line,\s{0,40}\d+\}"
     r"|(?:\{[a-z]\w{0,80},\s{0,40}[a-z]\w{0,80},\s{0,40}\d+\},\s{0,40}){2}"),
    ("erlang-error",
     "{bad {case_ {try_ {nocatch, {function_clause, {undef, {if_clause, REPORT exception",
     r"\{(?:badmatch|case_clause|try_clause|badkey|badrecord|badmap|badfun|badarity|nocatch),"
     r"|\{(?:badarg|badarith|function_clause|undef|if_clause),\s{0,40}\["
     r"|\berlang code threw an uncaught exception\b|=(?:ERROR|CRASH|SUPERVISOR) REPORT===="
     r"|\*\* exception (?:error|exit|throw):"),
    ("elixir-error", "**·(",
     r"\*\* \((?:[A-Z][\w.]{0,80}(?:Error|Exit)\)|(?:exit|throw|EXIT)[ )])"),
    ("haskell-error", "CallStack called·at hs: Prelude.",
     r"\bCallStack \(from HasCallStack\)|, called at \S{1,200}:\d+:\d+ in \S"
     r"|\.l?hs:\(?\d+[,:]\d+|\bPrelude\.[\w.!]{1,30}: "),
    ("lua-error", "traceback: [string· [C]: _by_lua",
     r"\bstack traceback:\s|\[string \"[^\"\n]{0,200}\"\]:\d+:|\[C\]: in (?:function|\?)"
     r"|\b[a-z]{1,20}_by_lua(?:_\w{1,20})?\([^()\n]{1,100}:\d+\)"),
    ("lisp-error", ":·( SB- Unhandled debugger Backtrace·for",
     r"(?m:^\s{0,9}\d{1,3}: \(\(?(?:[A-Z*%][A-Z0-9%*+<>=/:.-]{2,80}|:METHOD)[ )])"
     r"|\bSB-[A-Z]{1,20}::?[A-Z%*]|\bUnhandled [A-Z][A-Z0-9:-]{2,80} in thread\b"
     r"|\bdebugger invoked on an? [A-Z]|\bBacktrace for: #<"),
    ("cpp-exception", "[json. terminate basic_string vector:: map:: deque:: std::",
     r"\[json\.exception\.\w{1,40}\.\d+\]|\bterminate called after throwing an instance of\b"
     r"|\b(?:basic_string|vector|map|deque)::(?:_M_\w{1,40}|\w{1,40}: __\w)"
     r"|\bstd::(?:bad_\w{1,40}|out_of_range|invalid_argument"
     r"|(?:runtime|logic|length|system)_error)\b"),
    ("ocaml-frame", "Raised· Called· Re-raised·",
     r"\b(?:Raised(?: by primitive operation)?|Called|Re-raised) (?:at|from) [^\n]{0,160}\bline \d+"),
    ("dart-frame", "(dart: (package: (file:",
     r"#\d+\s{1,9}[^\n]{1,120}\((?:dart|package|file):[^)\n]{1,200}\)"),
    ("tcl-error", "invoked·from while·executing",
     r"\binvoked from within\b|\bwhile executing\s{0,9}\n"),
    ("exception-class", "Exception Error",
     r"(?<![\w.])(?:[a-z_]\w{0,80}\.){2,20}[A-Z]\w{0,80}(?:Exception|Error)\b"),
    ("python-exception", "Error",
     r"\b(?:Key|Type|Value|Attribute|Index|Name|Unicode\w{0,20}|JSONDecode|Integrity|Operational"
     r"|Programming)Error\b\s{0,9}[:(]"),
    ("java-exception", "Exception",
     r"\b(?:NullPointer|ClassCast|IllegalArgument|IllegalState|SQL\w{0,40}|JsonParse|NumberFormat"
     r"|Runtime)Exception\b"),
    ("sql-state",
     "SQL Sql sql ORA- or·near syntax quotation·mark Incorrect·syntax Unknown·column ER_ PG::"
     " psycopg pymysql pg8000 ][ODBC",
     r"\b(?i:SQLSTATE|SQLCODE)\b|\bORA-\d{5}\b|\bSQL syntax\b"
     r"|\b(?:ERROR|error): [^\n]{0,120}\bat or near\b|\bsyntax error at or near\b"
     r"|near \"[^\"\n]{0,300}\": syntax error|\bUnclosed quotation mark\b"
     r"|\bIncorrect syntax near\b|\bUnknown column '|\bER_[A-Z]{1,60}_ERROR\b|\bPG::\w{1,60}"
     r"|\b(?:sqlite3|psycopg2?|pymysql|MySQLdb|pg8000|sqlalchemy)\.\w"
     r"|\bSQL(?:ite)?_?ERROR\b|\[(?:Microsoft|MySQL|unixODBC|FreeTDS)\]\[(?:ODBC|SQL)"),
    # What databases say of NUL, of four bytes in UTF-8 and of long texts, whose own state is not told.
    ("sql-state",
     "byte·sequence·for too·long·for Illegal·mix Incorrect·string be·truncated Unicode·escape·seq"
     " JDBC TBR- ): SQL·[",
     r"\binvalid byte sequence for encoding \"|\bvalue too long for type char"
     r"|\bData too long for column '|\bIllegal mix of collations \(|\bIncorrect string value: '"
     r"|\bString or binary data would be truncated\b|\bunsupported Unicode escape sequence\b"
     r"|\bDBTech JDBC: \[|\b(?:JDBC|TBR)-\d{4,6}:|[;,] SQL \[[^\]\n]{1,300}\]"
     r"|\b[1-4]\d{3} \((?:HY000|42S?\d{2,3}|2[0-8]\d{3}|08S01)\):"),
    # The same in Korean, as SQL Server, MariaDB and PostgreSQL have it, and CUBRID's mark in any language.
    ("sql-state",
     "[CAS·INFO- 근처의·구문이 에러·같습니다. Unknown·칼럼 구문·오류, 인코딩에서·사용할 자료형에·너무·긴"
     " 유니코드·이스케이프",
     r"\[CAS INFO-[^\]\n]{1,200}\]|근처의 구문이 잘못되었습니다|에러 같습니다\. \('|\bUnknown 칼럼 '"
     r"|구문 오류, (?:\"[^\"\n]{1,300}\" 부근|입력 끝부분)|\" 인코딩에서 사용할 수 없는 문자가 있음"
     r"|\bcharacter(?: varying)?\(\d{1,9}\) 자료형에 너무 긴 자료를"
     r"|지원하지 않는 유니코드 이스케이프 조합"),
    ("sql-statement", "where WHERE Where",
     r"(?i:\bselect\b[^;\n]{1,200}\bfrom\b[^;\n]{1,200}\bwhere\b)"),
    ("source-file", "",
     rf"\"(?i:(?:file|source)[_-]?(?:name|path|file)?)\"\s{{0,9}}:\s{{0,9}}\"[^\"\n]{{1,300}}"
     rf"\.(?:{_PLAIN}|{_DOMAIN_TOO}|{_OF_THE_WEB})\""),
    ("source-file", "", rf"(?<![\w:/.])(?:/{_FOLDER}){{2,30}}\.(?:{_PLAIN})\b"),
    ("source-file", "",
     rf"(?<![\w:/.])/?(?:{_FOLDER}/){{0,30}}[\w@+-]{{1,100}}\.(?:{_PLAIN}|{_OF_THE_WEB}):\d+\b"),
    # The line in words or in brackets: of the latter only what is no method of a script in a page.
    ("source-file", "",
     rf"(?<![\w:/.])/?(?:{_FOLDER}/){{0,30}}[\w@+-]{{1,100}}"
     rf"(?:\.(?:{_PLAIN}|{_OF_THE_WEB}),? line \d"
     rf"|\.(?:cpp|cs|cxx|erl|fsx?|groovy|java|kts?|nim|php\d?|scala|swift|vb)\(\d{{1,6}}(?:,\d{{1,6}})?\))"),
    ("source-file", "",
     rf"(?<![\w/])[\w@+-]{{1,100}}\.(?:{_DOMAIN_TOO}|h):\d+:\d+\b"
     rf"|(?<![\w:/.])/?(?:{_FOLDER}/){{1,30}}[\w@+-]{{1,100}}\.(?:{_DOMAIN_TOO}|h):\d+\b(?!/)"),
    ("source-file", "",
     rf"{_ROOT}(?:usr|home|var|opt|srv|app|root|etc|tmp|mnt|workspace)/[\w.@+/-]{{1,300}}"
     rf"\.(?:{_PLAIN}|{_DOMAIN_TOO}|jar|war|class|so)\b"),
    # Of these only folders that no URL path begins with: /app/main.js may be one.
    ("source-file", "",
     rf"{_ROOT}(?:usr|var|opt|srv|root|mnt)/[\w.@+/-]{{1,300}}\.(?:{_OF_THE_WEB})\b"),
    ("source-file", "",
     rf"\b[A-Za-z]:[\\/]{{1,4}}(?:[\w .@+-]{{1,100}}[\\/]{{1,4}}){{1,30}}[\w@+-]{{1,100}}"
     rf"\.(?:{_PLAIN}|{_DOMAIN_TOO}|{_OF_THE_WEB}|dll|exe)\b"),
)
# fmt: on


class _Sign(NamedTuple):
    kind: str
    clues: tuple[str, ...]
    pattern: str


_SIGNS = tuple(
    _Sign(kind, tuple(clue.replace("·", " ") for clue in clues.split(" ") if clue), row)
    for kind, clues, row in _ROWS
)
# All clues by a piece of each that most texts lack; the last ones have none.
_RARE = (
    *("{", "(", "[", "*", ")", "]", "#", "::", "xce", "ck", "rro", "yn", "ed ", " f", "QL", "ql"),
    *("here", "HERE", "=", ".", ":", "_", ""),
)
_CLUES = {
    rare: clues
    for at, rare in enumerate(_RARE)
    if (
        clues := tuple(
            dict.fromkeys(
                clue
                for sign in _SIGNS
                for clue in sign.clues
                if rare in clue and not any(one in clue for one in _RARE[:at])
            )
        )
    )
}
KINDS = tuple(dict.fromkeys(sign.kind for sign in _SIGNS))
# A text longer than this is looked through around the clues only, and around so many characters at most.
_SHORT = 32 * 1024
_AROUND = 500
_MOST_AROUND = 128 * 1024
# A long run of base64 or of escaped bytes is a token, a file or a key: no sign is without a blank, a dot
# or a bracket for so long.
_LONG_RUN, _PLACES = 4 * _AROUND, 16
# Two patterns, each of them quick by itself; characters in full, since `\w` is looked up one by one.
_RUN = re.compile(rf"(?<![A-Za-z0-9_+/=-])[A-Za-z0-9_+/=-]{{{_LONG_RUN},}}+")
_RUN_OF_OCTETS = re.compile(rf"(?<!%[0-9A-Fa-f]{{2}})(?:%[0-9A-Fa-f]{{2}}){{{_LONG_RUN // 3},}}+")
# What is told of one kind: it may be what the request had said, and so no inside.
_MOST_TOLD = 16


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern that is to be looked for: in most runs few are, since no clue is there."""
    return re.compile(pattern)


@lru_cache(maxsize=512)
def internals_in(text: str) -> tuple[tuple[str, str], ...]:
    """Return what shows the inside of a server in a text: its kind, and the place itself."""
    if _may_have_runs(text):
        text = _RUN.sub(_ends_of_run, text)
        if "%" in text:
            text = _RUN_OF_OCTETS.sub(_ends_of_run, text)
    if not may_show_internals(text):
        return ()
    near_files = _near((), text)
    is_short = len(text) <= _SHORT
    found: list[tuple[str, str]] = []
    for kind, clues, pattern in _SIGNS:
        for clue in clues:
            if clue in text:
                break
        else:
            if clues or not near_files:
                continue
        pieces = near_files if not clues else (text,) if is_short else _near(clues, text)
        compiled = _compiled(pattern)
        matches = (match.group() for piece in pieces for match in compiled.finditer(piece))
        found += ((kind, match) for match in islice(matches, _MOST_TOLD))
    return tuple(dict.fromkeys(found))


def may_show_internals(text: str) -> bool:
    """Tell whether a text holds a piece of any sign: where it does not, nothing is found in it."""
    for rare, clues in _CLUES.items():
        if rare in text:
            for clue in clues:
                if clue in text:
                    return True
    return _EXTENSION.search(text) is not None


def _may_have_runs(text: str) -> bool:
    """Tell whether a text goes on without a blank for as long as a run does, at one of a few places."""
    places = range(0, len(text) - _LONG_RUN + 1, max(_LONG_RUN, len(text) // _PLACES))
    return any(text.find(" ", at, at + _LONG_RUN) < 0 for at in places)


def _ends_of_run(run: re.Match[str]) -> str:
    return f"{run.group()[:_AROUND]}\n{run.group()[-_AROUND:]}"


def _near(clues: tuple[str, ...], text: str) -> Sequence[str]:
    """Return where to look for a sign: the text if a clue is in it, of a long one what is around each."""
    if len(text) > _SHORT:
        # Each by itself, since a search for one word is quicker than for any of several by far.
        there = tuple(clue for clue in clues if clue in text)
        return list(_around_clues(there, text))
    return (text,) if _EXTENSION.search(text) else ()


def _around_clues(clues: tuple[str, ...], text: str) -> Iterator[str]:
    """Yield the pieces of a text in which a clue stands; what overlaps is one piece."""
    begin, end, looked_at = 0, 0, 0
    for start, stop in _places(clues, text):
        if start - _AROUND > end:
            if end:
                yield text[begin:end]
            begin = max(0, start - _AROUND)
        looked_at += stop + _AROUND - max(end, begin)
        end = stop + _AROUND
        if looked_at > _MOST_AROUND:
            break
    if end:
        yield text[begin:end]


def _places(clues: tuple[str, ...], text: str) -> Iterator[tuple[int, int]]:
    pattern = re.compile("|".join(re.escape(clue) for clue in clues)) if clues else _EXTENSION
    return (match.span() for match in pattern.finditer(text))


# A member that names a file, as loggers and serialisers of exceptions write frames.
_OF_A_FILE = re.compile(r"(?i)(?:file|source)_?-?(?:name|path|file)?")
_LONGEST_OF_A_FILE = len("source_-name")
_A_FILE = re.compile(rf"[\w.@+\\/: -]{{0,300}}[\w@+-]\.(?:{_PLAIN}|{_DOMAIN_TOO}|{_OF_THE_WEB})")


def names_source_file(name: str, value: str) -> bool:
    """Tell whether a member says, by its name and its value, in which source file something stands."""
    if len(name) > _LONGEST_OF_A_FILE or not _is_of_a_file(name):
        return False
    return _A_FILE.fullmatch(value) is not None


@lru_cache(maxsize=512)
def _is_of_a_file(name: str) -> bool:
    """Tell whether a member is named for a file: the same few names come again and again."""
    return _OF_A_FILE.fullmatch(name) is not None
