"""The suite as a pytest plugin: options, selection, verdicts, masking.  `conftest.py` loads all."""

MODULES = tuple(
    f"{__name__}.{name}"
    for name in ("options", "run_setup", "fixtures", "selection", "verdicts", "masking")
)
