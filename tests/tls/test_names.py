"""The names that a certificate is for."""

import pytest

from usagetwin.errors import SettingError
from usagetwin.tls.names import certificate_name


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("twin", "twin"),
        ("API.Example.Test.", "api.example.test"),
        ("*.example.test", "*.example.test"),
        ("usage_twin.internal", "usage_twin.internal"),
        ("192.0.2.7", "192.0.2.7"),
        ("[2001:DB8::1]", "2001:db8::1"),
    ],
)
def test_a_host_or_an_address_is_taken(given: str, name: str) -> None:
    """In the form that certificates have it in."""
    assert certificate_name(given) == name


@pytest.mark.parametrize(
    "given",
    [
        "",
        " ",
        "twin:8443",
        "https://twin",
        "a b",
        "a@b.example",
        "10.0.0.0/8",
        "-twin",
        "a..b",
        "x" * 64,
        "*",
    ],
)
def test_what_is_neither_is_refused(given: str) -> None:
    """With the value, and what would be right."""
    with pytest.raises(SettingError) as caught:
        certificate_name(given)

    assert f"--name {given!r} is no host name and no address" in str(caught.value)
    assert "--name twin" in str(caught.value)
