"""How the programs and processes that a test starts are led: by their environment, or by what they are sent.

A program gets the variables of `connect_proxy`. A child of multiprocessing that is no fork gets, with what it
is to do, an object whose arrival puts a redirect in place there, whenever its fork server was started.
"""

import json
import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from usagetwin_checker.redirect.authority import Authority

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from usagetwin_checker.redirect.route import Route

    Function = Callable[..., Any]

ENV: Final = 10  # the place of `env` among the arguments of Popen, by position
PATHS: Final = "PYTHONPATH"


class GivenAuthority(Authority):
    """The authority of another process: its certificates, and no key."""

    def __init__(self, pem: str, issued: "list[str]") -> None:
        super().__init__()
        self._pem: Final = pem
        self._issued.update(map(bytes.fromhex, issued))

    @cached_property
    def pem(self) -> bytes:
        """The authority's own certificate."""
        return self._pem.encode("ascii")


class Lead:
    """What a child of multiprocessing is sent: to be unpickled is to be led."""

    def __init__(self, route: "Route") -> None:
        self._told: Final = told(route)

    def __reduce__(self) -> "tuple[Function, tuple[dict[str, Any]]]":
        """Arrive as a redirect in place."""
        return lead, (self._told,)


def told(route: "Route") -> "dict[str, Any]":
    """Give what another process needs to be led, as plain data."""
    return {
        "ports": {str(port): list(address) for port, address in route.ports.items()},
        "hosts": sorted(route.hosts),
        "pem": route.authority.pem.decode("ascii"),
        "issued": [certificate.hex() for certificate in route.authority.certificates],
        "block": route.block,
        "doors": [list(door) for door in route.doors],
    }


def lead(told: "Mapping[str, Any]") -> None:
    """Lead this process, for as long as it lives."""
    from usagetwin_checker.redirect.active import Redirect

    redirect = Redirect(
        {int(port): tuple(address) for port, address in told["ports"].items()},
        GivenAuthority(told["pem"], told["issued"]),
        hosts=told["hosts"],
        doors={(host, port) for host, port in told["doors"]},
    )
    redirect.block(told["block"])
    redirect.stay()


def lead_from(file: str) -> None:
    """Lead this process as a file says."""
    lead(json.loads(Path(file).read_text(encoding="utf-8")))


def with_ours(env: "Mapping[Any, Any] | None", ours: "Mapping[str, str]") -> dict[Any, Any]:
    """Give an environment with our variables in it; None is this process's own."""
    given = dict(os.environ if env is None else env)
    folder, paths = ours.get(PATHS, "").partition(os.pathsep)[0], str(given.get(PATHS, ""))
    if folder and folder not in paths.split(os.pathsep):
        paths = os.pathsep.join(filter(None, [folder, paths]))
    return {**given, **ours, PATHS: paths}


def popen(original: "Function", route: "Route") -> "Function":
    """Start a program that is led: for subprocess, and what stands on it."""

    def __init__(popen: Any, *args: Any, **options: Any) -> None:  # noqa: ANN401, N807 -- the method's name
        if route.programs is not None and route.active:
            ours = route.programs()
            if len(args) > ENV:
                args = (*args[:ENV], with_ours(args[ENV], ours), *args[ENV + 1 :])
            else:
                options["env"] = with_ours(options.get("env"), ours)
        original(popen, *args, **options)

    return __init__


def third(original: "Function", route: "Route") -> "Function":
    """Do so for functions whose third argument is the environment: os.posix_spawn, os.execve."""

    def start(path: Any, arguments: Any, env: Any, *args: Any, **options: Any) -> Any:  # noqa: ANN401 -- only passed on
        if route.programs is not None and route.active:
            env = with_ours(env, route.programs())
        return original(path, arguments, env, *args, **options)

    return start


def execv(original: "Function", route: "Route") -> "Function":
    """Do so for a program that takes this process's place and environment."""

    def execv(path: Any, arguments: Any) -> Any:  # noqa: ANN401 -- only passed on
        if route.programs is not None and route.active:
            return os.execve(path, arguments, dict(os.environ))  # noqa: S606 -- what its caller asks for
        return original(path, arguments)

    return execv


def spawn(original: "Function", route: "Route") -> "Function":
    """Make what leads a program ready in this process, as its fork can't: for os.spawnv and its relatives."""

    def spawn(*args: Any) -> Any:  # noqa: ANN401 -- only passed on
        if route.programs is not None and route.active:
            route.programs()
        return original(*args)

    return spawn


forkpty: Final = spawn  # as for pexpect, which lets a program take the fork's place


def by_option(original: "Function", route: "Route") -> "Function":
    """Do so for uvloop's own way to start a program."""

    async def start(*args: Any, **options: Any) -> Any:  # noqa: ANN401 -- only passed on
        if route.programs is not None and route.active:
            options["env"] = with_ours(options.get("env"), route.programs())
        return await original(*args, **options)

    return start


def system(original: "Function", route: "Route") -> "Function":
    """Do so for os.system, whose program has the environment that C sees."""

    def system(command: Any) -> Any:  # noqa: ANN401 -- only passed on
        if route.programs is None or not route.active:
            return original(command)
        ours = with_ours(None, route.programs())
        changed = {name: value for name, value in ours.items() if os.environ.get(name) != value}
        try:
            for name, value in changed.items():
                os.putenv(name, value)
            return original(command)
        finally:
            for name in changed:
                os.putenv(name, os.environ[name]) if name in os.environ else os.unsetenv(name)

    return system


def preparation_data(original: "Function", route: "Route") -> "Function":
    """Send a child of multiprocessing, with what it needs to know, what leads it."""

    def get_preparation_data(*args: Any, **options: Any) -> dict[str, Any]:  # noqa: ANN401 -- only passed on
        data: dict[str, Any] = original(*args, **options)
        return {**data, "usagetwin": Lead(route)} if route.active else data

    return get_preparation_data
