"""What the README shows is what a user sees."""

import re
import shlex
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.project.checkout import ROOT
from usagetwin import Settings, create_app
from usagetwin.deviations.shape import parsed_query
from usagetwin_checker.exchanges import Ask
from usagetwin_checker.talking.targets import AppTarget

README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^\$ (curl .*)\n(.*)$", README, flags=re.MULTILINE)


@pytest.mark.parametrize(("command", "shown"), EXAMPLES)
def test_a_curl_example_of_the_readme_gets_the_answer_that_the_readme_shows(command: str, shown: str) -> None:
    """Each example asks about closed days of the default world, so that its answer never changes."""
    url = urlsplit(shlex.split(command)[-1])
    target = AppTarget(create_app(Settings()))

    exchange = target.send(Ask(parsed_query(url.query.encode())))
    target.close()

    assert exchange.body.decode() == shown


def test_the_readme_has_curl_examples() -> None:
    """An example that is not found is not tested."""
    assert len(EXAMPLES) >= 3


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#:]+)\)", README))
def test_a_link_of_the_readme_leads_somewhere(link: str) -> None:
    """Every relative link names a file or folder of the checkout."""
    assert (ROOT / Path(link)).exists()


@pytest.mark.parametrize("target", re.findall(r"^make ([a-z-]+)", README, flags=re.MULTILINE))
def test_a_make_target_of_the_readme_exists(target: str) -> None:
    """Every `make` line names a target of the Makefile."""
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), flags=re.MULTILINE)
