"""Loads the suite as a pytest plugin, so that `pytest` alone works in a clone."""

pytest_plugins = ["esignon_conformance.plugin"]
