"""json-server: a middleware that decides the login, before the data that json-server serves."""

from __future__ import annotations

from .files import Files, as_json
from .material import Material
from .scripts import page_of, script


def files(material: Material, port: int) -> Files:
    """Return the middleware, its data, and a database with nothing in it."""
    return {
        "login.js": script("login.js") + script("json-server.js"),
        "login.json": as_json(page_of(material)),
        "db.json": as_json({"logins": []}),
    }
