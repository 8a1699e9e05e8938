"""Who may ask: the credential, the beta gate, access and quota, in the order that `SEMANTICS` 4 gives.

Connexion calls this for every request that its `security` requirement covers.
"""

from typing import TYPE_CHECKING, Final

from usagetwin.account.world import Role
from usagetwin.asgi.notes import OPERATION, header, notes_of
from usagetwin.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from connexion.lifecycle import ConnexionRequest
    from starlette.types import Scope

    from usagetwin.asgi.quota import Quota
    from usagetwin.policies import Policies

    Check = Callable[[ConnexionRequest], Awaitable[dict[str, str]]]

BETA: Final = "This API is in beta. To use it, your request must include the header `LD-API-Version: beta`."


class Security:
    """Connexion's security handler for the contract's `ApiKey` scheme."""

    def __init__(self, tokens: "Mapping[str, Role]", policies: "Policies", quota: "Quota | None") -> None:
        """Take the tokens that the world lists; any other token is as the policy `unknown_tokens` says."""
        self._tokens = tokens
        self._unknown = Role.REVOKED if policies.unknown_tokens == "reject" else Role.FULL
        self._beta_required = policies.beta == "required"
        self._quota = quota

    def get_fn(self, _scheme: object, _scopes: object) -> "Check":
        """Give the check that Connexion runs for each request."""
        return self._check

    async def _check(self, request: "ConnexionRequest") -> dict[str, str]:
        token = self.check(request.scope)
        if self._quota is not None:
            scope = request.scope
            await self._quota.spend(token, notes_of(scope), scope.get(OPERATION, 0))
        return {}

    def check(self, scope: "Scope") -> str:
        """Give the token of a request that may pass, whatever is left of its quota. Raises Refusal."""
        token = _credential(header(scope, b"authorization"))
        role = self._tokens.get(token, self._unknown)
        if role is Role.REVOKED:
            raise _revoked()
        if self._beta_required and header(scope, b"ld-api-version") != "beta":
            raise Refusal(403, None, BETA, "beta-header-required")
        if role is Role.FORBIDDEN:
            raise _forbidden()
        if role is Role.THROTTLED:
            raise _throttled()
        return token


def _credential(value: str | None) -> str:
    if value is None:
        message = "Invalid access token: there is no Authorization header. Send `Authorization: YOUR-TOKEN`."
        raise Refusal(401, "unauthorized", message, "credential-required")
    token = value.strip()
    if not token:
        message = "Invalid access token: the Authorization header is blank. Send `Authorization: YOUR-TOKEN`."
        raise Refusal(401, "unauthorized", message, "blank-credential-unauthorized")
    if token.split(maxsplit=1)[0].lower() == "bearer":
        message = (
            "Invalid access token: send the token itself, without `Bearer`: `Authorization: YOUR-TOKEN`."
        )
        raise Refusal(401, "invalid_token", message, "bearer-is-invalid-token")
    return token


def _revoked() -> Refusal:
    message = "Invalid access token: this token is revoked or unknown. Send a token that the account has."
    return Refusal(401, "unauthorized", message, "revoked-token-unauthorized")


def _forbidden() -> Refusal:
    message = (
        "Forbidden. Access to the requested resource was denied. Send a token that may read account usage."
    )
    return Refusal(403, "forbidden", message, "token-without-access-forbidden")


def _throttled() -> Refusal:
    message = (
        "You've exceeded the API rate limit. Try again later. This token is throttled: all its requests are."
    )
    return Refusal(429, "rate_limited", message, "rate-limited")
