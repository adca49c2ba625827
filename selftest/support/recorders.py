"""Real clients and proxies that send logins to a server and write down what came, each in its own format.

`python -m selftest.support.recorders FOLDER` writes again the files of `selftest/traffic/` that these make.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import requests

from esignon_conformance.target.accounts import box_accounts
from esignon_conformance.tools.reference import process
from selftest.browser.chromium import find_chromium
from selftest.support.background import looping

_CLIENTS = Path(__file__).resolve().parents[2] / ".clients"
_PATIENCE = 60.0
JSON = "application/json"


@dataclass(frozen=True)
class Sent:
    """A request to the operation: its company, and its body as text."""

    company: str
    body: str
    content_type: str = JSON

    @property
    def path(self) -> str:
        """Return the path that it goes to."""
        return f"/api/{self.company}/login"


def login(company: str, email: str, password: str) -> Sent:
    """Return a documented login."""
    body = {
        "header": {"request_code": "1001Q"},
        "body": {"memb_email": email, "memb_pwd": password},
    }
    return Sent(company, json.dumps(body, ensure_ascii=False))


# ---- where the clients are -------------------------------------------------------------------------


def find_mitmdump() -> str | None:
    """Return the path of mitmdump, None where it is not installed (`make clients`)."""
    own = _CLIENTS / "mitmproxy" / "bin" / "mitmdump"
    return str(own) if own.exists() else shutil.which("mitmdump")


def find_module(name: str) -> Path | None:
    """Return the folder of an npm package of `make clients`, None where it is not installed."""
    folder = _CLIENTS / "node_modules" / name
    return folder if folder.exists() and shutil.which("node") else None


def can_drive_chromium() -> bool:
    """Tell whether Playwright and Chromium are here."""
    return find_module("playwright-core") is not None and find_chromium() is not None


# ---- TLS in front of a server ----------------------------------------------------------------------


@contextlib.contextmanager
def behind_tls(port: int) -> Iterator[str]:
    """Put TLS with a made-up certificate before a port of this machine; yield the URL."""
    import trustme  # noqa: PLC0415 - of the tests of real clients alone

    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    trustme.CA().issue_cert("localhost", "127.0.0.1").configure_cert(context)
    loop = asyncio.new_event_loop()

    async def passed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, ssl.SSLError, asyncio.IncompleteReadError):
            inside = await asyncio.open_connection("127.0.0.1", port)
            await asyncio.gather(_pumped(reader, inside[1]), _pumped(inside[0], writer))

    async def listening() -> asyncio.Server:
        return await asyncio.start_server(passed, "127.0.0.1", 0, ssl=context)

    server = loop.run_until_complete(listening())
    with looping(loop, server):
        yield f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def _pumped(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError, ssl.SSLError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    with contextlib.suppress(OSError, RuntimeError):
        writer.close()


# ---- the clients -----------------------------------------------------------------------------------


def by_mitmproxy(base_url: str, sent: Sequence[Sent], file: Path) -> None:
    """Send requests through mitmproxy, TLS to it and TLS from it, which writes `hardump`."""
    command = find_mitmdump()
    assert command is not None
    port = _free_port()
    with tempfile.TemporaryDirectory() as confdir:
        arguments = [
            *(command, "--quiet", "--mode", f"reverse:{base_url}", "--ssl-insecure"),
            *("--listen-host", "127.0.0.1", "--listen-port", str(port)),
            *("--set", f"hardump={file}", "--set", f"confdir={confdir}"),
        ]
        # A console that is no terminal, so that it ends when it is told to, and writes the file then.
        with subprocess.Popen(arguments, stdin=subprocess.DEVNULL) as proxy:
            try:
                _wait_for(port)
                for one in sent:
                    requests.post(
                        f"https://127.0.0.1:{port}{one.path}",
                        data=one.body.encode(),
                        headers={
                            "Content-Type": one.content_type,
                            "Cookie": "sid=Zq81kkPz0aMd22hJ",
                        },
                        timeout=_PATIENCE,
                        verify=False,  # noqa: S501 - the certificate is made up
                    )
            finally:
                proxy.send_signal(signal.SIGINT)
                proxy.wait(_PATIENCE)


_PLAYWRIGHT = """
const { chromium } = require(process.argv[2]);
const { executable, url, sent, file, content } = JSON.parse(process.argv[3]);
(async () => {
  const browser = await chromium.launch({ executablePath: executable, args: ['--no-sandbox'] });
  const context = await browser.newContext({
    ignoreHTTPSErrors: true, recordHar: { path: file, content, mode: 'full' } });
  const page = await context.newPage();
  await page.goto(url + '/api/nowhere');
  for (const one of sent) {
    await page.evaluate(async ([path, body, type]) => {
      const answer = await fetch(path, { method: 'POST', body, headers: { 'Content-Type': type } });
      await answer.text();
    }, [one.path, one.body, one.type]);
  }
  await context.close();
  await browser.close();
})().catch((error) => { console.error(error); process.exit(1); });
"""


def by_playwright(base_url: str, sent: Sequence[Sent], file: Path, content: str = "embed") -> None:
    """Send requests from a page in Chromium, which Playwright records (`recordHar`)."""
    told = {
        "executable": find_chromium(),
        "url": base_url,
        "sent": [{"path": one.path, "body": one.body, "type": one.content_type} for one in sent],
        "file": str(file),
        "content": content,
    }
    _node(_PLAYWRIGHT, str(find_module("playwright-core")), json.dumps(told))


_NEWMAN = """
const newman = require(process.argv[2]);
const { collection, file } = JSON.parse(process.argv[3]);
newman.run({ collection, insecure: true, reporters: ['json'],
             reporter: { json: { export: file } } }, (error) => { if (error) process.exit(1); });
