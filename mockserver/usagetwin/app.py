"""The twin, assembled: Connexion routes, authenticates and validates; the parts around it do the rest.

Rule: nothing is decided here. A request passes, outside in: access log, clock, CORS, reply cache (or
a deviation), guard, then Connexion (routing, security, parameters), then the answerer.
"""

import warnings
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from usagetwin.account.siblings import ledger_of
from usagetwin.account.world import load_world
from usagetwin.asgi.access_log import AccessLog
from usagetwin.asgi.answerer import Answerer
from usagetwin.asgi.cors import Cors
from usagetwin.asgi.deviating import Deviating
from usagetwin.asgi.guard import Guard
from usagetwin.asgi.notes import Instant, notes_of
from usagetwin.asgi.quota import Quota
from usagetwin.asgi.reply_cache import ReplyCache
from usagetwin.asgi.security import Security
from usagetwin.asgi.siblings import OnlyServed, Siblings
from usagetwin.contract import projected_contract
from usagetwin.contract.operation import ONLY_SESSIONS, PATH
from usagetwin.deviations import deviation
from usagetwin.deviations.together import layers
from usagetwin.errors import ContractError, FileError, SettingError
from usagetwin.request import read
from usagetwin.request.validator import validator
from usagetwin.request.wording import unknown_path
from usagetwin.settings import Settings, named
from usagetwin.store import check_store

with warnings.catch_warnings():  # of libraries' own choices, which no user of ours can change (FACTS 23)
    warnings.simplefilter("ignore")
    from connexion import ConnexionMiddleware
    from connexion.middleware.lifespan import LifespanMiddleware
    from connexion.middleware.request_validation import RequestValidationMiddleware
    from connexion.middleware.routing import RoutingMiddleware
    from connexion.middleware.security import SecurityMiddleware

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from starlette.types import ASGIApp, Receive, Scope, Send

    from usagetwin.account.world import World
    from usagetwin.clock import Clock
    from usagetwin.contract.operation import Operation
    from usagetwin.policies import Policies


def create_app(
    settings: Settings | None = None,
    *,
    world: "World | None" = None,
    clock: "Clock | None" = None,
    play: str | None = None,
) -> "ASGIApp":
    """Make the twin as an ASGI application; any ASGI server can run it (`usagetwin:create_app`, a factory).

    Without settings they come from the environment (`USAGETWIN_*`). `world` and `clock`, where given, stand
    in for the settings' own. `play` is the token of the play that a quota is of, if it is one's own. Raises
    SettingError and FileError, and ContractError for a document of `USAGETWIN_DOCUMENT`.
    """
    if settings is None:
        try:
            return create_app(Settings.from_environment(), world=world, clock=clock, play=play)
        except (SettingError, FileError, ContractError) as error:
            raise named(error) from None
    world = world or load_world(settings.world)
    policies = settings.policies_over(world.policies)
    check_store(settings.store)
    quota = _quota(policies, settings, play)
    app: ASGIApp = Guard(_connexion(world, policies, quota, settings.operations), validator(), policies)
    for variation in layers(settings.variations):
        app = Deviating(app, variation)
    if settings.deviation is not None:
        app = Deviating(app, deviation(settings.deviation))
    elif not settings.variations and settings.reply_cache and _stateless(policies):
        app = ReplyCache(app)
    if policies.cors == "on":
        app = Cors(app, PATH)
    if settings.operations != ONLY_SESSIONS:
        app = Siblings(app, settings.operations)
    app = Instant(app, clock or settings.at(world.now).clock)
    return AccessLog(app) if settings.access_log else app


def _stateless(policies: "Policies") -> bool:
    """Tell whether path, query, credential and instant alone decide every answer, headers included."""
    return not policies.rates and policies.beta == "ignored" and policies.cors == "off"


def _connexion(
    world: "World", policies: "Policies", quota: "Quota | None", operations: "Sequence[Operation]"
) -> "ASGIApp":
    ledgers = [ledger_of(world, operation) for operation in operations]
    if operations == ONLY_SESSIONS:
        refusing: Any = _NoTrailingSlash
    else:
        refusing = partial(OnlyServed, operations=operations)
    app = ConnexionMiddleware(
        Answerer(ledgers, policies),
        import_name=__name__,
        middlewares=[
            LifespanMiddleware,
            refusing,
            RoutingMiddleware,
            SecurityMiddleware,
            RequestValidationMiddleware,
        ],
        lifespan=_lifespan,
        resolver=lambda _operation_id: _answered_by_the_wrapped_app,
        security_map={"apiKey": partial(Security, world.tokens, policies, quota)},
        validator_map={"parameter": _ParameterCheck},
    )
    app.add_api(projected_contract())
    assembled: ASGIApp = app
    return assembled


def _quota(policies: "Policies", settings: Settings, play: str | None) -> "Quota | None":
    """Give the quota, if there is one; what a deviation is asked for is counted apart from what is honest."""
    if not policies.rates:
        return None
    return Quota(policies.rates, settings.store, apart=f"{play or ''}/{settings.deviation or ''}")


def _answered_by_the_wrapped_app() -> None:
    """Stand for the operation: Connexion wants a function for it, and passes the request on to `Answerer`."""


@asynccontextmanager
async def _lifespan(_app: object) -> "AsyncIterator[None]":
    yield


class _NoTrailingSlash:
    """Refuse a path that ends with a slash, which the router would answer with a redirect."""

    def __init__(self, app: "ASGIApp") -> None:
        self._app = app

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        if scope["type"] == "http" and scope["path"].endswith("/"):
            raise unknown_path(scope["path"])
        await self._app(scope, receive, send)


class _ParameterCheck:
    """Connexion's parameter validator: ours, which leaves the query that it read in the notes."""

    def __init__(self, *_parameters: object, **_options: object) -> None:
        """Take what Connexion says of the operation, which the contract says in full."""

    def validate(self, scope: "Scope") -> None:
        """Check one request. Raises Refusal."""
        notes = notes_of(scope)
        notes.query = read(scope["query_string"], notes.now_s)
