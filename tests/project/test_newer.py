"""What is newer than a lock is listed."""

from tools.newer import differences

LOCK = """\
coverage[toml]==7.17.3 \\
    --hash=sha256:00
PyYAML==6.0.3 ; sys_platform != 'win32' \\
    --hash=sha256:00
colorama==0.4.6 ; sys_platform == 'win32' \\
    --hash=sha256:00
rich==15.0.0 \\
    --hash=sha256:00
"""


def test_a_distribution_at_another_version_is_listed() -> None:
    """With both versions, whatever its name is written like, and whatever extras it has."""
    there = {"coverage": "7.17.5", "pyyaml": "6.0.4", "rich": "15.0.0"}

    assert list(differences(LOCK, there)) == ["coverage 7.17.3 -> 7.17.5", "PyYAML 6.0.3 -> 6.0.4"]


def test_a_distribution_that_is_not_there_is_not_listed() -> None:
    """It is for another system."""
    assert list(differences(LOCK, {"rich": "15.0.0"})) == []
