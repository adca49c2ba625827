"""Loads the suite as a pytest plugin, so that `pytest` alone works in a clone."""

pytest_plugins = [
    f"esignon_conformance.app.pytest_plugin.{name}"
    for name in ("options", "run_setup", "fixtures", "selection", "verdicts", "masking")
]
