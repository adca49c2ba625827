"""Loads the suite as a pytest plugin, so that `pytest` alone works in a clone."""

from esignon_conformance.app.pytest_plugin import MODULES

pytest_plugins = [*MODULES]