"""


def by_newman(base_url: str, sent: Sequence[Sent], file: Path) -> None:
    """Send requests as a Postman collection by newman, which writes its own JSON report."""
    items = [
        {
            "name": f"login {number}",
            "request": {
                "method": "POST",
                "url": f"{base_url}{one.path}",
                "header": [{"key": "Content-Type", "value": one.content_type}],
                "body": {"mode": "raw", "raw": one.body},
            },
        }
        for number, one in enumerate(sent, 1)
    ]
    schema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
    collection = {"info": {"name": "logins", "schema": schema}, "item": items}
    told = {"collection": collection, "file": str(file)}
    _node(_NEWMAN, str(find_module("newman")), json.dumps(told))


def _node(script: str, *arguments: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "script.js"
        file.write_text(script, encoding="utf-8")
        command = [shutil.which("node") or "node", str(file), *arguments]
        environment = {**os.environ, "NODE_NO_WARNINGS": "1"}
        subprocess.run(command, check=True, timeout=_PATIENCE, env=environment)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _wait_for(port: int) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise TimeoutError(str(port))


# ---- the files of `selftest/traffic/` --------------------------------------------------------------


def sample() -> tuple[Sent, ...]:
    """Return logins to the server in the box: right, wrong, of others, and a body cut short."""
    accounts = box_accounts()
    main, second, other = (accounts[name] for name in ("main", "second", "other"))
    email, password = main.email.get_secret_value(), main.password.get_secret_value()
    right = login(main.company, email, password)
    return (
        right,
        login(main.company, email, "Wrong-7431-pass"),
        right,
        login(main.company, second.email.get_secret_value(), second.password.get_secret_value()),
        login(other.company, email, password),
        login(main.company, "nobody.here@dalbit.invalid", "Wrong-7431-pass"),
        Sent(main.company, right.body[:60]),
        right,
    )


def main(folder: Path) -> None:
    """Write the files anew, those whose client is here."""
    box = process.start()
    try:
        port = int(box.base_url.rpartition(":")[2])
        with behind_tls(port) as url:
            if find_mitmdump():
                by_mitmproxy(url, sample(), folder / "mitmproxy.har")
            if can_drive_chromium():
                by_playwright(url, sample(), folder / "playwright.har")
                attached = folder / "playwright-attached"
                attached.mkdir(exist_ok=True)
                by_playwright(url, sample(), attached / "playwright.har", "attach")
            if find_module("newman"):
                by_newman(url, sample(), folder / "newman.json")
    finally:
        box.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
