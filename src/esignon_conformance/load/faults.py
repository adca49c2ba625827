"""What came in the place of an answer, told from the errors of geventhttpclient."""

from __future__ import annotations

import ssl

from geventhttpclient.response import HTTPParseError


def fault_of(error: BaseException | None, status: int) -> str:
    """Return the kind of a `Fault`, empty where there is an answer, whatever its status.

    `status` is that of the answer as far as it came, 0 where not even its first line did.
    """
    if error is None or type(error).__name__ == "LocustBadStatusCode":
        return ""
    if isinstance(error, ssl.SSLCertVerificationError):
        return "untrusted"
    # Where not one byte came in time it is a `RetriesExceeded`, raised on the time-out.
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return "timed-out"
    if isinstance(error, ConnectionRefusedError):
        return "unreachable"
    # Its parser says the same of an answer that ends too early as of what is no HTTP.
    is_cut = status > 0 and "Incomplete" in str(error)
    return "not-http" if isinstance(error, HTTPParseError) and not is_cut else "dropped"
