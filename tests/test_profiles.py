"""A profile: a name, or a file of policies and legal variations."""

from pathlib import Path

import pytest

from usagetwin.errors import SettingError
from usagetwin.profiles import Profile, profile_of, written
from usagetwin.settings import Settings


def kept(folder: Path, text: str | bytes) -> str:
    """Write a file, and give its path."""
    file = folder / "profile.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(file)


def test_a_name_stands_for_its_policies() -> None:
    """And for no variation."""
    assert profile_of("observed").policies["beta"] == "required"
    assert profile_of("observed").variations == ()


def test_a_file_has_policies_and_variations(tmp_path: Path) -> None:
    """The variations come in the order in which they change an answer, however they are listed."""
    file = kept(tmp_path, "policies:\n  error_id: on\nvariations:\n- descending\n- inclusive-to\n")

    profile = profile_of(file)

    assert profile.policies == {"error_id": "on"}
    assert profile.variations == ("inclusive-to", "descending")


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    """With its comments, and also where nothing differs."""
    for number, profile in enumerate(
        [Profile("a", {"cors": "on", "quota": "5/60s"}, ("sparse",)), Profile("b")]
    ):
        file = tmp_path / f"{number}.yaml"
        file.write_text(written(profile, ("learned: yes", "")))

        again = profile_of(str(file))

        assert (again.policies, again.variations) == (profile.policies, profile.variations)


def test_an_account_changes_the_profile_and_an_option_both(tmp_path: Path) -> None:
    """As with the profiles that have a name."""
    file = kept(tmp_path, "policies: {cors: on, error_id: on, beta: required}")

    policies = Settings(profile=file, policies={"beta": "ignored"}).policies_over({"cors": "off"})

    assert (policies.cors, policies.error_id, policies.beta) == ("off", "on", "ignored")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "profile.yaml: this is no mapping"),
        ("- a\n", "profile.yaml:1: this is no mapping"),
        ("policies: {\n", "this is not YAML"),
        ("policies:\n  projects: apart\n", "profile.yaml:2: the policy projects can't be 'apart'"),
        ("policies:\n  project: total\n", "profile.yaml:2: there is no policy 'project'"),
        ("policies: [a]\n", "profile.yaml:1: this is no mapping"),
        ("policies: {cors: [on]}\n", "profile.yaml:1: this is not one plain text"),
        ("policies: {cors: on, cors: on}\n", "profile.yaml:1: 'cors' is given twice"),
        ("policy: {}\n", "profile.yaml:1: a profile has no 'policy'"),
        ("variations: sparse\n", "profile.yaml:1: variations is not a list"),
        ("variations: [spars]\n", "profile.yaml: there is no variation 'spars'"),
        ("variations: [time-at-noon, time-at-end]\n", "can't show time-at-noon and time-at-end together"),
        ("variations: [another-house-style, sparse]\n", "can't show another-house-style and sparse together"),
        (b"\xff", "the file is not UTF-8"),
        ("#" * 70_000, "the file is larger than 64 KiB"),
    ],
)
def test_a_file_that_is_no_profile_is_refused(tmp_path: Path, text: str | bytes, said: str) -> None:
    """With its line, as far as there is one, and what would be right."""
    with pytest.raises(SettingError, match="try") as error:
        profile_of(kept(tmp_path, text))

    assert said in str(error.value)
    assert error.value.setting == "profile"


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """And so is a folder, and a name that no file can have."""
    (tmp_path / "folder.yaml").mkdir()

    for name in (f"{tmp_path}/none.yaml", f"{tmp_path}/folder.yaml", "nul\0.yaml"):
        with pytest.raises(SettingError):
            profile_of(name)
