"""Labels of a run: what someone who starts it may say of it, for the report."""

from __future__ import annotations

from collections.abc import Iterable

from ..i18n.errors import ConfigurationError
from ..i18n.message import say


def labels_of(given: Iterable[str]) -> dict[str, str]:
    """Return the labels that were given as NAME=VALUE.  Raises `ConfigurationError`."""
    labels: dict[str, str] = {}
    for label in given:
        name, separator, value = label.partition("=")
        if not separator or not name.isidentifier() or not value.strip():
            raise ConfigurationError(say("config-label", label=label))
        if name in labels:
            raise ConfigurationError(say("config-label-twice", name=name))
        labels[name] = value.strip()
    return labels
