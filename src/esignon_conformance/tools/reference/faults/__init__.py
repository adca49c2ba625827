"""Known-bad servers: each breaks one promise, and the suite must find it and name the clause.

One module a kind of promise, `should_…` where it is one of level should; `registry` says what a fault
is, `when` when it shows, and `wire_server` sends what an honest HTTP library would not.
"""

from . import (  # noqa: F401 - each registers its faults
    absent_members,
    answer_bytes,
    answer_pages,
    behind_others,
    breakdowns,
    cached_answers,
    chunks,
    companies,
    credentials,
    debug_pages,
    envelopes,
    forms,
    framing,
    gateways,
    head_breakdowns,
    header_members,
    hidden_graves,
    injections,
    injections_in_form,
    kept_connections,
    leaks,
    limiters,
    methods,
    overlaps,
    packed_internals,
    packed_passwords,
    parser_excerpts,
    passwords,
    refusal_answers,
    replicas,
    right_requests,
    shared_tokens,
    should_companies,
    should_envelopes,
    should_hashes,
    should_http,
    should_languages,
    should_lenient_bodies,
    should_passwords,
    should_refusals,
    should_requests,
    should_successes,
    steadiness,
    success_members,
    trailers,
    unasked_passwords,
    unreadable_bodies,
    wire,
)
from .registry import FAULTS, Fault, Served

__all__ = ["FAULTS", "Fault", "Served"]
