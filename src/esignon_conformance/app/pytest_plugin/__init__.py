"""The suite as a pytest plugin: options, selection, verdicts, masking.  `conftest.py` loads all."""
