"""SEC-4: nothing of the inside of a server in an answer, and what only looks like it."""

from __future__ import annotations

import base64
import gzip
import html

import pytest

from selftest.support.exchanges import contract, page, refusal
from selftest.support.judged import basis, failing, got, verdict, verdicts
from selftest.support.leaking import says, word

LEAKS: dict[str, str] = {
    "Python traceback": "Traceback (most recent call last):",
    "Python frame": 'File "/srv/app/login.py", line 42, in post',
    "Python frame of a relative file": 'File "login.py", line 42',
    "Perl frame of Mojolicious": 'File "lib/Login.pm", line 42, around',
    "Python exception": "KeyError: 'memb_pwd'",
    "Python exception of json": "json.decoder.JSONDecodeError: Expecting value",
    "JVM frame": "\tat net.esignon.api.LoginController.login(LoginController.java:87)",
    "JVM native frame": "at java.lang.reflect.Method.invoke(Native Method)",
    "JVM exception": "java.lang.NullPointerException",
    "JVM exception alone": "NullPointerException: null",
    "Spring exception": "org.springframework.http.converter.HttpMessageNotReadableException: x",
    "JavaScript frame": "    at login (/app/src/login.js:10:15)",
    "JavaScript frame of a module": "at async file:///app/login.mjs:10:15",
    ".NET frame": "   at Esignon.Api.Login.Post(String id) in C:\\src\\Login.cs:line 42",
    ".NET frame without its place": "NullReference\n   at Esignon.Api.Login.Post(String id)",
    "PHP frame": "#0 /var/www/html/login.php(42): login()",
    "PHP message": "Warning: Undefined index in /var/www/html/login.php on line 42",
    "Go trace": "goroutine 1 [running]:",
    "Go source": "/go/src/api/login.go:42 +0x1d",
    "Ruby frame": "app/controllers/login.rb:42:in `create'",
    "Rust panic": "thread 'main' panicked at src/main.rs:4:5",
    "SQL state": "SQLSTATE[42000]: Syntax error or access violation",
    "Oracle": "ORA-00933: SQL command not properly ended",
    "MySQL": "You have an error in your SQL syntax; check the manual",
    "PostgreSQL": 'ERROR: syntax error at or near "1"',
    "SQLite": 'near "OR": syntax error',
    "PostgreSQL of NUL": 'invalid byte sequence for encoding "UTF8": 0x00',
    "PostgreSQL of a long text": "value too long for type character varying(255)",
    "PostgreSQL of NUL in JSON": "unsupported Unicode escape sequence",
    "MySQL with its state alone": "1366 (HY000): wrong",
    "MySQL of four bytes": "Incorrect string value: '\\xF0\\x9F\\x98\\x80' for column 'email' at row 1",
    "MySQL of letters that a column lacks": "Illegal mix of collations (latin1_swedish_ci,IMPLICIT)",
    "MySQL of a long text": "Data too long for column 'email' at row 1",
    "SQL Server of a long text": "String or binary data would be truncated.",
    "Hibernate": "could not extract ResultSet; SQL [n/a]",
    "Tibero": "JDBC-8026:Invalid identifier.",
    "HANA": "SAP DBTech JDBC: [257]: sql syntax error",
    "SQL Server": "Unclosed quotation mark after the character string",
    "SQL Server in Korean": "줄 1: 'OR' 근처의 구문이 잘못되었습니다.",
    "MariaDB in Korean": "'SQL 구문에 오류가 있습니다.' 에러 같습니다. ('selec 1' 명령어 라인 1)",
    "MariaDB of a column in Korean": "Unknown 칼럼 'memb' in 'SELECT'",
    "H2": 'Value too long for column "E": "x (300)"; SQL statement:\ninsert into a values(?) [22001-214]',
    "Firebird": "Dynamic SQL Error\n-SQL error code = -104\n-Token unknown",
    "Firebird of a long text": "-string right truncation\n-expected length 20, actual 300",
    "Db2": "SQL0104N  An unexpected token was found",
    "SQL Server's client": "Msg 102, Level 15, State 1, Line 1",
    "ClickHouse": "Code: 62. DB::Exception: failed at position 12",
    "Perl's DBI": "DBD::mysql::st execute failed: wrong",
    "node-sqlite3": "SQLITE_ERROR: no such column: x",
    "Perl's eval": 'Can\'t call method "x" on an undefined value at (eval 12) line 3.',
    "CodeIgniter": "APPPATH/Controllers/Login.php at line 12",
    "PHP class": "yii\\base\\ErrorException",
    "PHP argument": "App\\Auth::check(): Argument #2 ($password) must be of type string, array given",
    "SWI-Prolog": "'$get_dict_ex'/3: key `memb_email' does not exist in _504{}",
    "SWI-Prolog's stream": "Stream <stream>(0x5557d0a19a00):1:5 Syntax error: json(eof_in_string)",
    "SWI-Prolog of what is not defined": "Unknown procedure: login:check_member/3",
    "Free Pascal frame": "  $00000000004010EF  LOGIN,  line 3 of login.pas",
    "D place": "object.Exception@source/app.d(12): wrong",
    "D frame": "/srv/app/login.d:3 _Dmain [0x56293d6db9a4]",
    "PostgreSQL in Korean": '구문 오류, "OR" 부근',
    "PostgreSQL of the end in Korean": "구문 오류, 입력 끝부분",
    "PostgreSQL of NUL in Korean": '"UTF8" 인코딩에서 사용할 수 없는 문자가 있음: 0x00',
    "PostgreSQL of a long text in Korean": "character(9) 자료형에 너무 긴 자료를 담으려고 합니다.",
    "PostgreSQL of NUL in JSON in Korean": "지원하지 않는 유니코드 이스케이프 조합",
    "PostgreSQL's driver of Go": 'pq: unterminated quoted string at or near "\'"',
    "PostgreSQL of a relation": 'relation "member" does not exist',
    "PostgreSQL of a type": "operator does not exist: character varying = integer",
    "PostgreSQL of a value": 'invalid input syntax for type integer: "x"',
    "PostgreSQL of a key": 'duplicate key value violates unique constraint "member_pkey"',
    "PostgreSQL of its own login": 'FATAL:  password authentication failed for user "app"',
    "MySQL of its own login": "Access denied for user 'app'@'10.0.0.5' (using password: YES)",
    "MySQL of a key": "Duplicate entry 'seorin' for key 'session.PRIMARY'",
    "MySQL of a deadlock": "Deadlock found when trying to get lock; try restarting transaction",
    "SQLite of a column": "no such column: memb",
    "SQLite of many at once": "database is locked",
    "SQL Server of a column": "Invalid column name 'memb'.",
    "Npgsql": "Npgsql.PostgresException (0x80004005): 42P01",
    "Sequelize": "SequelizeConnectionRefusedError: connect",
    "Prisma": "PrismaClientKnownRequestError: \nInvalid invocation",
    "MongoDB": "MongoServerError: unknown operator: $foo",
    "MongoDB of a key": "E11000 duplicate key error collection: app.member",
    "mongoose": 'Cast to string failed for value "{ x: 1 }" (type Object) at path "memb_pwd"',
    "PHP 7 argument": "strcmp() expects parameter 1 to be string, array given",
    "PHP 7 number of arguments": "hash() expects at least 2 parameters, 1 given",
    "a module of Node": "file:///home/api/dist/server.js:12",
    "a module of webpack": "webpack-internal:///./src/login.ts:12:9",
    "CUBRID": "Has been interrupted.[CAS INFO-localhost:33000,1,44].",
    "a driver": "sqlite3.OperationalError",
    "SQL statement": "SELECT id FROM member WHERE email = 'x'",
    "a source file": "error in /srv/app/login/views.py",
    "a compiled file": "/usr/lib/jvm/app/login.jar",
    "a source file with its line": "login.ts:42",
    "a source file of a country's ending with its line": "login.rs:42",
    "a source file at a line that may be a port": "login.ts:443",
    "a source file, its line in words": "Fatal error: no value: file App/routes.swift, line 10",
    "a source file, its line in brackets": "app.nim(10) login",
    "a source file, line and column in brackets": "Login.cs(12,5): no value",
    "Ballerina frame": "at login.main:issue(main.bal:10)",
    "OpenResty": "access_by_lua(nginx.conf:55):3: attempt to index a nil value",
    "a Windows path": "C:\\inetpub\\wwwroot\\login.aspx",
}


