"""The file that a user brings, as a parsed OpenAPI document: bounded, and of a version that is read."""

import stat
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from usagetwin.contract.siblings.values import from_json, from_yaml
from usagetwin.errors import ContractError, quoted, readable

MOST_MIB: Final = 16  # LaunchDarkly's own has 1.4
VERSIONS: Final = ("3.0", "3.1")
OPTION: Final = "--document"
BROUGHT: Final = "an OpenAPI document of version 3.0 or 3.1, in JSON or YAML"


@lru_cache(maxsize=1)  # a command that takes several operations in turn reads it once
def read(file: str) -> dict[str, Any]:
    """Read a document; nobody may change it. Raises ContractError."""
    if not file:
        problem = "is empty, as a variable is that nobody set"
        raise ContractError(OPTION, problem, f"{OPTION} with the file of {BROUGHT}")
    name = readable(file)
    text = _text(Path(file), name)
    if not text.strip():
        raise ContractError(name, "is empty", f"{OPTION} with {BROUGHT}")
    in_yaml = file.lower().endswith((".yaml", ".yml")) or not text.lstrip().startswith(("{", "["))
    document = (from_yaml if in_yaml else from_json)(text, name)
    if not isinstance(document, dict):
        raise ContractError(name, f"is no object, but {_kind(document)}", f"{OPTION} with {BROUGHT}")
    _check_version(document, name)
    if not isinstance(document.get("paths"), dict):
        raise ContractError(
            name, "has no paths", f"{OPTION} with {BROUGHT}, whose operations are under `paths`"
        )
    return document


def _text(path: Path, name: str) -> str:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            kind = "a folder" if stat.S_ISDIR(status.st_mode) else "no regular file"
            raise ContractError(name, f"is {kind}", f"{OPTION} with the file of {BROUGHT}")
        if status.st_size > MOST_MIB << 20:
            problem = f"has {status.st_size >> 20} MiB, and a document has {MOST_MIB} at most"
            raise ContractError(name, problem, "the part of it with the operations, and what they refer to")
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problem = f"is no UTF-8: byte {error.start} is 0x{error.object[error.start]:02x}"
        raise ContractError(name, problem, "the same file saved as UTF-8") from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise ContractError(name, f"can't be read: {why}", f"{OPTION} with {BROUGHT}") from None


def _check_version(document: dict[str, Any], name: str) -> None:
    if "swagger" in document:
        problem = f"is Swagger {quoted(str(document['swagger']))}"
        raise ContractError(name, problem, f"{BROUGHT}; a converter makes 3.0 of 2.0")
    version = document.get("openapi")
    if version is None:
        raise ContractError(name, "is no OpenAPI document: it has no `openapi`", f"{OPTION} with {BROUGHT}")
    if not str(version).startswith(tuple(f"{each}." for each in VERSIONS)):
        raise ContractError(name, f"is OpenAPI {quoted(str(version))}", f"{OPTION} with {BROUGHT}")


def _kind(value: object) -> str:
    return "a list" if isinstance(value, list) else f"the value {quoted(str(value))}"
