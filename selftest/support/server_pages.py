"""What platforms print where a login goes wrong: pages that give nothing away, and those that do.

Shortened, and with the paths and the names of a made-up application.  `URL` stands where a platform
repeats the URL of the request.
"""

from __future__ import annotations

from collections.abc import Mapping

_APACHE = '<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n'
_TOMCAT = (
    '<!doctype html><html lang="en"><head><title>HTTP Status {0}</title><style type="text/css">body '
    "{{font-family:Tahoma,Arial,sans-serif;}} .line {{height:1px;background-color:#525D76;}}</style>"
    '</head><body><h1>HTTP Status {0}</h1><hr class="line" />{1}<hr class="line" />'
    "<h3>Apache Tomcat/10.1.60 (Debian)</h3></body></html>"
)

PLAIN: Mapping[str, str] = {
    "nginx 404": "<html>\r\n<head><title>404 Not Found</title></head>\r\n<body>\r\n<center><h1>404 Not "
    "Found</h1></center>\r\n<hr><center>nginx/1.22.1</center>\r\n</body>\r\n</html>\r\n",
    "nginx 413": "<html>\r\n<head><title>413 Request Entity Too Large</title></head>\r\n<body>\r\n"
    "<hr><center>nginx/1.22.1 (Ubuntu)</center>\r\n</body>\r\n</html>\r\n",
    "OpenResty 500": "<html><head><title>500 Internal Server Error</title></head><body><hr><center>"
    "openresty/1.21.4.1</center></body></html>",
    "Apache 404": f"{_APACHE}<title>404 Not Found</title>\n</head><body>\n<h1>Not Found</h1>\n<p>The "
    "requested URL was not found on this server.</p>\n<hr>\n<address>Apache/2.4.57 (Debian) Server at "
    "127.0.0.1 Port 8080</address>\n</body></html>\n",
    "Apache 403": f"{_APACHE}<title>403 Forbidden</title>\n</head><body>\n<p>You don't have permission to "
    "access /api/gaon3021/login on this server.</p>\n</body></html>",
    "Apache 500": f"{_APACHE}<p>Please contact the server administrator at \n webmaster@localhost to "
    "inform them of the time this error occurred,\n and the actions you performed just before this "
    "error.</p>\n<p>More information about this error may be available\nin the server error log.</p>",
    "Tomcat 404": _TOMCAT.format(
        "404 – Not Found",
        "<p><b>Type</b> Status Report</p><p><b>Message</b> The requested resource "
        "[&#47;api&#47;gaon3021&#47;login] is not available</p><p><b>Description</b> The origin server "
        "did not find a current representation for the target resource or is not willing to disclose "
        "that one exists.</p>",
    ),
    "Tomcat 405": _TOMCAT.format(
        "405 – Method Not Allowed",
        "<p><b>Message</b> HTTP method GET is not supported by this URL</p>",
    ),
    "Tomcat 500 without a report": _TOMCAT.format("500 – Internal Server Error", ""),
    "Jetty 404": '<html><head><meta http-equiv="Content-Type" content="text/html;charset=ISO-8859-1"/>\n'
    "<title>Error 404 Not Found</title>\n</head>\n<body><h2>HTTP ERROR 404 Not Found</h2>\n<table>\n"
    "<tr><th>URI:</th><td>/api/gaon3021/login</td></tr>\n<tr><th>STATUS:</th><td>404</td></tr>\n"
    "<tr><th>SERVLET:</th><td>org.eclipse.jetty.servlet.DefaultServlet-b9a77c8</td></tr>\n</table>\n"
    '<hr/><a href="https://eclipse.org/jetty">Powered by Jetty:// 9.4.50.v20221201</a><hr/>\n</body>',
    "Spring's white label": "<html><body><h1>Whitelabel Error Page</h1><p>This application has no "
    "explicit mapping for /error, so you are seeing this as a fallback.</p><div id='created'>Fri Nov 27 "
    "13:30:00 KST 2026</div><div>There was an unexpected error (type=Not Found, status=404).</div>",
    "Spring in JSON": '{"timestamp":"2026-11-27T04:30:00.123+00:00","status":405,"error":"Method Not '
    'Allowed","path":"/api/gaon3021/login"}',
    "Spring's problem detail": '{"type":"about:blank","title":"Bad Request","status":400,"detail":"Failed '
    'to read request","instance":"/api/gaon3021/login"}',
    "Play 404": "<!DOCTYPE html><html lang='en'><head><title>Not Found</title></head><body><h1>Not Found"
    "</h1><p id='detail'>For request 'GET /api/gaon3021/login'</p></body></html>",
    "Express 404": '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Error</title>'
    "\n</head>\n<body>\n<pre>Cannot GET /api/gaon3021/login</pre>\n</body>\n</html>\n",
    "Express 400 in production": '<!DOCTYPE html>\n<html lang="en">\n<body>\n<pre>Bad '
    "Request</pre>\n</body>",
    "Fastify 404": '{"message":"Route GET:/api/gaon3021/login not found","error":"Not Found",'
    '"statusCode":404}',
    "Fastify 400": '{"statusCode":400,"code":"FST_ERR_CTP_INVALID_JSON_BODY","error":"Bad Request",'
    '"message":"Body is not valid JSON but content-type is set to \'application/json\'"}',
    "Nest 400": '{"message":"Unexpected end of JSON input","error":"Bad Request","statusCode":400}',
    "Koa 404": "Not Found",
    "Flask 404": "<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not "
    "Found</h1>\n<p>The "
    "requested URL was not found on the server. If you entered the URL manually please check your "
    "spelling and try again.</p>\n",
    "Flask 400": "<!doctype html>\n<html lang=en>\n<title>400 Bad Request</title>\n<h1>Bad Request</h1>\n"
    "<p>The browser (or proxy) sent a request that this server could not understand.</p>\n",
    "Django 404": "\n<!doctype html>\n<html lang=en>\n<head>\n  <title>Not Found</title>\n</head>\n<body>\n"
    "  <h1>Not Found</h1><p>The requested resource was not found on this server.</p>\n</body>\n</html>\n",
    "FastAPI 422": '{"detail":[{"type":"json_invalid","loc":["body",12],"msg":"JSON decode error","input":'
    '{},"ctx":{"error":"Expecting value"}}]}',
    "axum 422": "Failed to deserialize the JSON body into the target type: body.memb_pwd: invalid type: "
    "integer `1`, expected a string at line 1 column 84",
    "actix 400": "Json deserialize error: EOF while parsing an object at line 1 column 20",
    "Rocket 404": '<!DOCTYPE html><html lang="en"><body align="center"><h1>404: Not Found</h1><p>The '
    "requested resource could not be found.</p><hr /><small>Rocket</small></body></html>",
    "Go 404": "404 page not found\n",
    "Gin 400": '{"error":"invalid character \'x\' looking for beginning of value"}',
    "Rails 404": "<!DOCTYPE html><html><head><title>The page you were looking for doesn't exist (404)"
    "</title></head><body><p>If you are the application owner check the logs for more information.</p>",
    "Rails 400": '{"status":400,"error":"Bad Request"}',
    "Sinatra 404": "<!DOCTYPE html>\n<html>\n<body>\n  <h2>Sinatra doesn’t know this ditty.</h2>\n  <img "
    "src='http://127.0.0.1:4567/__sinatra__/404.png'>\n  <div id=\"c\">\n    Try this:\n    <pre>get "
    "&#x27;&#x2F;api&#x2F;gaon3021&#x2F;login&#x27; do\n  &quot;Hello World&quot;\nend\n</pre>\n  </div>",
    "IIS 404": '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" '
    '"http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd"><html><body><div id="header"><h1>Server Error'
    "</h1></div><h2>404 - File or directory not found.</h2></body></html>",
    "IIS in detail": "<tr><th>Module</th><td>&nbsp;&nbsp;&nbsp;IIS Web Core</td></tr><tr><th>Notification"
    "</th><td>MapRequestHandler</td></tr><tr><th>Handler</th><td>StaticFile</td></tr><tr><th>Error Code"
    "</th><td>0x80070002</td></tr><tr><th>Requested URL</th><td>http://localhost:80/api/gaon3021/login",
    "ASP.NET without a report": "<html><body><span><H1>Server Error in '/' Application.<hr width=100% "
    "size=1></H1><h2><i>Runtime Error</i></h2></span><b> Description: </b>An application error occurred "
    "on the server. The current custom error settings for this application prevent the details of the "
    "application error from being viewed.<b>Version Information:</b> ASP.NET Version:4.8.4667.0",
    "ASP.NET Core 400": '{"type":"https://tools.ietf.org/html/rfc9110#section-15.5.1","title":"One or more '
    'validation errors occurred.","status":400,"errors":{"$.body.memb_pwd":["The JSON value could not be '
    'converted to System.String. Path: $.body.memb_pwd | LineNumber: 0 | BytePositionInLine: 90."]},'
    '"traceId":"00-84c1fd4063c38d9f3900d06e56542d48-85d1d4-00"}',
    "PHP's own 404": "<!doctype html><html><head><title>404 Not Found</title></head><body><h1>Not "
    "Found</h1>"
    '<p>The requested resource <code class="url">/api/gaon3021/login</code> was not found on this server.',
    "Laravel 404": '{"message":"The route api/gaon3021/login could not be found."}',
    "Symfony 404": '<div class="container"><h1>Oops! An Error Occurred</h1><h2>The server returned a "404 '
    'Not Found".</h2><p>Something is broken. Please let us know what you were doing.</p></div>',
    "yaws 404": "<html><body><h1>Not Found</h1>The requested URL /api/gaon3021/login was not found on this "
    "server.<p><hr><address> Yaws 2.1.1 Server at 127.0.0.1:8080 </address></body></html>",
    "Cowboy": "",
    "Phoenix 404": '{"errors":{"detail":"Not Found"}}',
    "Hunchentoot 404": "<html><head><title>404 Not Found</title></head><body><h1>Not Found</h1>The "
    "requested "
    "URL /api/gaon3021/login was not found on this server.<p><hr><address><a "
    "href='http://weitz.de/hunchentoot/'>Hunchentoot 1.2.38</a> <a href='http://www.sbcl.org/'>(SBCL "
    "2.2.9.debian)</a> at 127.0.0.1:4242</address></p></body></html>",
    "Warp 404": "File not found",
    "Yesod 404": "<!DOCTYPE html>\n<html><head><title>Not Found</title></head><body><h1>Not Found</h1>\n"
    "<p>/api/gaon3021/login</p>\n</body></html>",
    "Squid": "<html><head><title>ERROR: The requested URL could not be retrieved</title></head><body "
    "id=ERR_UNSUP_REQ><p>The following error was encountered while trying to retrieve the URL: <a "
    'href="http://127.0.0.1/api/gaon3021/login">http://127.0.0.1/api/gaon3021/login</a></p><p>Generated '
    "Fri, 27 Nov 2026 13:30:00 GMT by proxy (squid/5.7)</p></body></html>",
    "HAProxy 400": "<html><body><h1>400 Bad request</h1>\nYour browser sent an invalid request.\n</body>",
    "Envoy": "upstream connect error or disconnect/reset before headers. reset reason: connection failure",
    "ModSecurity 403": f"{_APACHE}<title>403 Forbidden</title>\n</head><body>\n<h1>Forbidden</h1>\n<p>You "
    "don't have permission to access this resource.</p>\n</body></html>",
    "Cloudflare": "<html><head><title>Attention Required! | Cloudflare</title><script "
    'src="/cdn-cgi/scripts/'
    '7d0fa10a/cloudflare-static/rocket-loader.min.js"></script></head><body>Ray ID: '
    "8c1f2a3b4c5d6e7f</body>",
    "a minified page": '<script defer="defer" src="/static/js/main.3f2a91c4.js"></script><link '
    'href="/static/css/main.e6c13ad2.css" rel="stylesheet"><noscript>You need to enable '
    "JavaScript</noscript>",
    "a script with a map": "<script>var a=function(e){return e.at(0)}</script>\n//# "
    "sourceMappingURL=app.js.map",
}

