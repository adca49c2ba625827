"""What came in the place of an answer, told from the errors of geventhttpclient."""

from __future__ import annotations

import ssl

from geventhttpclient.response import HTTPConnectionClosed, HTTPParseError

from ..transport.messages import FaultKind

# Its parser says the same of what is no HTTP as of an answer that ends too early, but for these words.
_CUT = ("connection closed", "Incomplete", "Invalid EOF state")


def fault_of(error: Exception) -> FaultKind:
    """Return the kind of fault that an error is."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return "untrusted"
    if isinstance(error, TimeoutError):
        return "timed-out"
    if isinstance(error, ConnectionRefusedError):
        return "unreachable"
    is_cut = any(words in str(error) for words in _CUT)
    return "not-http" if isinstance(error, HTTPParseError) and not is_cut else "dropped"


def is_silent(error: Exception) -> bool:
    """Tell whether a connection ended before the first byte of an answer."""
    return isinstance(error, HTTPConnectionClosed | BrokenPipeError)
