"""How answers travel, and who gets them: headers, credentials, methods, paths, quotas."""

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from usagetwin.rates import WINDOW_S
from usagetwin_checker.asking.access import ORIGIN
from usagetwin_checker.choices.choice import TWIN, Choice, only
from usagetwin_checker.exchanges import Ask, Credential
from usagetwin_checker.talking.waits import DIGITS, RESET, TOKEN_RESET, instant_s

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from usagetwin_checker.choices.choice import Ways
    from usagetwin_checker.choices.seen import Seen
    from usagetwin_checker.exchanges import Exchange
    from usagetwin_checker.knowing.knowledge import Now

    Reading = Callable[[Seen, Ways], Ways]

TURNS: Final = 20
UNLIMITED: Final = 2 * TURNS + 5  # answers in a row, after which no twentieth can have been refused
OTHER: Final = "unlike any"
TOKEN_LIMIT, ROUTE_LIMIT = "x-ratelimit-auth-token-limit", "x-ratelimit-route-limit"
DATE_S: Final = 1  # how old a `Date` may be, which is in whole seconds
TYPES: Final = {
    "application/json": TWIN,
    "application/json; charset=utf-8": "charset",
    'Application/JSON ; Charset="UTF-8"': "media-type-in-capitals",
}


def _by_status(asked: "Callable[[Ask], bool]", ways_of: dict[int, str]) -> "Reading":
    """Make a reading of the status that one kind of request gets; another status says nothing."""

    def read(seen: "Seen", ways: "Ways") -> "Ways":
        for each in seen.exchanges:
            if asked(each.ask) and each.status in ways_of:
                ways = only(ways, ways_of[each.status])
        return ways

    return read


def _usual(ask: Ask) -> bool:
    return not ask.parameters and not ask.body and not ask.role


def _with_credential(credential: Credential) -> "Callable[[Ask], bool]":
    def asked(ask: Ask) -> bool:
        return (
            _usual(ask)
            and ask.credential is credential
            and ask.beta
            and ask.method == "GET"
            and not ask.suffix
        )

    return asked


def _by_method(method: str) -> "Callable[[Ask], bool]":
    def asked(ask: Ask) -> bool:
        token = ask.credential is Credential.TOKEN
        return _usual(ask) and token and ask.method == method and not (ask.suffix or ask.origin)

    return asked


def _bearer(seen: "Seen", ways: "Ways") -> "Ways":
    """Read what a token after Bearer gets; it is an invented one, which the target may refuse for that."""
    for each in filter(lambda each: _with_credential(Credential.BEARER)(each.ask), seen.exchanges):
        if each.status == 200:
            ways = only(ways, "bearer-is-taken")
        elif each.status == 401 and seen.shows("unlisted tokens"):
            ways = only(ways, TWIN)
    return ways


def _beta(seen: "Seen", ways: "Ways") -> "Ways":
    for each in seen.exchanges:
        ask = each.ask
        if ask.beta or not _usual(ask) or ask.method != "GET" or ask.credential is not Credential.TOKEN:
            continue
        if each.status == 200:
            ways = only(ways, TWIN)
        elif each.status == 403:
            ways = only(ways, *_gate(seen, each))
    return ways


def _gate(seen: "Seen", each: "Exchange") -> "Iterator[str]":
    """Tell the gate as it was recorded, without a code, from another; other words may hide which it is."""
    try:
        code = each.document.get("code")
    except (ValueError, AttributeError):
        yield OTHER
        return
    if code is None or (code in (f"E-{each.status}", "") and not seen.shows("words of errors")):
        yield "beta=required"
    elif code == "forbidden":
        yield "beta-gate"
    else:
        yield OTHER


def _plain_405(seen: "Seen", ways: "Ways") -> "Ways":
    for each in seen.exchanges:
        if each.status == 405 and _by_method(each.ask.method)(each.ask):
            ways = only(
                ways, TWIN if each.media_type == "application/json" else "method-refused-in-plain-text"
            )
    return ways


def _cors(seen: "Seen", ways: "Ways") -> "Ways":
    for each in seen.exchanges:
        if each.ask.origin:
            ways = only(ways, "cors=on" if "access-control-allow-origin" in each.headers else TWIN)
    return ways


def _rates(seen: "Seen", ways: "Ways") -> "Ways":
    """Read whose quota the headers tell of. They name no length, and `FACTS` 14 has ten seconds.

    Where a reset is farther off than that, or nobody knows by which clock it is, the length is not shown.
    """
    found = set()
    for each in seen.answered_as(200):
        if not any(name.startswith("x-ratelimit") for name in each.headers):
            found.add(TWIN)
        elif RESET in each.headers:
            if not resets_in_time(each, seen.knowledge.now):
                return ways
            found.add(quota_of(*(each.headers.get(name) for name in (TOKEN_LIMIT, ROUTE_LIMIT))))
        else:
            found.add("rate-limit-headers" if "set-cookie" in each.headers else OTHER)
    if not found:
        return ways
    return frozenset(found - {OTHER}) if len(found) == 1 else frozenset()


