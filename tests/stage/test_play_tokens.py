"""How the token of a play is known."""

from uuid import UUID

import pytest

from usagetwin.stage.play_tokens import has_play_token, new_token, play_of, token_in


def test_a_play_s_token_has_the_form_of_an_access_token() -> None:
    """A UUID of the version that is everybody's own, and each time another."""
    tokens = {new_token() for _ in range(1_000)}

    assert len(tokens) == 1_000
    assert {UUID(token.removeprefix("api-")).version for token in tokens} == {8}
    assert {UUID(token.removeprefix("api-")).variant for token in tokens} == {UUID(int=1 << 63).variant}


@pytest.mark.parametrize("around", ["{}", "  {}", "Bearer {}", "bearer  {}"])
def test_a_play_s_token_is_found_in_a_credential(around: str) -> None:
    """After a word that does not belong there, too: the mistake is one of that play's client."""
    token = new_token()

    assert token_in(around.format(token)) == token
    assert has_play_token([(b"accept", b"*/*"), (b"authorization", around.format(token).encode())])


@pytest.mark.parametrize(
    "credential",
    [
        "",
        "any",
        "api-11111111-1111-4111-8111-11111111beef",
        "api-11111111-1111-8111-8111-11111111BEEF",
        "api-11111111-1111-8111-8111-11111111beef0",
    ],
)
def test_other_credentials_have_none(credential: str) -> None:
    """Real tokens are UUIDs of another version."""
    assert token_in(credential) is None
    assert not has_play_token([(b"authorization", credential.encode())])


def test_only_the_first_credential_counts() -> None:
    """As for the twin."""
    token = new_token().encode()

    assert not has_play_token([(b"authorization", b"any"), (b"authorization", token)])
    assert not has_play_token([(b"x-authorization", token)])


@pytest.mark.parametrize("value", ["{}", " {} ", "{}; mark=17", "{};now=5"])
def test_a_header_names_the_play_before_any_credential_does(value: str) -> None:
    """Wherever it stands, and whatever is said beside it."""
    token, other = new_token(), new_token()
    named = (b"usagetwin-play", value.format(token).encode())
    credential = (b"authorization", other.encode())

    for headers in ((named, credential), (credential, named), (named,)):
        assert has_play_token(headers)
        assert play_of(headers) == token
    assert play_of([credential]) == other
    assert play_of([(b"authorization", b"any")]) is None
