"""Loads the suite as a pytest plugin, so that `pytest` alone works in a clone."""

pytest_plugins = [
    f"esignon_conformance.pytest_suite.{name}"
    for name in ("options", "fixtures", "selection", "verdicts", "workers", "masking")
]
