"""Makes the secrets in what is kept of a file known to the scrubber, before anything of it is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...checks.view import document
from ...recording.answer_secrets import register_secrets
from ...redaction.scrubber import Scrubber
from ...redaction.secret_names import secrets_in, secrets_of_header
from ...target.target import REAL_ACCOUNTS
from ...transport.json_reader import member
from ...transport.messages import Exchange
from ...verdicts.model import Verdict
from .file_secrets import FileSecrets

_EMAIL = "/body/memb_email"


def mask(
    scrubber: Scrubber,
    secrets: FileSecrets,
    exchanges: Iterable[Exchange],
    verdicts: Iterable[Verdict],
) -> None:
    """Let a scrubber know every secret of a file that stands in exchanges and verdicts."""
    texts: list[str] = []
    for exchange in exchanges:
        request = exchange.request
        who = request.account
        scrubber.register_email(request.said("memb_email"), f"email of {who}")
        password = request.said("password")
        if exchange.id not in secrets.masked and not scrubber.knows(password):
            # The right one of a known account is known, so that this is another.
            number = secrets.number_of(who, password) + (who in REAL_ACCOUNTS)
            nth = f" {number}" if number > 1 else ""
            scrubber.register_password(password, f"password{nth} of {who}")
        found = member(document(exchange), _EMAIL)[1]
        if isinstance(found, str):
            scrubber.register_email(found, f"email in {exchange.id}")
        for name, value in request.headers:
            for secret in secrets_of_header(name, value):
                scrubber.register_token(secret)
        for secret in secrets_in(request.target):
            scrubber.register_token(secret)
        register_secrets(exchange, scrubber)
        texts += _texts_of(exchange)
    for verdict in verdicts:
        for finding in verdict.findings:
            texts += [
                text for message in (finding.expected, finding.got) for _, text in message.words
            ]
        texts.append(repr(dict(verdict.observed)))
    secrets.register(texts, scrubber)


def _texts_of(exchange: Exchange) -> Iterator[str]:
    request, answer = exchange.request, exchange.answer
    yield request.target
    yield request.body.decode("utf-8", errors="replace")
    yield from (value for _, value in request.headers)
    if answer is not None:
        yield from (value for _, value in answer.headers)
        yield answer.body.decode("utf-8", errors="replace")