@pytest.mark.parametrize("text", LEAKS.values(), ids=LEAKS)
def test_sec_4_sees_the_inside_of_a_server(text: str) -> None:
    judged = verdict("SEC-4", says(text))
    assert (judged.verdict, got(judged)) == ("fails", ["internals"])
    embedded = refusal("empty-body", {"/body": {"detail": f"500 error.\n{text}\nmore"}})
    assert word("SEC-4", embedded) == "fails"
    exempt = page("empty-body", 415, body=f"<pre>{html.escape(text)}</pre>".encode())
    assert word("SEC-4", exempt) == "fails"


def test_sec_4_looks_at_pages_of_other_methods_and_of_the_http_layer() -> None:
    trace = b"<pre>Traceback (most recent call last):\n</pre>"
    for exchange in (
        page("get-with-body", 405, body=trace),
        page("odd-company-slash", 404, body=trace),
        page("empty-body", 415, body=trace),
        page("sql-or-in-email", 403, body=trace),
    ):
        assert word("SEC-4", exchange) == "fails"
    # A debug page comes with a 500: two clauses are broken by it.
    broken = page("empty-body", 500, body=trace)
    judged = verdicts([*basis(), broken], only=["SEC-4", "ENV-10", "ENV-1"])
    assert failing(judged) == {"ENV-10", "SEC-4"}


def test_sec_4_does_not_look_at_the_head() -> None:
    headers = {"Server": "nginx/1.25", "X-Powered-By": "PHP/8.2"}
    assert word("SEC-4", refusal("unknown-email", headers=headers)) == "holds"


