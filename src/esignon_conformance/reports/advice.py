"""What to do about deviations, also where it may not be the application that answered.  Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from ..contract.model import Impact
from ..i18n.catalogue import word
from ..i18n.language import LANGUAGES
from ..recording.answer_origin import (
    is_from_application,
    is_from_between,
    is_gateways_error,
    is_of_a_web_server,
)
from ..recording.response import FIREWALL, read
from ..runner.run import Run
from ..transport.messages import Exchange
from ..verdicts.model import Verdict
from .gateway_forms import (
    is_haproxys,
    is_nginxs_breakdown,
    is_odd,
    is_of_a_gateways_form,
    is_one_answer,
    is_one_page_over_many_statuses,
    is_path_decoded,
    status_of,
)
from .missing_route import status_without_route
from .page_text import page_text
from .priorities import impact_of
from .signs_of_causes import action_by_sign

_TITLE = re.compile(r"<title[^>]*>([^<]*)", re.IGNORECASE)
# Where a line ends says nothing of a page's form.
_TAG = re.compile(r"</?(?!br\b)[a-z][a-z0-9]*", re.IGNORECASE)
_DOCTYPE = re.compile(r"\s*<!DOCTYPE[^>]*>", re.IGNORECASE)
_LONGEST = 60
_NO_SUCH_METHOD, _BREAKDOWN = 405, 500
# Fields that gateways, firewalls and caches put into an answer of their own, in small letters: by RFC 9110
# §7.6.3 (via), the documentation of Cloudflare, Amazon (API Gateway, CloudFront, WAF) and Azure Front Door,
# the code of Kong (which sets this one where nothing was passed on), http.dev and wafw00f (Imperva, Akamai,
# Sucuri), and public texts on Squid and Varnish.  What only answers that were passed on have is not here.
OF_GATEWAYS = frozenset(
    {
        *("via", "x-cache", "cf-ray", "cf-mitigated", "x-amzn-errortype", "x-amz-cf-id"),
        *("x-amzn-waf-action", "x-kong-response-latency", "x-squid-error", "x-varnish"),
        *("x-azure-ref", "x-iinfo", "x-sucuri-id", "x-sucuri-block", "akamai-grn"),
    }
)
_NEARLY_ALL = 0.8  # A firewall takes some other request for an attack, too.


def advice_of(run: Run, verdict: Verdict) -> Impact | None:
    """Return the impact of a verdict; its action names what may have answered before the application.

    None where the contract does not say what the deviations from the clause mean.
    """
    impact = impact_of(run.contract, verdict)
    if impact is None:
        return None
    found = [[run.exchanges[name] for name in one.exchanges] for one in verdict.findings]
    for shown in found:
        why = _why_not_the_application(run, shown)
        if why:
            return replace(impact, action=_action_between(run, impact, shown, why))
    if (status := status_without_route(run, [one for shown in found for one in shown])) is not None:
        key = "action-no-route"
        return replace(
            impact,
            action={
                one: word(key, one, status=status, action=impact.action[one]) for one in LANGUAGES
            },
        )
    every = [one for shown in found for one in shown]
    told = action_by_sign(run, run.contract.clauses[verdict.clause].check, every, impact)
    if told is not None:
        return replace(impact, action=told)
    if every and all(one.answer is None for one in every):
        return replace(impact, action=_action_between(run, impact, every, ""))
    return impact


def _action_between(
    run: Run, impact: Impact, shown: Sequence[Exchange], why: str
) -> dict[str, str]:
    """Return the action that names what may have answered, or cut off, in front of the application."""
    is_silent = shown[0].answer is None
    key = ("action-cut" if why else "action-cut-by-whom") if is_silent else "action-between"
    looks = "" if is_silent else run.scrubber.scrub(_looks(shown[0]))
    return {
        one: word(
            key, one, looks=looks, why=word(why, one) if why else "", action=impact.action[one]
        )
        for one in LANGUAGES
    }


def _why_not_the_application(run: Run, shown: Sequence[Exchange]) -> str:
    """Return the word for why something in front may have answered, empty where nothing says so."""
    if _is_kept_for_another_method(run, shown):
        return "between-cache"
    if not shown or any(is_from_application(one) for one in shown):
        return ""
    own = {_server(one) for one in run.recording.exchanges if is_from_application(one)}
    if not own:
        return _why_where_nothing_was_heard(run, shown)
    # A limiter or a ban, of a firewall or fail2ban, has no eye for what a request says.
    logins = [one for one in shown if _is_own_login_turned_away(run, one)]
    if logins and _were_answered(run, logins):
        # What counts connections has no eye for the pace, and is met by bursts alone.
        return "between-at-once" if all(one.burst for one in logins) else "between-at-times"
    if _were_set_aside(run) and all(map(is_from_between, shown)):
        return "between-at-times"
    if all(one.answer is not None and _server(one) not in {*own, None} for one in shown):
        return "between-other-server"
    if all(map(is_gateways_error, shown)):
        return "between-gateways-error"
    if _have_fields_of_a_gateway(run, shown):
        return "between-other-fields"
    if is_one_page_over_many_statuses(shown):
        return "between-one-page"
    return _why_by_its_form(run, shown)


def _why_where_nothing_was_heard(run: Run, shown: Sequence[Exchange]) -> str:
    """Return the word where no answer of the whole run was the application's for certain.

    A firewall that reads JSON answers a body cut short by another status than right logins, so that the
    run is not ended by them.
    """
    is_route = status_without_route(run, shown) is not None
    is_between = all(is_from_between(one) or is_of_a_web_server(one) for one in shown)
    if is_route:
        return ""
    if is_between:
        return "between-never-heard"
    if all(map(is_of_a_gateways_form, shown)):
        return "between-gateways-form"
    return "between-one-answer" if is_one_answer(run.recording.exchanges) else ""


def _why_by_its_form(run: Run, shown: Sequence[Exchange]) -> str:
    """Return the same for answers that name no server of their own and have no fields of a gateway."""
    # A firewall has one page for all that it takes for an attack.
    turned_away = (one for one in run.recording.exchanges if _is_attack_turned_away(run, one))
    attacks = set[tuple[object, ...]]().union(*(_page(one) for one in turned_away))
    if _nearly_all(shown, lambda one: bool(_page(one) & attacks)):
        return "between-as-to-attacks"
    if all(map(is_haproxys, shown)):
        return "between-haproxy"
    if _nearly_all(shown, is_of_a_gateways_form):
        return "between-gateways-form"
    if all(map(is_nginxs_breakdown, shown)):
        return "between-nginx"
    # An application that takes an injection for a part of its statement breaks down by 500, too.
    if any(one.answer is not None and one.answer.status == _BREAKDOWN for one in shown):
        return ""
    if all(map(is_of_a_web_server, shown)):
        return "between-web-server"
    if _nearly_all(shown, is_path_decoded):
        return "between-decoded-path"
    if _nearly_all(shown, lambda one: _is_hostile(run, one)):
        return "between-hostile"
    # Its rules look at odd characters and other media types, too; so may an application stumble at them.
    odd = _nearly_all(shown, lambda one: _is_hostile(run, one) or is_odd(one))
    most = sum(_is_hostile(run, one) for one in shown) * 2 >= len(shown)
    return "between-hostile-or-odd" if odd and most else ""


def _nearly_all(shown: Sequence[Exchange], test: Callable[[Exchange], bool]) -> bool:
    return sum(map(test, shown)) >= _NEARLY_ALL * len(shown)


def _is_hostile(run: Run, exchange: Exchange) -> bool:
    return run.contract.cases[exchange.case].tagged("hostile")


def _is_kept_for_another_method(run: Run, shown: Sequence[Exchange]) -> bool:
    """Tell whether one method got what another one was answered, as from a cache that mixes them up.

    That is a page of 405 to the documented method, or to others the very body of a right login, where
    logins of one account get a fresh one each.
    """
    method, bodies = run.contract.operation.method, dict[str, set[bytes]]()
    for one in run.recording.exchanges:
        # A cache that knows bodies gives a fresh login to another form of the same JSON value.
        if one.request.method == method and read(one).result_code == run.contract.codes.issued:
            bodies.setdefault(one.request.account, set()).add(read(one).content)
    is_fresh = any(len(own) > 1 for own in bodies.values())
    kept = {body for own in bodies.values() for body in own if body and is_fresh}
    return bool(shown) and all(
        read(one).content in kept
        if one.request.method != method
        else status_of(one) == _NO_SUCH_METHOD
        for one in shown
    )


def _have_fields_of_a_gateway(run: Run, shown: Sequence[Exchange]) -> bool:
    """Tell whether every answer has a field of a gateway that no answer of the application has."""
    applications = [one for one in run.recording.exchanges if is_from_application(one)]
    own = set[str]().union(*(_fields(one) for one in applications))
    return all(_fields(one) & (OF_GATEWAYS - own) for one in shown)


def _fields(exchange: Exchange) -> set[str]:
    headers = exchange.answer.headers if exchange.answer is not None else ()
    return {name.lower() for name, _ in headers}


def _is_attack_turned_away(run: Run, exchange: Exchange) -> bool:
    is_turned_away = _is_hostile(run, exchange) and status_of(exchange) in FIREWALL
    return is_turned_away and not is_from_application(exchange)


def _page(exchange: Exchange) -> set[tuple[object, ...]]:
    """Return by what one page is known from another.

    That is its status and title, since its text may hold a number of the incident; its text, the
    title set aside, since one who answers by 403 here and by 400 there has one form for both; and,
    where it names its type, what it is made of: Apache's page of 500, by which ModSecurity 2 answers
    a JSON text that ends too early, has more paragraphs than its page of 403, and that of 400 a break.
    """
    answer = exchange.answer
    if answer is None:
        return set()
    text = read(exchange).content[:4096].decode("utf-8", "replace")
    title = _TITLE.search(text)
    by = (_server(exchange), answer.header("Content-Type"))
    if title is None or not title[1].strip():
        return {(*by, answer.status, answer.came)}
    found: set[tuple[object, ...]] = {
        (*by, answer.status, title[1]),
        (*by, text.replace(title[1], "")),
    }
    if (doctype := _DOCTYPE.match(text)) is not None:
        found.add((*by, doctype[0], *dict.fromkeys(tag.lower() for tag in _TAG.findall(text))))
    return found


def _is_own_login_turned_away(run: Run, exchange: Exchange) -> bool:
    """Tell whether a right login was cut off or turned away."""
    is_login = run.contract.cases[exchange.case].is_plain_right_login
    is_cut_off = exchange.fault is not None and exchange.fault.kind == "dropped"
    is_turned_away = is_from_between(exchange) and not is_gateways_error(exchange)
    return is_login and (is_cut_off or is_turned_away or _is_of_another_form(exchange))


def _were_set_aside(run: Run) -> bool:
    """Tell whether right logins in a file, or of a load run, were turned away at times."""
    return run.traffic is not None and run.traffic.set_aside["between"] > 0


def _is_of_another_form(exchange: Exchange) -> bool:
    """Tell whether an answer is JSON that has nothing of the page's form, as gateways write it by 200."""
    answer, value = exchange.answer, read(exchange).text.value
    is_error = answer is not None and answer.status >= _BREAKDOWN
    return not is_error and isinstance(value, dict) and bool(value) and "body" not in value


def _were_answered(run: Run, logins: Sequence[Exchange]) -> bool:
    """Tell whether the application answered any of the same right logins at other times."""
    asked = {one.request for one in logins}
    return any(one.request in asked and is_from_application(one) for one in run.recording.exchanges)


def _server(exchange: Exchange) -> str | None:
    return exchange.answer.header("Server") if exchange.answer is not None else None


def _looks(exchange: Exchange) -> str:
    """Return by what an administrator knows an answer again: its status, its server and its title."""
    answer = exchange.answer
    if answer is None:
        return "-"
    media_type = answer.header("Content-Type")
    title = _TITLE.search(page_text(read(exchange).content[:4096], media_type))
    named = " ".join(title[1].split())[:_LONGEST] if title else ""
    server = f"Server: {_server(exchange)}" if _server(exchange) else ""
    parts = (f"HTTP {answer.status}", server, f'"{named}"' if named else "")
    return ", ".join(part for part in parts if part)
