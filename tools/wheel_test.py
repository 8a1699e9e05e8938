"""Install a wheel where none of our sources are, and try there what the image runs.

The commands are those of the `Dockerfile`; a test holds the two equal. Nothing but the standard
library is needed, and of the checkout only `tools/` and `requirements/run.txt`.
"""

import os
import re
import shlex
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.request import Request, urlopen

from tools.with_twin import served

if TYPE_CHECKING:
    from collections.abc import Sequence

INSTALL_LOCK: Final = "pip install --no-cache-dir --require-hashes -r requirements/run.txt"
INSTALL_WHEEL: Final = "pip install --no-cache-dir --no-deps --no-index dist/*.whl"
SERVE: Final = "usagetwin serve --host 0.0.0.0 --port 8080"
IMAGE_URL: Final = "http://127.0.0.1:8080"
COMPOSE_URL: Final = "http://twin:8080"
HEALTH: Final = f"usagetwin health {IMAGE_URL}"
CHECK: Final = f"usagetwin check {COMPOSE_URL} --allow-host=twin --pace=0"


def main(arguments: "Sequence[str]") -> int:
    """Try the wheel that the only argument names; every command must succeed."""
    wheel = Path(arguments[0]).resolve()
    lock = Path("requirements/run.txt").resolve()
    with tempfile.TemporaryDirectory(prefix="usagetwin-wheel-") as folder:
        place = Path(folder)
        _lay_out(place, wheel=wheel, lock=lock)
        _install(place)
        _try(place)
    print(f"{wheel.name} works without its sources")
    return 0


def _lay_out(place: Path, *, wheel: Path, lock: Path) -> None:
    (place / "requirements").mkdir()
    (place / "requirements" / "run.txt").write_bytes(lock.read_bytes())
    (place / "dist").mkdir()
    (place / "dist" / wheel.name).write_bytes(wheel.read_bytes())


def _install(place: Path) -> None:
    venv.create(place / "venv", with_pip=True)
    for line in (INSTALL_LOCK, INSTALL_WHEEL):
        _run(place, _expanded(place, line))


def _try(place: Path) -> None:
    """Run the image's commands, on loopback and a free port instead of the image's address."""
    where = 'import usagetwin, sys; sys.exit(not usagetwin.__file__.startswith(sys.prefix + "/"))'
    _run(place, [str(_program(place, "python")), "-c", where])
    _run(place, _expanded(place, "usagetwin contract --openapi 3.1"), quiet=True)
    serve = SERVE.replace("0.0.0.0", "127.0.0.1").replace("8080", "0")  # noqa: S104 -- it replaces that address
    with served(_expanded(place, serve), folder=place) as url:
        _run(place, _expanded(place, HEALTH.replace(IMAGE_URL, url)))
        _look(url)
        _run(place, _expanded(place, CHECK.replace(COMPOSE_URL, url)))


def _look(url: str) -> None:
    """Open the page as a browser does, and a file of each package that it is made with."""
    page = _read(url)
    for name in ("page.css", "account.js", "plotly.min.js"):
        found = re.search(f'"(/__twin__/page/static/[0-9a-f]+/{re.escape(name)})"', page)
        if found is None or not _read(url + found[1]):
            message = f"the page at {url} has no {name}"
            raise SystemExit(message)


def _read(url: str) -> str:
    with urlopen(Request(url, headers={"Accept": "text/html"}), timeout=30) as answer:  # noqa: S310 -- our own
        text: str = answer.read().decode()
        return text


def _expanded(place: Path, line: str) -> list[str]:
    """Split a command line as a shell would, its program taken from the environment in `place`."""
    name, *rest = shlex.split(line)
    parts = [str(_program(place, name))]
    for part in rest:
        found = sorted(str(path) for path in place.glob(part)) if "*" in part else []
        parts.extend(found or [part])
    return parts


def _program(place: Path, name: str) -> Path:
    return place / "venv" / ("Scripts" if os.name == "nt" else "bin") / name


def _run(place: Path, command: "Sequence[str]", *, quiet: bool = False) -> None:
    leaks = {"PYTHONPATH", "PYTHONHOME"}
    environment = {name: value for name, value in os.environ.items() if name not in leaks}
    environment["PIP_QUIET"] = "1"
    print("$", *(Path(part).name if part.startswith(str(place)) else part for part in command), flush=True)
    subprocess.run(
        command, cwd=place, env=environment, stdout=subprocess.DEVNULL if quiet else None, check=True
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