GIVING_AWAY: Mapping[str, str] = {
    "Tomcat": _TOMCAT.format(
        "500 – Internal Server Error",
        "<p><b>Exception</b></p><pre>jakarta.servlet.ServletException\n&#9;net.esignon.Login.doPost("
        "Login.java:42)\n&#9;java.base&#47;java.lang.Thread.run(Thread.java:840)\n</pre>",
    ),
    "Jetty": "<tr><th>CAUSED BY:</th><td>java.lang.ClassCastException</td></tr><h3>Caused "
    "by:</h3><pre>\n\tat "
    "net.esignon.Login.doPost(Login.java:42)\n</pre>",
    "Spring's trace": '{"status":500,"trace":"java.lang.IllegalStateException\\r\\n\\tat net.esignon.'
    'LoginController.login(LoginController.java:42)\\r\\n"}',
    "Spring Boot 1": '{"status":400,"exception":"org.springframework.http.converter.'
    'HttpMessageNotReadableException","message":"Could not read document"}',
    "a frame of Java as JSON": ""
    '{"stackTrace":[{"methodName":"login","fileName":"Login.java","lineNumber":42}]}',
    "a lambda of Kotlin": "net.esignon.ApplicationKt$module$1$1.invokeSuspend(Application.kt:21)",
    "Play in development": "<h1>Execution exception</h1><p>[NullPointerException: null]</p><h2>In <span>"
    "/srv/esignon/app/controllers/Login.scala:42</span></h2>",
    "Express in development": "<pre>SyntaxError: Unexpected token b in JSON at position 5<br> &nbsp; "
    "&nbsp;at "
    "JSON.parse (&lt;anonymous&gt;)<br> &nbsp; &nbsp;at parse (/srv/esignon/node_modules/body-parser/lib/"
    "types/json.js:92:19)</pre>",
    "Node's own frames": "at process.processTicksAndRejections (node:internal/process/task_queues:95:5)",
    "Deno": "    at file:///srv/esignon/main.ts:12:5",
    "Next in development": '{"err":{"stack":"TypeError: x\\n    at login '
    '(webpack-internal:///./login.js:7:9)"}}',
    "Werkzeug": '<h2 class="traceback">Traceback <em>(most recent call last)</em></h2>',
    "Werkzeug's frame": '<h4>File <cite class="filename">"/esignon/login.py"</cite>,\n      line <em '
    'class="line">42</em>,\n      in <code class="function">login</code></h4>',
    "Django": '<li class="frame user"><code class="fname">/srv/esignon/views.py</code>, line 42, in login',
    "Django's settings": "<td>Exception Location:</td><td>/srv/esignon/views.py, line 42, in login</td>",
    "Starlette": "<p>Traceback (most recent call last):</p><p class='frame-line'>File "
    "<span>login.py</span>, "
    "line <i>42</i></p>",
    "Sinatra": "NoMethodError: undefined method `upcase' for 12:Integer\n\tapp.rb:7:in `block in <main>'",
    "Sinatra in HTML": '<li class="frame-info app"><code>app.rb</code> in <code><strong>block in '
    "&lt;main&gt;"
    '</strong></code></li><li class="frame-info system"><code>/usr/lib/ruby/3.1.0/webrick.rb</code>',
    "Rack": '<li class="frame"><code>app.rb</code>: in <code>block in &lt;main&gt;</code></li>',
    "Ruby 3.4": "app.rb:7:in 'Object#login': undefined local variable",
    "Rails": "<code>app/controllers/login_controller.rb:12:in &#39;LoginController#create&#39;</code>",
    "PHP": '<br />\n<b>Warning</b>:  Undefined array key "body" in <b>/var/www/html/login.php</b> on line '
    "<b>12</b><br />",
    "PHP under another folder": "<b>Fatal error</b>:  Uncaught TypeError in "
    "<b>/app/login.php</b>:<b>12</b>\n"
    "Stack trace:\n#0 {main}\n  thrown in <b>/app/login.php</b> on line <b>12</b><br />",
    "Laravel": '{"message":"x","exception":"TypeError","file":"/app/Http/Login.php","line":12,"trace":[]}',
    "Symfony": '<span class="block trace-file-path">in <strong>Login.php</strong> (line 12)</span>',
    "ASP.NET's yellow page": "<pre>\n[NullReferenceException: Object reference not set to an instance "
    "of an "
    "object.]\n   Esignon.Api.LoginController.Post(LoginRequest request) +87\n</pre>",
    "ASP.NET Core": "System.Text.Json.JsonException: x\n   at "
    "Program.&lt;&gt;c.&lt;&lt;Main&gt;$&gt;b__0_0() in "
    "/srv/Esignon/Program.cs:line 12",
    "a .NET exception": "System.NullReferenceException: Object reference not set",
    "classic ASP": "<font face='Arial' size=2><p>Microsoft OLE DB Provider for SQL Server</font> "
    "[Microsoft][ODBC SQL Server Driver]Login failed",
    "Go": "panic: runtime error: invalid memory address or nil pointer dereference\n\ngoroutine 34 "
    "[running]:",
    "Go's file": "/srv/esignon/login.go:42 +0x1d",
    "Rust": "thread 'tokio-runtime-worker' panicked at src/login.rs:55:10:\ncalled `Option::unwrap()`",
    "Rust's backtrace": "Stack backtrace:\n   0: std::backtrace_rs::backtrace::trace\n   1: esignon::login",
    "yaws": "<h2>Internal error, yaws code crashed</h2><pre>ERROR erlang code threw an uncaught "
    "exception:\n "
    "File: appmod:0\nClass: error\nException: undef\n</pre>",
    "yaws' stack": "Stack: [{login,out,1,[{file,&quot;login.erl&quot;},{line,12}]}]",
    "an old Erlang": "{badarith,[{m1,make_table,5},\n                   {m1,out,1},\n   "
    "{yaws_server,aloop,3}]}",
    "Webmachine": ""
    '<pre>{error,{error,{badmatch,{error,enoent}},[{login,init,2,[{file,"src/login.erl"},{line,7}]}]}}',
    "an Erlang report": "=CRASH REPORT==== 27-Nov-2026::13:30:00 ===",
    "Plug": '<span class="filename">lib/esignon/login.ex</span><span class="line">:<span>12</span></span>',
    "Phoenix in text": "** (FunctionClauseError) no function clause matching in Esignon.Login.read/1",
    "Haskell": "Prelude.undefined\nCallStack (from HasCallStack):\n  undefined, called at "
    "src/Main.hs:12:5 in "
    "main:Main",
    "a Haskell pattern": "src/Login.hs:(12,5)-(13,20): Non-exhaustive patterns in function login",
    "Lapis": "<pre>./login.lua:12: attempt to index a nil value (local &#39;body&#39;)\nstack "
    "traceback:\n\t[C]: in "
    "function &#39;error&#39;</pre>",
    "Lua of a string": 'runtime error: [string "content_by_lua_block"]:3: attempt to index a nil value',
    "OpenResty": "content_by_lua(default.conf:35):2: no request found\nstack traceback:\ncoroutine 0:",
    "SBCL": "Unhandled SIMPLE-ERROR in thread #&lt;SB-THREAD:THREAD &quot;worker&quot; RUNNING "
    "{10026C8003}&gt;",
    "Hunchentoot": "<pre>The variable FOO is unbound.<br><br>Backtrace:<br>0: (ESIGNON::LOGIN "
    "#&lt;REQUEST&gt;)"
    "<br>1: ((:METHOD HUNCHENTOOT:PROCESS-REQUEST (T)) #&lt;REQUEST&gt;)</pre>",
    "nlohmann": "[json.exception.parse_error.101] parse error at line 1, column 5: syntax error while "
    "parsing "
    "value - unexpected end of input; last read: '<U+0000>'",
    "nlohmann's types": "[json.exception.type_error.302] type must be string, but is number",
    "libstdc++": "basic_string::substr: __pos (which is 5) &gt; this-&gt;size() (which is 0)",
    "libstdc++ in a map": "vector::_M_range_check: __n (which is 5) &gt;= this-&gt;size() (which is 0)",
    "Mojolicious": "malformed JSON string at /srv/esignon/lib/Login.pm line 12.",
    "OCaml": 'Fatal error: exception Not_found\nRaised at Stdlib__List.find in file "list.ml", line 231, '
    "characters 10-25",
    "Dart": "#0      login (file:///srv/esignon/bin/server.dart:12:5)",
    "Tcl": '    while executing\n"dict get $body memb_pwd"\n    invoked from within',
    "Crystal": "from src/login.cr:12:3 in 'login'",
    "Julia": "[1] login @ ./login.jl:12",
    "ColdFusion": "The error occurred in /opt/coldfusion/wwwroot/login.cfm: line 12",
    "SQL Server": "Unclosed quotation mark after the character string '''.",
    "DB2": "SQLCODE=-104, SQLSTATE=42601",
    "Oracle": "ORA-00933: SQL command not properly ended",
    "MySQL": "ERROR 1064 (42000): You have an error in your SQL syntax",
}
