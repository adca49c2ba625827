"""What the pages of a site say together: the envelope they share, the token, codes with two meanings."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ...contract.facts import Facts, normalised
from .draft_overlay import token_form
from .operation_line import variables_of


@dataclass(frozen=True)
class SharedFacts:
    """Facts of more than one page, each with the operations that it is a fact of.

    `envelope` names the members of the header of answers; `tokens` the headers that tokens go into,
    with what is sent before them; `texts_of` the texts of a code that has more than one, `codes_of` the
    codes that share one text; `twice` the operations that two pages describe, and `one_address` those
    that only the code of their request tells apart.
    """

    operations: int
    envelope: Mapping[str, tuple[str, ...]]
    tokens: Mapping[str, tuple[str, ...]]
    texts_of: Mapping[str, Mapping[str, tuple[str, ...]]]
    codes_of: Mapping[str, Mapping[str, tuple[str, ...]]]
    twice: Mapping[str, tuple[str, ...]]
    one_address: Mapping[str, tuple[str, ...]]

    def as_data(self) -> dict[str, Any]:
        """Return the facts as plain data, as `schemas/site.json` describes them."""
        return {
            "envelope": _listed(self.envelope),
            "tokens": _listed(self.tokens),
            "texts_of_a_code": {code: _listed(texts) for code, texts in self.texts_of.items()},
            "codes_of_a_text": {text: _listed(codes) for text, codes in self.codes_of.items()},
            "described_twice": _listed(self.twice),
            "one_address": _listed(self.one_address),
        }


def _listed(groups: Mapping[str, tuple[str, ...]]) -> dict[str, list[str]]:
    return {name: list(operations) for name, operations in groups.items()}


def shared_facts(operations: Mapping[str, Facts]) -> SharedFacts:
    """Return what operations, by their names, say together."""
    texts: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    codes: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for name, facts in operations.items():
        for one in facts.codes:
            texts[one.code][one.text].append(name)
            codes[one.text][one.code].append(name)
    return SharedFacts(
        operations=len(operations),
        envelope=_grouped(
            (member, name)
            for name, facts in operations.items()
            if facts.has_envelope
            for member in facts.success.value["header"]
        ),
        tokens=_grouped(
            (form or "-", name)
            for name, facts in operations.items()
            for form in [token_form(facts)]
        ),
        texts_of=_several(texts, _is_another_meaning),
        codes_of=_several(codes, lambda found: len(found) > 1),
        twice=_repeated((_key(facts), name) for name, facts in operations.items()),
        one_address=_one_address(operations),
    )


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for key, name in pairs:
        found.setdefault(key, {})[name] = None
    order = Counter({key: len(names) for key, names in found.items()}).most_common()
    return {key: tuple(found[key]) for key, _ in order}


def _repeated(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    return {key: names for key, names in _grouped(pairs).items() if len(names) > 1}


def _several(
    found: Mapping[str, Mapping[str, list[str]]], is_told: Any
) -> dict[str, dict[str, tuple[str, ...]]]:
    return {
        key: {name: tuple(dict.fromkeys(names)) for name, names in each.items()}
        for key, each in sorted(found.items())
        if key and is_told(each)
    }


def _is_another_meaning(texts: Mapping[str, object]) -> bool:
    """Tell whether texts differ in more than how they are written."""
    return len({normalised(text).strip(".") for text in texts}) > 1


def _address(facts: Facts) -> str:
    """Return method and path, whatever the page calls the variables."""
    path = facts.path
    for name in variables_of(facts.url):
        path = path.replace(f"{{{name}}}", "{}")
    return f"{facts.method} {path}"


def _key(facts: Facts) -> str:
    return f"{_address(facts)} {facts.request_code}".rstrip()


def _one_address(operations: Mapping[str, Facts]) -> dict[str, tuple[str, ...]]:
    """Return the operations of one address that the codes of their requests tell apart."""
    codes: dict[str, set[str]] = defaultdict(set)
    for facts in operations.values():
        codes[_address(facts)].add(facts.request_code)
    groups = _grouped((_address(facts), name) for name, facts in operations.items())
    return {key: names for key, names in groups.items() if len(codes[key]) > 1}
