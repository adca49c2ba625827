"""Contract and conformance tests for eSignon's operation "인증토큰 발급" (issue a token)."""

__version__ = "0.1.0"
