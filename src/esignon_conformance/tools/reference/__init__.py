"""The server in the box: a login service that behaves as the page says, for want of a real one.

Read it in this order: `world` (who may log in), `page` (the documented constants), `pipeline` (what
a step is), `login` (the steps in their order), `reading`, `deciding` and `answering` (the steps
themselves, with the clause above the line that enforces it), `server` (from and to HTTP).

A known-bad server is `application(world, dataclasses.replace(STEPS, ...))`: one step replaced.
"""
