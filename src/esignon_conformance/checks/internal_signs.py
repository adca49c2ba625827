"""The signs of the inside of a server, as data: what each looks like, and what to look for first."""

from __future__ import annotations

# What a name of a source file ends in, and of these what is a domain, too: a number behind that may be
# a port. Scripts of the web stand in URLs, and name the inside only with a line or under a folder that
# no URL begins with.
PLAIN = (
    "asd|bal|c|cc|cfc|clj|cpp|cs|cxx|dart|eex|erb|erl|exs?|fsx?|go|groovy|haml|heex|hpp|hrl|java|jl|kts?"
    "|l?hs|lisp|lua|mli|nim|pl|psgi|py|pyx|rb|rkt|rs|scala|slim|swift|tcl|tsx?|vb|zig"
)
DOMAIN_TOO = "cl|cr|hh|ml|pm"
OF_THE_WEB = "cfm|cgi|[mc]?js|jsx|php\\d?|phtml|jsp|aspx?|cshtml|vbhtml|yaws"
# Behind what is a country's domain, too, these are ports: api.pl:443 names no script.
PORT = r"(?:80|443|3128|8080|8443)"
FOLDER = r"[\w.@+-]{1,100}"
ROOT = r"(?:(?<=\s)|(?<=[\"'(\[=>])|^)/"
# What is looked for: its kind; what every match holds a piece of, "·" for a blank, or nothing for the
# end of a file's name; what it looks like. Every quantifier has a bound, and what begins with one
# begins where a word does, so that no page takes long.
# fmt: off
ROWS: tuple[tuple[str, str, str], ...] = (
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
     r"(?<![\w.])(?:System|Microsoft|Npgsql|MySql\w{0,20}|Oracle|MongoDB|Newtonsoft|StackExchange"
     r"|NHibernate|FirebirdSql)\.(?:\w{1,80}\.){0,8}\w{1,80}Exception\b"),
    ("php-frame", ".php {main}",
     r"#\d+ [^\n]{0,300}\.php\(\d+\)|#\d+ \{main\}"
     r"|\bin /?[^\s]{1,300}\.php(?: on line |:| \(line )\d+"),
    ("go-trace", "goroutine runtime·error:",
     r"\bgoroutine \d+ \[\w+|\bruntime error: (?:index out|invalid memory|slice bounds|integer div)"),
    ("ruby-frame", ".rb:",
     r"\.rb:\d+:in [`'‘]|(?<![\w/.-])[\w./-]{1,200}\.rb: in [`\w]"),
    ("perl-error", "·line·", r"\bat (?:\S{1,300}\.(?:p[lm]|cgi|psgi|t)|\(eval \d{1,6}\)) line \d+"),
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
    ("prolog-error", "<stream>( '$ Unknown·procedure",
     r"<stream>\(0x[0-9a-f]{6,16}\)|'\$[a-z_]\w{0,80}'/\d{1,2}: |\bUnknown procedure:? \S{1,100}/\d"),
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
    # PHP: a class of exceptions in its name space, and what a function says of its argument.
    ("exception-class", "Exception Error",
     r"(?<![\w:\\/])(?:[A-Z]\w{0,80}|yii)\\{1,2}(?:\w{1,80}\\{1,2}){0,10}\w{0,80}(?:Exception|Error)\b"),
    # Before PHP 8 it "expects parameter 1 to be string, array given".
    ("php-frame", "Argument·# )·expects·",
     r"\b[\w\\]{1,200}(?:::\w{1,80})?\(\): Argument #\d{1,3} \(\$\w{1,80}\) must be "
     r"|\b[\w\\]{1,200}\(\) expects (?:parameter|(?:at least|at most|exactly)) \d{1,3}"
     r"(?: to be |(?: parameters?| arguments?)?, )"),
    # What Node's ORMs and the driver of MongoDB call their errors, and mongoose says of a type.
    ("exception-class", "Error E11000 Cast·to·",
     r"\b(?:QueryFailed|Sequelize\w{1,40}|PrismaClient\w{1,40}|Mongo(?:ose|[A-Z]\w{1,40})?|BSON)Error\b"
     r"|\bE11000 duplicate key error\b|\bCast to \w{1,40} failed for value \S"),
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
    # Databases whose messages hold a number or a name of their own: H2, Firebird, Db2, SQL Server,
    # ClickHouse, Perl's DBI and node-sqlite3.
    ("sql-state", "SQL string·right Msg· DB:: DBD::",
     r"\[(?:0[0-9A-Z]|2[0-9A-Z]|4[0-9A-Z]|9\d)[0-9A-Z]{3}-\d{2,3}\](?!\w)"
     r"|\bSQL error code = -?\d|\bstring right truncation\b|\bSQL\d{4,5}[NCW]\b|\bSQLITE_[A-Z]{3,30}\b"
     r"|\bMsg \d{1,6}, Level \d{1,2}, State \d|\bDB::Exception\b"
     r"|\bDBD::\w{1,30}::(?:st|db|dr) \w{1,40} failed\b"),
    # What stands in front is a driver's, and most drop it: the texts of PostgreSQL, MySQL, SQLite and
    # SQL Server by themselves, of what does not exist, is not of the type or came at once.
    ("sql-state",
     "·does·not·exist unterminated·quoted invalid·input·syntax ·violates· current·transaction FATAL:"
     " (using·password Duplicate·entry restarting·transaction constraint·failed no·such· is·locked"
     " ·name·' converting·the",
     r"\b(?:relation|column) \"?[a-z_][\w.]{0,100}\"? does not exist\b(?! in)"
     r"|\boperator does not exist: [\w\" ]{1,80} [=<>~!@|+*/-]|\bunterminated quoted string at\b"
     r"|\bfunction [\w.]{1,100}\((?:(?:unknown|text|integer|bigint|character varying|jsonb?|record)"
     r"(?:, )?){1,20}\) does not exist\b"
     r"|\binvalid input syntax for (?:type )?\w{1,60}\b|\bviolates (?:unique|not-null|foreign key|check) "
     r"constraint\b|\bcurrent transaction is aborted, commands\b"
     r"|\bFATAL: {1,3}(?:password authentication failed|role \"|database \"|sorry, too many|no pg_hba)"
     r"|\(using password: (?:YES|NO)\)|\bDuplicate entry '[^'\n]{0,300}' for key '"
     r"|\btry restarting transaction\b|\b(?:UNIQUE|NOT NULL|FOREIGN KEY|CHECK) constraint failed\b"
     r"|\bno such (?:table|column): \w|\bdatabase (?:table )?is locked\b(?! out)"
     r"|\bInvalid (?:column|object) name '|\bConversion failed when converting the \w"),
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
     rf"\.(?:{PLAIN}|{DOMAIN_TOO}|{OF_THE_WEB})\""),
    ("source-file", "", rf"(?<![\w:/.])(?:/{FOLDER}){{2,30}}\.(?:{PLAIN})\b"),
    ("source-file", "",
     rf"(?<![\w:/.])/?(?:{FOLDER}/){{0,30}}[\w@+-]{{1,100}}\.(?!(?:cc|pl|py|rs):{PORT}\b)"
     rf"(?:{PLAIN}|{OF_THE_WEB}):\d+\b"),
    # A module as Node, Deno and bundlers name it, which is no URL of the web.
    ("source-file", ":///",
     rf"\b(?:file|webpack(?:-internal)?|turbopack|meteor|ng):///(?:[\w.@+%~:()-]{{0,100}}/){{0,30}}"
     rf"[\w.@+%~-]{{1,100}}\.(?:{PLAIN}|{DOMAIN_TOO}|{OF_THE_WEB})\b"),
    # D, Free Pascal and Delphi, each as its run-time writes a place.
    ("source-file", ".d( .d: .pas .pp .lpr .dpr .inc",
     r"(?<=[\w.-][@/])[\w+-]{1,100}\.d(?:\(\d{1,6}\)|:\d{1,6} )"
     r"|\bline \d{1,6} of (?:[\w.@+-]{1,100}[\\/]){0,30}[\w+-]{1,100}\.(?:pas|pp|lpr|dpr|inc)\b"),
    # The line in words or in brackets: of the latter only what is no method of a script in a page.
    ("source-file", "",
     rf"(?<![\w:/.])/?(?:{FOLDER}/){{0,30}}[\w@+-]{{1,100}}"
     rf"(?:\.(?:{PLAIN}|{OF_THE_WEB})(?:,| at)? line \d"
     rf"|\.(?:cpp|cs|cxx|erl|fsx?|groovy|java|kts?|nim|php\d?|scala|swift|vb)\(\d{{1,6}}(?:,\d{{1,6}})?\))"),
    ("source-file", "",
     rf"(?<![\w/])[\w@+-]{{1,100}}\.(?:{DOMAIN_TOO}|h):\d+:\d+\b"
     rf"|(?<![\w:/.])/?(?:{FOLDER}/){{1,30}}[\w@+-]{{1,100}}\.(?:{DOMAIN_TOO}|h):\d+\b(?!/)"),
    ("source-file", "",
     rf"{ROOT}(?:usr|home|var|opt|srv|app|root|etc|tmp|mnt|workspace)/[\w.@+/-]{{1,300}}"
     rf"\.(?:{PLAIN}|{DOMAIN_TOO}|jar|war|class|so)\b"),
    # Of these only folders that no URL path begins with: /app/main.js may be one.
    ("source-file", "",
     rf"{ROOT}(?:usr|var|opt|srv|root|mnt)/[\w.@+/-]{{1,300}}\.(?:{OF_THE_WEB})\b"),
    ("source-file", "",
     rf"\b[A-Za-z]:[\\/]{{1,4}}(?:[\w .@+-]{{1,100}}[\\/]{{1,4}}){{1,30}}[\w@+-]{{1,100}}"
     rf"\.(?:{PLAIN}|{DOMAIN_TOO}|{OF_THE_WEB}|dll|exe)\b"),
)
# fmt: on
