"""Whose certificates are believed: those of an option or a variable, else those that certifi brings.

Rule: what can't be used is told before anything is asked, with the option's or the variable's name.
"""

import os
import re
import ssl
from pathlib import Path
from typing import Final

import certifi

from usagetwin.errors import SettingError, quoted

OPTION: Final = "--cacert"
FILE: Final = "SSL_CERT_FILE"
FOLDERS: Final = "SSL_CERT_DIR"
KEY_LOG: Final = "SSLKEYLOGFILE"
LARGEST_FILE: Final = 64 * 1024 * 1024  # all the world's CAs are a few hundred KiB
BEGIN: Final = b"-----BEGIN "
HASHED: Final = re.compile(r"[0-9a-f]{8}\.\d+")


def trusting_nobody() -> ssl.SSLContext:
    """Give a context for who speaks no TLS."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def trusting(cacert: str | None) -> ssl.SSLContext:
    """Give a context that believes the CAs of a file, else of the environment, else the usual ones.

    Raises SettingError.
    """
    named = (OPTION, cacert) if cacert is not None else (FILE, os.environ.get(FILE, ""))
    folders = os.environ.get(FOLDERS, "")
    if named[1] or named[0] == OPTION:
        _refuse_no_certificates(*named)
        return _context(*named, {"cafile": named[1]})
    if folders:
        _refuse_no_folders(folders)
        return _context(FOLDERS, folders, {"capath": folders})
    return _context("certifi", certifi.where(), {"cafile": certifi.where()})


def _context(name: str, value: str, where: dict[str, str]) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(**where)  # type: ignore[arg-type]  # each of these is a path
    except ssl.SSLError as error:
        raise _unusable(name, value, f"has a certificate that can't be read ({error.reason})") from None
    except OSError as error:  # what it reads was looked at: it is the file that Python writes keys to
        problem = (
            f"{KEY_LOG} is {quoted(os.environ.get(KEY_LOG, ''))}, which can't be written: {error.strerror}"
        )
        raise SettingError(problem, f"no {KEY_LOG}, or a file that can be written") from None


def _refuse_no_certificates(name: str, file: str) -> None:
    try:
        with Path(file).open("rb") as opened:
            content = opened.read(LARGEST_FILE)
    except (OSError, ValueError) as error:
        said = error.strerror if isinstance(error, OSError) else str(error)
        raise _unusable(name, file, f"can't be read: {said}") from None
    if not content.strip():
        raise _unusable(name, file, "is empty")
    if BEGIN not in content:
        raise _unusable(name, file, "has no certificate in PEM form, which begins with -----BEGIN")


def _refuse_no_folders(folders: str) -> None:
    known = [folder for folder in folders.split(os.pathsep) if Path(folder).is_dir()]
    if not known:
        raise _unusable(FOLDERS, folders, "is no folder")
    try:
        names = [file.name for folder in known for file in Path(folder).iterdir()]
    except OSError as error:
        raise _unusable(FOLDERS, folders, f"can't be read: {error.strerror}") from None
    if not any(HASHED.fullmatch(name) for name in names):
        raise _unusable(
            FOLDERS, folders, "has no certificate named by its hash, as `openssl rehash` names them"
        )


def _unusable(name: str, value: str, what: str) -> SettingError:
    remedy = f"{name} with the CA's certificates in PEM form, or none for the usual CAs"
    return SettingError(f"{name} is {quoted(value)}, which {what}", remedy)
