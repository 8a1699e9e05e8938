"""Tests of `usagetwin_checker.running.shards.where`: a worker asks what the command means, or nothing."""

import pickle
from dataclasses import replace
from typing import Final

import pytest

from usagetwin import __version__
from usagetwin.errors import SettingError
from usagetwin_checker.running.shards.where import Where, machine

SECRET: Final = "api-5ec2e7aa-0000-4000-8000-000000000000"
URL: Final = "http://127.0.0.1:9"


def test_a_base_url_is_asked_on_the_machine_of_the_command() -> None:
    """Which its workers share."""
    target = Where(URL).target()

    assert (target.name, target.loopback) == (URL, True)
    target.close()


def test_loopback_on_another_machine_is_another_target() -> None:
    """It is not asked."""
    with pytest.raises(SettingError, match=r"is another target on the worker .*, which is another machine"):
        replace(Where(URL), machine=f"{machine()} elsewhere").target()


def test_the_twin_may_be_asked_anywhere() -> None:
    """Each worker has its own."""
    target = replace(Where("twin"), machine="elsewhere").target()

    assert target.name == "twin"
    target.close()


@pytest.mark.parametrize("here", [True, False])
def test_a_worker_without_the_token_of_the_command_asks_nothing(
    *, here: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does one that has a token, where the command has none."""
    monkeypatch.setenv("USAGETWIN_TOKEN", SECRET if here else "")
    where = Where(URL)
    monkeypatch.setenv("USAGETWIN_TOKEN", "" if here else SECRET)

    with pytest.raises(SettingError, match=r"has a token in USAGETWIN_TOKEN, and .* has none") as error:
        where.target()

    assert SECRET not in str(error.value)


def test_nothing_of_a_token_goes_to_a_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """It reads its own; what it gets says that there is one."""
    monkeypatch.setenv("USAGETWIN_TOKEN", SECRET)

    where = Where(URL)

    assert where.token
    assert SECRET.encode() not in pickle.dumps(where)
    assert SECRET not in repr(where)


def test_a_worker_of_another_version_asks_nothing() -> None:
    """What it finds would not be the same."""
    with pytest.raises(
        SettingError, match=f"a worker has usagetwin {__version__}, and the command is of 0.0.1"
    ):
        replace(Where("twin"), version="0.0.1").target()