def test_sec_4_sees_what_is_encoded_or_compressed() -> None:
    trace = b'Traceback (most recent call last):\n  File "/srv/app/login.py", line 42\n'
    packed = [base64.b64encode(one).decode() for one in (trace, gzip.compress(trace))]
    for text in packed:
        assert word("SEC-4", says(text)) == "fails"
        cookie = {"Set-Cookie": f"flash={text}; Path=/"}
        assert word("SEC-4", refusal("unknown-email", headers=cookie)) == "fails"
    plain = base64.b64encode(
        b'{"email": "dodam.seo@example.invalid", "roles": ["member"]}'
    ).decode()
    assert word("SEC-4", refusal("unknown-email", headers={"Set-Cookie": f"s={plain}"})) == "holds"


NO_LEAKS: tuple[str, ...] = (
    "구문 오류",
    "전문의 구문이 잘못되었습니다.",
    "이메일에 쓸 수 없는 문자가 있음",
    "에러 같습니다.",
    "Unexpected exception ( 잘못된 포맷 )",
    "Unexpected exception ( invalid format )",
    "Unexpected exception (不正なフォーマット)",
    "unexpected EXCEPTION",
    "Internal error. Error code 99",
    "/api/gaon3021/login",
    "No route for POST /api/v1/gaon3021/login",
    "https://docs.esignon.invalid/api/gaon3021/login",
    "see https://docs.esignon.invalid/errors/login.html",
    "https://docs.esignon.invalid/static/app.js",
    "https://docs.esignon.invalid:8443/static/js/app.min.js?v=3",
    '<script src="/static/app.js"></script>',
    '<script src="/static/js/vendor/jquery-3.7.1.min.js"></script>',
    '<link href="/assets/css/site.css" rel="stylesheet">',
    '<a href="/docs/index.php">help</a>',
    "<script>history.go(1)</script>",
    "<script>a.c(1); b.d(2)</script>",
    "the form of 2020 (line 10)",
    '<form action="/login.jsp">',
    '<script src="/app/main.js"></script>',
    "<script src=/home/js/main.js></script>",
    '<a href="/home/index.php">home</a>',
    "moved to /app/login.jsp",
    "/images/logo.png",
    "select a company from the list",
    "the syntax is wrong: error 12",
    "at 10:15 on 2030-06-01",
    "10:15:30.123 at line 4, column 12",
    "version 1.2.3",
    "e.g. login.name@gaon.invalid",
    "오류가 발생했습니다. 관리자에게 문의해주세요.",
    "TypeError",
    "the value is too long for this field",
    "The company does not exist",
    'The company "gaon3021" does not exist.',
    "The user seorin does not exist: check the email",
    "Login failed for user 'seorin'",
    "Access denied for user 'seorin'",
    "The account is locked",
    "Duplicate entry of the email",
    "no such company: gaon3021",
    "a password that violates the rules",
    "Invalid name 'x'",
    "The file:///etc",
    "login() expects an email",
    "Cast to another role failed",
    "The database is locked out for maintenance",
    'The column "memb_pwd" does not exist in the request',
    "function login(id) does not exist",
    "login() expects exactly 2 members",
    "1.1 api.pl:443 (squid)",
    "cannot connect to gaon.rs:8080",
    "2030 (42 of 50): full",
    "see JDBC-drivers: none",
    "meet us at Gaon.Seoul.Tower (3F)",
    "1001A",
    "a/b",
    "it costs '$9'/2: no",
    "Unknown procedure for 1/2",
    "and/or",
    "2030/06/01",
)


@pytest.mark.parametrize("text", NO_LEAKS)
def test_sec_4_takes_what_only_looks_like_it(text: str) -> None:
    assert word("SEC-4", says(text)) == "holds"
    in_a_page = page("get-with-body", 405, body=f"<html><body>{text}</body></html>".encode())
    assert word("SEC-4", in_a_page) == "holds"


def test_sec_4_takes_every_documented_text() -> None:
    for language in ("ko", *contract().other_texts):
        for code in contract().codes.refused:
            text = contract().text_of(code, language)
            assert text
            assert word("SEC-4", says(text, code=code)) == "holds"


def test_sec_4_takes_a_page_with_a_script() -> None:
    assert word("SEC-4", page("get-with-body", 405)) == "holds"
    assert word("SEC-4", page("odd-company-slash", 404)) == "holds"


def test_sec_4_takes_what_was_sent_and_comes_back() -> None:
    echoed = says("' UNION SELECT 1,1,1-- ", "sql-union-in-email")
    assert word("SEC-4", echoed) == "holds"


def test_sec_4_calls_no_place_of_another_language_pythons() -> None:
    judged = verdict("SEC-4", says('File "/usr/share/perl5/Login.pm", line 85'))
    (finding,) = judged.findings
    assert dict(finding.got.parts)["what"].key == "inside-source-file"
