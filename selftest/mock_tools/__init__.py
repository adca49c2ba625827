"""Judges the mocks that `esignon-conformance mock` writes, each in the real tool: `make mocks`."""
