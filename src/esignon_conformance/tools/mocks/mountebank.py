"""mountebank: one imposter, whose answers a function of it decides (`--allowInjection`)."""

from __future__ import annotations

import json

from .files import Files, as_json
from .material import Material
from .scripts import page_of, script


def files(material: Material, port: int) -> Files:
    """Return the imposter."""
    page = json.dumps(page_of(material), ensure_ascii=False)
    inject = (
        f"function (config) {{\n{script('login.js')}\n  const page = {page};"
        f"{script('mountebank.js')}}}"
    )
    imposter = {
        "port": port,
        "host": "127.0.0.1",
        "protocol": "http",
        "name": material.path("{company}"),
        "stubs": [{"responses": [{"inject": inject}]}],
    }
    return {"imposters.json": as_json({"imposters": [imposter]})}
