"""A headless Chromium on a leash: driven over a pipe, with all that a page tries to reach recorded.

Attempts are seen in three independent places: the page's requests as the developer tools report
them, what the Content-Security-Policy turned away before it became a request, and every connection
to the proxy, which is the page's only way out and leads nowhere.
"""

from __future__ import annotations

import base64
import itertools
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-sync",
    "--disable-features=OptimizationHints,MediaRouter,Translate,NetworkTimeServiceQuerying",
    "--metrics-recording-only",
    "--no-default-browser-check",
    "--no-first-run",
    "--no-pings",
    "--no-startup-window",
    "--remote-debugging-pipe",
    # The browser's own errands end at a closed port; the page has a way out of its own, see below.
    "--proxy-server=127.0.0.1:9",
)
# Chromium speaks on descriptors 3 and 4, which subprocess cannot assign.
_LAUNCHER = (
    "import fcntl, os, sys\n"
    "read, write = (fcntl.fcntl(int(number), fcntl.F_DUPFD, 10) for number in sys.argv[1:3])\n"
    "os.dup2(read, 3); os.dup2(write, 4)\n"
    "os.execv(sys.argv[3], sys.argv[3:])\n"
)
_ON_EVERY_PAGE = """
    window.turnedAway = [];
    document.addEventListener("securitypolicyviolation", (event) =>
        window.turnedAway.push(`${event.effectiveDirective} ${event.blockedURI}`));
"""


def find_chromium() -> str | None:
    """Return the path of a Chromium or Chrome on the search path."""
    return next(filter(None, map(shutil.which, _NAMES)), None)


@contextmanager
def dead_end() -> Iterator[tuple[int, list[str]]]:
    """Yield the port of a proxy that answers nothing, and the list of first lines sent to it."""
    lines: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    connection.settimeout(1)
                    try:
                        first = connection.recv(4096).split(b"\r\n")[0]
                    except OSError:
                        first = b""
                    lines.append(first.decode("latin-1") or "a connection without a byte")

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        yield server.getsockname()[1], lines
        # A closed socket does not wake a blocked accept on every system, a shut down one does.
        server.shutdown(socket.SHUT_RDWR)
        thread.join(5)


class Chromium:
    """One page in a browser of its own."""

    def __init__(self, executable: str, profile: Path, proxy_port: int, *arguments: str) -> None:
        """Start the browser with a fresh profile and attach to its page."""
        self.requests: list[str] = []
        self.console: list[str] = []
        self._ids = itertools.count(1)
        self._rest = b""
        to_browser, self._write = os.pipe()
        self._read, from_browser = os.pipe()
        command = [
            *(sys.executable, "-c", _LAUNCHER, str(to_browser), str(from_browser), executable),
            *_FLAGS,
            f"--user-data-dir={profile}",
            *arguments,
        ]
        self._process = subprocess.Popen(
            command,
            pass_fds=(to_browser, from_browser),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_browser)
        os.close(from_browser)
        context = self._send(
            "Target.createBrowserContext",
            None,
            proxyServer=f"127.0.0.1:{proxy_port}",
            proxyBypassList="<-loopback>",
        )["browserContextId"]
        page = {"url": "about:blank", "browserContextId": context}
        target = self._send("Target.createTarget", None, **page)["targetId"]
        attached = self._send("Target.attachToTarget", None, targetId=target, flatten=True)
        self._session: str = attached["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.command(f"{domain}.enable")
        self.command("Page.addScriptToEvaluateOnNewDocument", source=_ON_EVERY_PAGE)

    def __enter__(self) -> Self:
        """Return the browser itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the browser."""
        self._process.kill()
        self._process.wait(10)
        os.close(self._write)
        os.close(self._read)

    def command(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Run a command of the DevTools protocol on the page."""
        return self._send(method, self._session, **parameters)

    def open(self, url: str) -> None:
        """Go to an address."""
        self.command("Page.navigate", url=url)

    def evaluate(self, script: str) -> Any:
        """Run JavaScript in the page and return what it comes to."""
        answer = self.command(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        if "exceptionDetails" in answer:
            raise AssertionError(f"{script}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def wait_for(self, script: str, seconds: float = 20) -> None:
        """Wait until JavaScript comes to something true."""
        self._until(lambda: bool(self.evaluate(script)), f"never came true: {script}", seconds)

    def settle(self, seconds: float) -> None:
        """Let the page run on for a while, and take in what it reports."""
        time.sleep(seconds)
        self.evaluate("1")

    def turned_away(self) -> list[str]:
        """Return what the page's Content-Security-Policy has blocked since the page was opened."""
        found: list[str] = self.evaluate("window.turnedAway")
        return found

    def outside_requests(self) -> list[str]:
        """Return the page's requests that are not to the file itself or to data inside it."""
        inside = ("file:", "data:", "blob:", "about:")
        return [url for url in self.requests if not url.startswith(inside)]

    def screenshot(self, path: Path) -> None:
        """Write a picture of what is in view."""
        path.write_bytes(base64.b64decode(self.command("Page.captureScreenshot")["data"]))

    def _until(self, holds: Callable[[], bool], message: str, seconds: float) -> None:
        end = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > end:
                raise AssertionError(f"{message} (console: {self.console})")
            time.sleep(0.05)

    def _send(self, method: str, session: str | None, **parameters: Any) -> dict[str, Any]:
        number = next(self._ids)
        message = {"id": number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._receive()
            if answer.get("id") == number:
                if "error" in answer:
                    raise AssertionError(f"{method}: {answer['error']}")
                result: dict[str, Any] = answer["result"]
                return result
            self._note(answer)

    def _receive(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            read = os.read(self._read, 1 << 16)
            if not read:
                raise AssertionError(f"Chromium ended with {self._process.wait(10)}")
            self._rest += read
        message, self._rest = self._rest.split(b"\0", 1)
        received: dict[str, Any] = json.loads(message)
        return received

    def _note(self, event: dict[str, Any]) -> None:
        """Keep the events that tell of requests and of complaints."""
        method, values = event.get("method"), event.get("params", {})
        if method == "Network.requestWillBeSent":
            self.requests.append(values["request"]["url"])
        elif method == "Network.webSocketCreated":
            self.requests.append(values["url"])
        elif method == "Log.entryAdded":
            self.console.append(values["entry"]["text"])
        elif method == "Runtime.exceptionThrown":
            self.console.append(json.dumps(values["exceptionDetails"]))
