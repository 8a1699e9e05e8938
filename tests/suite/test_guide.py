"""The guides of the suite and of blind spots say what there is, and their example runs."""

import re
from typing import TYPE_CHECKING

import pytest

from tests.project.checkout import text
from usagetwin.contract import rules
from usagetwin.deviations import faults, variations
from usagetwin_checker.plugin.options import RUN_OPTIONS, RunOption
from usagetwin_checker.suite import Check

if TYPE_CHECKING:
    from tests.plugin.project import Project

SUITE = text("docs/suite.md")
BLIND_SPOTS = text("docs/blind-spots.md")


@pytest.mark.parametrize("option", RUN_OPTIONS, ids=lambda option: option.name)
def test_every_option_of_a_run_is_in_a_guide(option: RunOption) -> None:
    """In that of the suite, or in that of blind spots."""
    assert f"`{option.option}" in SUITE + BLIND_SPOTS


def test_the_guide_names_every_field_of_a_check() -> None:
    """In the sentence that lists them."""
    fields = re.search(r"`Check` takes (.*?), as the options do", SUITE)

    assert fields is not None
    assert re.findall(r"`(\w+)`", fields[1]) == list(Check.__dataclass_fields__)


def test_names_in_the_guides_exist() -> None:
    """Rules, faults and variations that are renamed are renamed there."""
    shown = re.search(r"```text\n(.*?)```", BLIND_SPOTS, re.DOTALL)
    assert shown is not None
    named = re.findall(r"^  ([a-z][a-z-]+)(?=[:,]|$)", shown[1], re.MULTILINE)

    assert len(named) == 4
    assert set(named) <= {*faults(), *variations()}
    assert set(re.findall(r"explain ([a-z-]+)", shown[1])) <= set(rules())
    assert set(re.findall(r"test_rule\[([a-z-]+)\]", SUITE)) <= set(rules())


def test_the_example_runs(project: "Project") -> None:
    """As it stands but for a budget, with a mock that has the keys."""
    example = re.search(r"```python\n(.*?)```", SUITE, re.DOTALL)
    assert example is not None
    project.write(
        "conftest.py",
        r"""
        import pytest
        from usagetwin import Settings, create_app
        from tests.checker.commands.test_check_command import mounted

        class Mock:
            def __init__(self, url):
                self.url = url

        @pytest.fixture(scope="session")
        def our_mock(tmp_path_factory):
            account = "name: ours\nabout: Two projects.\nprojects:\n"
            for key in ("mobile", "checkout"):
                account += f"  - key: {key}\n    counts: {{2026-03-01: 3, 2026-03-02: 4}}\n"
            file = tmp_path_factory.mktemp("worlds") / "ours.yaml"
            file.write_text(account)
            with mounted(create_app(Settings(world=str(file), now="2026-03-03"))) as url:
                yield Mock(url)
        """,
    )
    project.write("test_mock.py", example[1].replace("complete=True)", "complete=True, budget=60)"))

    result = project.run()

    assert set(result.parseoutcomes()) == {"passed", "skipped"}
