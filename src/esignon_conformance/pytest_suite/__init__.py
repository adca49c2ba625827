"""The suite as a pytest plugin: options, selection, verdicts.  `conftest.py` loads all three."""