def resets_in_time(exchange: "Exchange", now: "Now | None") -> bool:
    """Tell whether a quota begins again within the window of `FACTS` 14, by the clock of the target.

    That is the one which is known to the second, or that of the answer's `Date`, which may be a second old;
    ours where it has none.
    """
    dated_s = instant_s(exchange.headers.get("date", ""))
    clocks = [exchange.at_s if dated_s is None else dated_s]
    if now is not None and now.exact:
        clocks.append(now.latest_s)
    resets = [exchange.headers[name] for name in (RESET, TOKEN_RESET) if name in exchange.headers]
    return all(
        DIGITS.fullmatch(reset) is not None
        and any(-DATE_S <= int(reset) / 1000 - clock <= WINDOW_S + DATE_S for clock in clocks)
        for reset in resets
    )


def quota_of(token: str | None, route: str | None) -> str:
    """Write the quota of two limits as the policy does; a token's alone is shown as the route's, too."""
    rates = [token] if token and token.isdigit() else []
    if route and route.isdigit() and route != token:
        rates.append(f"route:{route}")
    return f"quota={','.join(rates)}" if rates else OTHER


def _limited(seen: "Seen", ways: "Ways") -> "Ways":
    counted = [each.status for each in seen.exchanges if each.status in (200, 429)]
    places = [place for place, status in enumerate(counted) if status == 429]
    if not places:
        return only(ways, TWIN) if len(counted) >= UNLIMITED else ways
    gaps = {later - first for first, later in pairwise(places)}
    return only(ways, "limited-now-and-then") if gaps == {TURNS} else ways


def _media_type(seen: "Seen", ways: "Ways") -> "Ways":
    for each in seen.answered_as(200):
        ways = only(ways, TYPES.get(each.headers.get("content-type", ""), OTHER))
    return ways


def _chunked(seen: "Seen", ways: "Ways") -> "Ways":
    for each in seen.answered_as(200):
        ways = only(ways, "chunked" if "transfer-encoding" in each.headers else TWIN)
    return ways


def _says_nothing(_seen: "Seen", ways: "Ways") -> "Ways":
    return ways


def _get(ask: Ask) -> "Callable[[Seen], Iterator[Ask]]":
    def asks(_seen: "Seen") -> "Iterator[Ask]":
        yield ask

    return asks


def _other_method(method: str) -> "Callable[[Seen], Iterator[Ask]]":
    def asks(seen: "Seen") -> "Iterator[Ask]":
        if not seen.only_get:
            yield Ask(method=method)

    return asks


METHOD: Final = "another method than GET, which is sent to this machine alone"
CHOICES: Final = (
    Choice(
        "unlisted tokens",
        ("unknown_tokens=reject",),
        _by_status(_with_credential(Credential.UNKNOWN), {200: TWIN, 401: "unknown_tokens=reject"}),
        _get(Ask(credential=Credential.UNKNOWN)),
    ),
    Choice(
        "Bearer",
        ("bearer-is-taken",),
        _bearer,
        _get(Ask(credential=Credential.BEARER)),
        needs="a listed token after Bearer: an invented one is refused for itself",
    ),
    Choice("beta header", ("beta=required", "beta-gate"), _beta, _get(Ask(beta=False))),
    Choice(
        "slash at the end",
        ("trailing-slash-accepted",),
        _by_status(
            lambda ask: ask.suffix == "/" and not ask.parameters, {200: "trailing-slash-accepted", 404: TWIN}
        ),
        _get(Ask(suffix="/")),
    ),
    Choice(
        "HEAD",
        ("head-not-found",),
        _by_status(_by_method("HEAD"), {200: TWIN, 404: "head-not-found"}),
        _other_method("HEAD"),
        METHOD,
    ),
    Choice(
        "OPTIONS",
        ("options-answered",),
        _by_status(_by_method("OPTIONS"), {200: "options-answered", 405: TWIN}),
        _other_method("OPTIONS"),
        METHOD,
    ),
    Choice(
        "refused methods",
        ("method-refused-in-plain-text",),
        _plain_405,
        _other_method("PUT"),
        METHOD,
    ),
    Choice("CORS", ("cors=on",), _cors, _get(Ask(origin=ORIGIN))),
    Choice(
        "quota",
        ("quota", "rate-limit-headers"),
        _rates,
        _get(Ask()),
        needs=f"a reset within {WINDOW_S} seconds by the target's clock, as only such windows are known",
    ),
    Choice(
        "refusals now and then",
        ("limited-now-and-then",),
        _limited,
        needs=f"{UNLIMITED} answers, or two refusals {TURNS} answers apart",
    ),
    Choice("media type", ("charset", "media-type-in-capitals"), _media_type, _get(Ask())),
    Choice("chunks", ("chunked",), _chunked, _get(Ask())),
    Choice(
        "compression", ("gzip",), _says_nothing, needs="a client that takes gzip, which the checker does not"
    ),
    Choice(
        "pace",
        ("slow",),
        _says_nothing,
        needs="a measure of the way between: how long answers take is not the API's alone",
    ),
)
